#include "adapters/loyalty/sandbox.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <mutex>

#include "adapters/loyalty/fault_plan.h"
#include "adapters/loyalty/sandbox_json.h"
#include "adapters/loyalty/sandbox_store.h"
#include "adapters/loyalty/text_forms.h"
#include "base/check.h"

namespace thaw {
namespace {

constexpr std::int64_t kPageUsual = 100;
constexpr std::int64_t kPageMax = 1000;

HttpResponse make_json(int status, std::string body) {
  HttpResponse response{.status = status, .body = std::move(body)};
  response.headers.add("Content-Type", "application/json");
  return response;
}

HttpResponse make_problem(int status, std::string_view code, std::string_view detail) {
  HttpResponse response{.status = status};
  response.headers.add("Content-Type", "application/problem+json");
  response.body = fmt::format(R"({{"type":"about:blank","status":{},"code":"{}","detail":{}}})",
                              status, code, json_quote(detail));
  return response;
}

HttpResponse make_problem(const Error& error) {
  if (error.code == ErrorCode::invalid) return make_problem(400, "invalid", error.detail);
  return make_problem(500, "internal_error", error.detail);
}

std::string make_state_json(PointsState state, std::string_view reference, std::string_view key) {
  return fmt::format(R"({{"status":"{}","reference":{},"idempotencyKey":{}}})",
                     state == PointsState::issued ? "issued" : "reversed", json_quote(reference),
                     json_quote(key));
}

/// A non-negative number in the query, `usual` if absent; nothing if it is something else.
std::optional<std::int64_t> number_in(const HttpRequest& request, std::string_view name,
                                      std::int64_t usual) {
  const auto text = request.find_query(name);
  if (!text) return usual;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size() || number < 0) {
    return std::nullopt;
  }
  return number;
}

struct Page {
  std::int64_t cursor;
  std::int64_t limit;
};

std::optional<Page> page_of(const HttpRequest& request) {
  const auto cursor = number_in(request, "cursor", 0);
  const auto limit = number_in(request, "limit", kPageUsual);
  if (!cursor || !limit || *limit == 0) return std::nullopt;
  return Page{*cursor, std::min(*limit, kPageMax)};
}

}  // namespace

struct LoyaltySandbox::Implementation {
  LoyaltySandboxOptions options;
  std::unique_ptr<SandboxStore> store;
  FaultPlan faults;
  std::mutex mutex;  // store and faults

  HttpResponse route(const HttpRequest& request) {
    const auto& at = request.segments;
    const bool is_get = request.method == "GET";
    const bool is_post = request.method == "POST";
    if (at == std::vector<std::string>{"faults"} && is_post) return set_faults(request);
    if (at == std::vector<std::string>{"faults"} && is_get) return make_json(200, faults.to_json());
    if (at == std::vector<std::string>{"ledger"} && is_get) return ledger(request);
    if (at.empty() || at[0] != "points") return make_problem(404, "unknown_path", request.path);
    if (!may_call(request)) return make_problem(401, "unauthorized", "the API key is missing");
    if (at.size() == 1 && is_post) return with_faults(SandboxCall::issue, request);
    if (at.size() == 1 && is_get) return with_faults(SandboxCall::list, request);
    if (at.size() == 2 && is_get) return with_faults(SandboxCall::find, request);
    if (at.size() == 3 && at[2] == "reversal" && is_post) {
      return with_faults(SandboxCall::reverse, request);
    }
    return make_problem(at.size() > 3 ? 404 : 405, "unknown_call", request.path);
  }

  bool may_call(const HttpRequest& request) const {
    if (options.api_key.empty()) return true;
    return request.headers.find("authorization") == "Bearer " + options.api_key;
  }

  HttpResponse with_faults(SandboxCall call, const HttpRequest& request) {
    const Fault fault = faults.draw(call);
    HttpResponse response;
    switch (fault.kind) {
      case FaultKind::error: response = fail_by(fault); break;
      case FaultKind::timeout_before:
      case FaultKind::drop_before: response.drop = true; break;
      case FaultKind::none: response = carry_out(call, request); break;
      case FaultKind::error_after:
        carry_out(call, request);
        response = fail_by(fault);
        break;
      case FaultKind::timeout_after:
      case FaultKind::drop_after:
        carry_out(call, request);
        response.drop = true;
        break;
      case FaultKind::unreadable_after:
        carry_out(call, request);
        response = make_json(200, "<html>It works!</html>");
        break;
    }
    const bool is_timeout =
        fault.kind == FaultKind::timeout_before || fault.kind == FaultKind::timeout_after;
    response.delay_ms = is_timeout ? faults.timeout_ms() : faults.delay_ms(call);
    return response;
  }

