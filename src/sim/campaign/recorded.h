#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "application/ports/ledger.h"
#include "sim/workload/world.h"

namespace thaw {

/// A line as thaw has recorded it, found again by what its sender knows of it.
struct RecordedLine {
  Instant recorded_at;
  std::uint64_t sequence = 0;  // of the first log record that holds it
};

/// Names a line by its content alone, whoever writes it down.
std::string name_line(const audit::Line& sent);
std::string name_line(const Line& stored, const MemberId& member);

/// What the log says of the lines that were sent, and what is wrong with that.
struct Recorded {
  std::map<std::string, RecordedLine> lines;       // by name
  std::map<std::string, std::uint64_t> decisions;  // "{window}#{revision}" → sequence
  std::map<std::string, Instant> expired;          // kept too long, and gone (SPEC §2.2)
  std::map<std::string, std::string> outcomes;     // of rejected lines, and kept ones
  std::vector<std::string> unsent;                 // recorded, yet nobody sent it
};

/// Reads the whole log.
Recorded read_recorded(const std::vector<LogRecord>& log, const World& world);

/// Fills `recorded_at`, `sequence` and `claimed_at` of the world's history in, and leaves out what
/// never reached the log or is there twice to the letter.
audit::History make_history(const World& world, const Recorded& recorded,
                            const std::vector<LogRecord>& log);

}  // namespace thaw
