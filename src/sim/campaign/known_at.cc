#include "sim/campaign/known_at.h"

#include <algorithm>

#include "sim/auditor/reading.h"

namespace thaw {
namespace {

/// When it was known whose the line is, by what it states itself.
std::optional<Instant> known_by_itself(const audit::History& history, const audit::Line& line) {
  if (!line.member.empty()) return line.recorded_at;
  const audit::Reading reading = audit::read_line(history, line, true);
  if (reading.claim == nullptr) return std::nullopt;
  return std::max(line.recorded_at, reading.claim->claimed_at);
}

}  // namespace

bool names(const audit::Line& naming, const audit::Line& payment) {
  if (naming.reverses.empty()) return false;
  if (payment.kind != "load" && payment.kind != "withdrawal") return false;
  const bool is_its_kind = naming.reverses_kind.empty() || naming.reverses_kind == payment.kind;
  return is_its_kind && naming.provider == payment.provider && naming.reverses == payment.txn_id;
}

KnownAt find_known_at(const audit::History& history) {
  KnownAt known;
  for (const audit::Line& line : history.lines) known.push_back(known_by_itself(history, line));
  for (std::size_t i = 0; i < known.size(); ++i) {
    const audit::Line& line = history.lines[i];
    if (!line.member.empty()) continue;
    for (std::size_t named = 0; named < known.size(); ++named) {
      if (!known[named] || !names(line, history.lines[named])) continue;
      const Instant at = std::max(line.recorded_at, *known[named]);
      known[i] = known[i] ? std::min(*known[i], at) : at;
    }
  }
  return known;
}

}  // namespace thaw
