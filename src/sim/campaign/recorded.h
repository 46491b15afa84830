#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "application/ports/ledger.h"
#include "domain/events.h"
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

/// The member in the key of one of its lines, "l/{member}…".
MemberId member_of_line_key(const std::string& key);

/// An enrolment as the log tells it.
struct EnrolmentLife {
  std::uint64_t created = 0;                                // sequences of the records that say so
  std::optional<std::uint64_t> cancelled;                   // the first
  bool has_ended_timer = true;                              // in the record that cancelled it
  std::vector<std::pair<std::uint64_t, EventType>> events;  // of its window, about no line
};

/// A line that was kept too long and let go.
struct ExpiredLine {
  Instant at;
  std::string holder;  // the member with whom it was kept; empty: under a reference
};

/// What the log says of the lines that were sent, and what is wrong with that.
struct Recorded {
  std::map<std::string, RecordedLine> lines;       // by name
  std::map<std::string, std::uint64_t> decisions;  // "{window}#{revision}" → sequence
  std::map<std::string, ExpiredLine> expired;      // kept too long, and gone (SPEC §2.2)
  std::map<std::string, EnrolmentLife> lives;      // by window id
  // By campaign: the record that published its second version.
  std::map<std::string, std::uint64_t> successors;
  std::map<std::string, std::string> outcomes;  // of rejected lines, and kept ones
  std::vector<std::string> unsent;              // recorded, yet nobody sent it
};

/// True if the enrolment was received once the second version of its campaign was published.
bool is_under_successor(const Recorded& recorded, const std::string& campaign,
                        const std::string& window);

/// Reads the whole log.
Recorded read_recorded(const std::vector<LogRecord>& log, const World& world);

/// Fills in of the world's history `recorded_at` and `sequence` of lines, `claimed_at` of claims,
/// and of enrolments `is_cancelled` and the rules that were published by then; leaves out what
/// never reached the log or is there twice to the letter.
audit::History make_history(const World& world, const Recorded& recorded,
                            const std::vector<LogRecord>& log);

}  // namespace thaw
