#include "domain/line_events.h"

namespace thaw {
namespace {

bool is_take_back(const Line& line) {
  return line.kind == LineKind::reversal || line.kind == LineKind::correction;
}

EventType type_of(const LineRow& row, const LineRow* before) {
  const Line& line = row.line;
  if (is_held(row.outcome)) return EventType::load_held;
  if (before && is_held(before->outcome)) return EventType::load_released;
  if (row.outcome == Placed::confirmed) return EventType::load_confirmed;
  if (line.kind == LineKind::withdrawal) {
    return row.outcome == Placed::excluded_reversed ? EventType::withdrawal_reversed
                                                    : EventType::withdrawal_recorded;
  }
  if (is_take_back(line)) {
    const bool of_withdrawal = line.original && line.original->kind == LineKind::withdrawal;
    return of_withdrawal ? EventType::withdrawal_reversed : EventType::load_reversed;
  }
  if (row.outcome == Placed::excluded_reversed) return EventType::load_reversed;
  const bool is_delayed = line.rail && class_of(*line.rail) == RailClass::account;
  if (line.path == Path::file && is_delayed && row.outcome == Placed::counted) {
    return EventType::load_settled;
  }
  return EventType::load_recorded;
}

}  // namespace

void emit_line_event(Work& work, const MemberId& member, const std::string& key, const LineRow& row,
                     const LineRow* before) {
  const Placed stood = before ? before->outcome : row.outcome;
  work.emit({type_of(row, before), member, {}, LineEventFacts{key, {}, row.outcome, stood}});
}

}  // namespace thaw
