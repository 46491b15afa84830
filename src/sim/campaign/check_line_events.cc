#include "sim/campaign/check_line_events.h"

#include <fmt/format.h>

#include "sim/campaign/recorded.h"

namespace thaw {
namespace {

/// Read from SPEC, not from the domain's own class of events.
bool is_settled_load(const LineRow& row) {
  const bool is_delayed = row.line.rail && class_of(*row.line.rail) == RailClass::account;
  return row.line.kind == LineKind::load && row.line.file && is_delayed &&
         row.outcome == Placed::counted;
}

class LineEventCheck {
 public:
  explicit LineEventCheck(const Complain& complain) : complain_(complain) {}

  void read(const LogRecord& record) {
    std::map<std::string, LineRow> rows;  // that this record writes: an event is about one of them
    for (const RowWrite& write : record.rows) {
      if (!write.key.starts_with("l/") || !write.value) continue;
      const auto row = decode<LineRow>(*write.value);
      if (!row) continue;
      if (is_settled_load(*row)) settled_.try_emplace(write.key, row->line);
      rows.emplace(write.key, *row);
    }
    for (const Event& event : record.events) {
      const auto* facts = std::get_if<LineEventFacts>(&event.facts);
      if (!facts) continue;
      const auto row = rows.find(facts->line_key);
      const bool is_so = row != rows.end() && is_settled_load(row->second) &&
                         facts->outcome == Placed::counted &&
                         event.member == member_of_line_key(facts->line_key);
      // One that was held first is told as released, with what has come of it.
      if (is_so && event.type == EventType::load_released) ++told_[facts->line_key];
      if (event.type != EventType::load_settled) continue;
      ++told_[facts->line_key];
      if (!is_so) complain_("told as settled, which it is not: " + facts->line_key);
    }
  }

  void check() {
    for (const auto& [key, line] : settled_) {
      if (is_told_enough(told_[key])) continue;
      complain_(fmt::format("{}: a delayed load that counts, told as settled {} times",
                            name_line(line, member_of_line_key(key)), told_[key]));
    }
  }

 private:
  /// Once the domain tells a settlement once only, whatever comes later: `told == 1`.
  static bool is_told_enough(std::int64_t told) { return told >= 1; }

  const Complain& complain_;
  std::map<std::string, Line> settled_;       // by row key
  std::map<std::string, std::int64_t> told_;  // likewise
};

}  // namespace

void check_line_events(const std::vector<LogRecord>& log, const Complain& complain) {
  LineEventCheck check(complain);
  for (const LogRecord& record : log) check.read(record);
  check.check();
}

}  // namespace thaw
