#include "adapters/loyalty/fault_plan.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "base/check.h"

namespace thaw {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr FaultKind kKinds[] = {FaultKind::none,          FaultKind::error,
                                FaultKind::error_after,   FaultKind::timeout_before,
                                FaultKind::timeout_after, FaultKind::drop_before,
                                FaultKind::drop_after,    FaultKind::unreadable_after};
constexpr std::string_view kCalls[] = {"issue", "find", "reverse", "list"};

std::optional<FaultKind> parse_kind(std::string_view text) {
  for (const FaultKind kind : kKinds) {
    if (kind != FaultKind::none && to_string(kind) == text) return kind;
  }
  return std::nullopt;
}

std::optional<SandboxCall> parse_call(std::string_view text) {
  for (std::size_t i = 0; i < std::size(kCalls); ++i) {
    if (kCalls[i] == text) return static_cast<SandboxCall>(i);
  }
  return std::nullopt;
}

std::optional<std::int64_t> whole_number(const element& value, std::int64_t low,
                                         std::int64_t high) {
  std::int64_t number = 0;
  if (value.get(number) != simdjson::SUCCESS || number < low || number > high) return std::nullopt;
  return number;
}

}  // namespace

std::string_view to_string(FaultKind kind) {
  switch (kind) {
    case FaultKind::none: return "none";
    case FaultKind::error: return "error";
    case FaultKind::error_after: return "error_after";
    case FaultKind::timeout_before: return "timeout_before";
    case FaultKind::timeout_after: return "timeout_after";
    case FaultKind::drop_before: return "drop_before";
    case FaultKind::drop_after: return "drop_after";
    case FaultKind::unreadable_after: return "unreadable_after";
  }
  CHECK(false);
}

/// Fills a plan field by field; false at the first that is not understood.
struct FaultPlan::Reader {
  FaultPlan& plan;

  bool read(std::string_view name, const element& value) {
    constexpr std::int64_t kHour = 3'600'000;
    if (name == "seed") {
      const auto seed = whole_number(value, 0, INT64_MAX);
      if (seed) plan.random_ = Random(static_cast<std::uint64_t>(*seed));
      return seed.has_value();
    }
    if (name == "delay_ms") return take(whole_number(value, 0, kHour), plan.delay_ms_);
    if (name == "timeout_ms") return take(whole_number(value, 1, kHour), plan.timeout_ms_);
    if (name == "forget_after_ms") {
      const auto length = whole_number(value, 0, 365LL * 24 * kHour);
      if (length) plan.forget_after_ = Duration{*length};
      return length.has_value();
    }
    if (name == "status" || name == "retry_after")
      return read_error(name, value, plan.usual_error_);
    if (name == "percent") return read_percents(value);
    if (name == "on") return read_covered(value);
    if (name == "next") return read_next(value);
    return false;
  }

  static bool take(std::optional<std::int64_t> number, std::int64_t& into) {
    if (number) into = *number;
    return number.has_value();
  }

  static bool read_error(std::string_view name, const element& value, Fault& fault) {
    if (name == "status") {
      const auto status = whole_number(value, 300, 599);
      if (status) fault.status = static_cast<int>(*status);
      return status.has_value();
    }
    fault.retry_after_s = whole_number(value, 0, 86'400);
    return fault.retry_after_s.has_value();
  }

  bool read_percents(const element& value) {
    object percents;
    if (value.get(percents) != simdjson::SUCCESS) return false;
    std::uint64_t sum = 0;
    for (const auto& [name, number] : percents) {
      const auto kind = parse_kind(name);
      const auto percent = whole_number(number, 0, 100);
      if (!kind || !percent) return false;
      plan.percent_[static_cast<std::size_t>(*kind)] = static_cast<std::uint64_t>(*percent);
      sum += static_cast<std::uint64_t>(*percent);
    }
    return sum <= 100;
  }

  bool read_covered(const element& value) {
    simdjson::dom::array calls;
    if (value.get(calls) != simdjson::SUCCESS) return false;
    plan.covered_ = {};
    for (const element item : calls) {
      std::string_view text;
      if (item.get(text) != simdjson::SUCCESS) return false;
      const auto call = parse_call(text);
      if (!call) return false;
      plan.covered_[static_cast<std::size_t>(*call)] = true;
    }
    return true;
  }

  bool read_next(const element& value) {
    simdjson::dom::array list;
    if (value.get(list) != simdjson::SUCCESS) return false;
    for (const element item : list) {
      object fields;
      if (item.get(fields) != simdjson::SUCCESS) return false;
      Next next;
      for (const auto& [name, field] : fields) {
        if (!read_next_field(name, field, next)) return false;
      }
      plan.next_.push_back(next);
    }
    return true;
  }

  static bool read_next_field(std::string_view name, const element& value, Next& next) {
    std::string_view text;
    if (name == "calls") return take(whole_number(value, 1, 1'000'000'000), next.calls);
    if (name == "status" || name == "retry_after") return read_error(name, value, next.fault);
    if (value.get(text) != simdjson::SUCCESS) return false;
    if (name == "on") {
      next.on = parse_call(text);
      return next.on.has_value();
    }
    const auto kind = text == "none" ? FaultKind::none : parse_kind(text);
    if (name != "fault" || !kind) return false;
    next.fault.kind = *kind;
    return true;
  }
};

Result<FaultPlan> FaultPlan::parse(std::string_view json) {
  simdjson::dom::parser parser;
  object fields;
  if (parser.parse(json.data(), json.size()).get(fields) != simdjson::SUCCESS) {
    return fail(ErrorCode::invalid, "the fault plan is not a JSON object");
  }
  FaultPlan plan;
  Reader reader{plan};
  for (const auto& [name, value] : fields) {
    if (!reader.read(name, value)) {
      return fail(ErrorCode::invalid,
                  fmt::format("field '{}' of the fault plan is not understood", name));
    }
  }
  plan.sent_ = simdjson::minify(fields);
  return plan;
}

Fault FaultPlan::draw(SandboxCall call) {
  const Fault fault = pick(call);
  ++drawn_[static_cast<std::size_t>(fault.kind)];
  return fault;
}

Fault FaultPlan::pick(SandboxCall call) {
  if (!covers(call)) return {};
  for (Next& next : next_) {
    if (next.calls == 0 || (next.on && *next.on != call)) continue;
    --next.calls;
    return next.fault;
  }
  std::uint64_t draw = random_.below(100);
  for (const FaultKind kind : kKinds) {
    const std::uint64_t percent = percent_[static_cast<std::size_t>(kind)];
    if (draw < percent) {
      Fault fault = usual_error_;
      fault.kind = kind;
      return fault;
    }
    draw -= percent;
  }
  return {};
}

std::string FaultPlan::to_json() const {
  std::string drawn;
  for (const FaultKind kind : kKinds) {
    if (!drawn.empty()) drawn += ',';
    drawn += fmt::format(R"("{}":{})", to_string(kind), drawn_[static_cast<std::size_t>(kind)]);
  }
  return fmt::format(R"({{"plan":{},"drawn":{{{}}}}})", sent_, drawn);
}

}  // namespace thaw
