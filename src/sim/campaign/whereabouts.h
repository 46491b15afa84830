#pragma once

#include <optional>
#include <vector>

#include "application/ports/ledger.h"
#include "sim/auditor/auditor.h"
#include "sim/campaign/recorded.h"

namespace thaw {

/// True if the line names that payment's record.
bool names(const audit::Line& naming, const audit::Line& payment);

/// When each line of a history could be looked at, and for how long: it was recorded and known
/// whose it is; it expired; it went to another member, who holds the record that it names.
class Whereabouts {
 public:
  /// Marks what is gone in the history.
  Whereabouts(audit::History& history, const Recorded& recorded, const std::vector<LogRecord>& log);

  /// True if it was there at the instant, with somebody.
  bool was_known(std::size_t line, Instant at) const;
  /// True if it was known before the cut-off, and still with the same member when the verdict fell.
  bool was_early(std::size_t line, Instant cut_off, Instant ruled_at) const;
  /// "known since", for a trace.
  std::string show(std::size_t line) const;

 private:
  using Instants = std::vector<std::optional<Instant>>;  // parallel to the history's lines

  void find_known(const audit::History& history);
  void find_moved(const audit::History& history);

  Instants known_at_;  // nothing also for what was gone by then
  Instants gone_at_;   // kept with somebody, and expired
  Instants moved_at_;
};

}  // namespace thaw