  static HttpResponse fail_by(const Fault& fault) {
    HttpResponse response = make_problem(fault.status, "fault", "as the fault plan says");
    if (fault.retry_after_s) {
      response.headers.add("Retry-After", std::to_string(*fault.retry_after_s));
    }
    return response;
  }

  HttpResponse carry_out(SandboxCall call, const HttpRequest& request) {
    switch (call) {
      case SandboxCall::issue: return issue(request);
      case SandboxCall::find: return find(request.segments[1]);
      case SandboxCall::reverse: return reverse(request.segments[1]);
      case SandboxCall::list: return list(request);
    }
    CHECK(false);
  }

  Instant horizon() const {
    const auto age = faults.forget_after();
    return age ? options.now() - *age : Instant::min();
  }

  HttpResponse issue(const HttpRequest& request) {
    const auto asked = parse_issue_body(request.body);
    if (!asked) return make_problem(asked.error());
    if (request.headers.find("idempotency-key") != asked->idempotency_key) {
      return make_problem(400, "idempotency_key_mismatch", "header and body must agree");
    }
    const auto issued = store->issue(*asked, options.now(), horizon());
    if (!issued) return make_problem(issued.error());
    int status = 200;
    switch (issued->outcome) {
      case SandboxStore::IssueOutcome::created: status = 201; break;
      case SandboxStore::IssueOutcome::repeated: break;
      case SandboxStore::IssueOutcome::conflict:
        return make_problem(422, "idempotency_key_reuse", "the key was used with other content");
    }
    return make_json(
        status, make_state_json(PointsState::issued, issued->reference, asked->idempotency_key));
  }

  HttpResponse find(const std::string& key) {
    const auto found = store->find(key, horizon());
    if (!found) return make_problem(found.error());
    if (!*found) return make_problem(404, "unknown_key", "nothing was issued under this key");
    return make_json(200, make_entry_json(**found));
  }

  HttpResponse reverse(const std::string& key) {
    const auto reversed = store->reverse(key, options.now(), horizon());
    if (!reversed) return make_problem(reversed.error());
    if (!*reversed) return make_problem(404, "unknown_key", "nothing was issued under this key");
    return make_json(200, make_state_json(PointsState::reversed, (*reversed)->reference, key));
  }

  HttpResponse list(const HttpRequest& request) {
    const auto from = parse_rfc3339(request.find_query("from").value_or(""));
    const auto to = parse_rfc3339(request.find_query("to").value_or(""));
    const auto page = page_of(request);
    if (!from || !to || !page) {
      return make_problem(400, "invalid", "from and to are RFC 3339 instants, limit is 1 to 1000");
    }
    const auto entries = store->list(*from, *to, page->cursor, page->limit + 1);
    if (!entries) return make_problem(entries.error());
    std::string items;
    std::int64_t next = 0;
    std::int64_t count = 0;
    for (const auto& [number, entry] : *entries) {
      if (++count > page->limit) break;
      if (!items.empty()) items += ',';
      items += make_entry_json(entry);
      next = number;
    }
    const bool is_last = count <= page->limit;
    return make_json(200, fmt::format(R"({{"items":[{}],"next_cursor":{}}})", items,
                                      make_cursor_json(is_last ? 0 : next)));
  }

  HttpResponse ledger(const HttpRequest& request) {
    const auto page = page_of(request);
    if (!page) return make_problem(400, "invalid", "cursor and limit (1 to 1000) are numbers");
    auto movements = store->ledger(page->cursor, page->limit + 1);
    const auto totals = store->totals();
    if (!movements) return make_problem(movements.error());
    if (!totals) return make_problem(totals.error());
    std::int64_t next = 0;
    if (movements->size() > static_cast<std::size_t>(page->limit)) {
      movements->pop_back();
      next = movements->back().number;
    }
    return make_json(200, make_ledger_json(*totals, *movements, next));
  }

  HttpResponse set_faults(const HttpRequest& request) {
    auto plan = FaultPlan::parse(request.body);
    if (!plan) return make_problem(plan.error());
    faults = std::move(*plan);
    return make_json(200, faults.to_json());
  }
};

LoyaltySandbox::LoyaltySandbox(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {}

LoyaltySandbox::~LoyaltySandbox() = default;

Result<std::unique_ptr<LoyaltySandbox>> LoyaltySandbox::open(LoyaltySandboxOptions options) {
  CHECK(options.now != nullptr);
  auto store = SandboxStore::open(options.folder);
  if (!store) return fail_with(store);
  auto in = std::make_unique<Implementation>();
  in->options = std::move(options);
  in->store = std::move(*store);
  return std::unique_ptr<LoyaltySandbox>(new LoyaltySandbox(std::move(in)));
}

void LoyaltySandbox::handle(HttpRequest request, Reply reply) {
  HttpResponse response;
  {
    const std::lock_guard lock(implementation_->mutex);
    response = implementation_->route(request);
  }
  reply(std::move(response));
}

}  // namespace thaw
