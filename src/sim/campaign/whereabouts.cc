#include "sim/campaign/whereabouts.h"

#include <algorithm>

#include "sim/auditor/reading.h"

namespace thaw {
namespace {

/// When it was known whose the line is, by what it states itself: a line by reference waits for the
/// claim.
std::optional<Instant> known_by_itself(const audit::History& history, const audit::Line& line) {
  const audit::Reading reading = audit::read_line(history, line, true);
  if (!reading.rejection.empty()) return std::nullopt;  // it leaves no trace
  if (!line.member.empty()) return line.recorded_at;
  if (reading.claim == nullptr) return std::nullopt;
  return std::max(line.recorded_at, reading.claim->claimed_at);
}

std::string_view owner_of(const audit::History& history, const audit::Line& line) {
  return audit::read_line(history, line, true).owner;
}

}  // namespace

bool names(const audit::Line& naming, const audit::Line& payment) {
  if (naming.provider != payment.provider || naming.reverses != payment.txn_id) return false;
  const auto kinds = audit::named_kinds(naming);
  return std::ranges::find(kinds, payment.kind) != kinds.end();
}

Whereabouts::Whereabouts(audit::History& history, const Recorded& recorded,
                         const std::vector<LogRecord>& log) {
  find_known(history);
  find_moved(history);
  gone_at_.resize(history.lines.size());
  const auto is_enrolled = [&](const std::string& member, Instant before) {
    return std::ranges::any_of(history.enrolments, [&](const audit::Enrolment& enrolment) {
      const EnrolmentLife& life = recorded.lives.at(enrolment.window_id);
      const bool is_cancelled = life.cancelled && log[*life.cancelled - 1].recorded_at <=
                                                      before;  // often the same instant
      const bool was_created = log[life.created - 1].recorded_at < before;
      return enrolment.member == member && was_created && !is_cancelled;
    });
  };
  for (std::size_t i = 0; i < history.lines.size(); ++i) {
    const auto expired = recorded.expired.find(name_line(history.lines[i]));
    if (expired == recorded.expired.end()) continue;
    // One that was claimed, or whose holder was enrolled, should not have been there to expire.
    const auto& [at, holder] = expired->second;
    const bool was_claimed = known_at_[i] && *known_at_[i] < at;
    if (holder.empty() ? was_claimed : is_enrolled(holder, at)) continue;
    if (holder.empty()) {
      known_at_[i].reset();
    } else {
      gone_at_[i] = at;
      history.lines[i].is_gone = true;
    }
  }
}

/// One that names a record waits for that, too; whichever is first.
void Whereabouts::find_known(const audit::History& history) {
  for (const audit::Line& line : history.lines) {
    known_at_.push_back(known_by_itself(history, line));
  }
  for (std::size_t i = 0; i < known_at_.size(); ++i) {
    const audit::Line& line = history.lines[i];
    if (!line.member.empty()) continue;
    for (std::size_t named = 0; named < known_at_.size(); ++named) {
      if (!known_at_[named] || !names(line, history.lines[named])) continue;
      const Instant at = std::max(line.recorded_at, *known_at_[named]);
      known_at_[i] = known_at_[i] ? std::min(*known_at_[i], at) : at;
    }
  }
}

/// Its record's holder is whose record was recorded first.
void Whereabouts::find_moved(const audit::History& history) {
  moved_at_.resize(history.lines.size());
  for (std::size_t i = 0; i < moved_at_.size(); ++i) {
    const audit::Line& line = history.lines[i];
    if (line.reverses.empty() || !known_at_[i]) continue;
    const audit::Line* first = nullptr;
    for (std::size_t named = 0; named < moved_at_.size(); ++named) {
      const audit::Line& payment = history.lines[named];
      if (!known_at_[named] || !names(line, payment)) continue;
      if (first != nullptr && first->sequence < payment.sequence) continue;
      first = &payment;
      moved_at_[i] = std::max(*known_at_[i], *known_at_[named]);
    }
    if (first != nullptr && owner_of(history, *first) == owner_of(history, line)) {
      moved_at_[i].reset();
    }
  }
}

bool Whereabouts::was_known(std::size_t line, Instant at) const {
  const bool is_gone = gone_at_[line] && *gone_at_[line] <= at;
  return known_at_[line] && *known_at_[line] <= at && !is_gone;
}

bool Whereabouts::was_early(std::size_t line, Instant cut_off, Instant ruled_at) const {
  const auto& moved_at = moved_at_[line];
  const bool has_left = moved_at && *moved_at >= cut_off && *moved_at <= ruled_at;
  return was_known(line, ruled_at) && *known_at_[line] < cut_off && !has_left;
}

std::string Whereabouts::show(std::size_t line) const {
  return known_at_[line] ? "known " + to_rfc3339(*known_at_[line]) : "never known";
}

}  // namespace thaw
