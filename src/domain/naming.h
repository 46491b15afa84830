#pragma once

#include <optional>
#include <string>

#include "domain/line.h"
#include "domain/state.h"

namespace thaw {

// Reversals and corrections name a record of their provider, and belong to whoever holds that,
// whatever member or reference they state. One that comes before its record is listed here, so
// that it goes over to the holder once the record comes: both orders end alike (SPEC §2.3, §2.4).

/// A line that waits for the record which it names; its own key is in the key of this row.
struct WaitingLine {
  MemberId member;       // with whom it stands meanwhile; empty: kept under a reference
  std::string line_key;  // of its row there
  Line line;
};
template <typename Archive>
void describe(Archive& ar, WaitingLine& w) {
  ar(w.member, w.line_key, w.line);
}

/// A record that has come while lines waited for it.
struct FoundOriginal {
  ProviderId provider;
  std::string txn_id;
  Instant found_at;
};
template <typename Archive>
void describe(Archive& ar, FoundOriginal& f) {
  ar(f.provider, f.txn_id, f.found_at);
}

/// The record that the line names, with its holder; nothing if it names none or it is not known
/// (yet).
std::optional<Identity> find_named(Work& work, const Line& line);

/// True if no record that may still come can change whose the line is.
bool has_final_holder(Work& work, const Line& line);

/// Lists a line that has just been stored as waiting, unless its holder is final.
void await_original(Work& work, const Line& line, const MemberId& member,
                    const std::string& line_key);

/// Takes a line off the list, if it is there: it has gone or moved.
void stop_waiting(Work& work, const Line& line, const std::string& line_key);

/// Marks a record that lines wait for as found: `place_kept_lines` does the rest.
void announce_original(Work& work, const Line& original);

}  // namespace thaw
