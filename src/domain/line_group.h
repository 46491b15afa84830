#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "domain/line.h"

namespace thaw {

/// All lines of one identity (provider, kind, id): one payment, seen once or often. One of them is
/// the carrier, whose placement is the payment's own (SPEC §2.4, "By id"). Of a reversal or
/// correction a line whose named record is there carries before one whose is not.
struct LineGroup {
  std::vector<std::size_t> lines;  // indexes into the member's lines; the carrier first
  const Line* carrier = nullptr;
  bool has_webhook = false;
  bool is_confirmed = false;    // by a file line of the same id and amount, or by pairing
  std::optional<Minor> lowest;  // of the amounts stated; nothing: a reversal of all that is left
  std::optional<Minor> highest;
  std::optional<Minor> whole;             // of a reversal: what the record that it names states
  bool asks_for_all = false;              // a line of it states no amount, and nor does a record
  std::optional<Minor> amount;            // effective: after mismatch and the correction in force
  std::optional<Minor> uncorrected;       // after mismatch only
  std::optional<std::size_t> correction;  // group of the correction in force
  std::optional<std::size_t> target;      // of a reversal or correction: the group that it names
  std::optional<std::size_t> confirms;    // of a paired record: the group that it confirms
  bool is_named = false;                  // a reversal or correction names it
  bool is_ambiguous = false;
  bool is_possible_duplicate = false;
  Minor reversed;                   // taken back from it; of a reversal: what it took
  Placed placed = Placed::counted;  // of a reversal or correction: the same for every enrolment

  Minor net() const { return amount.value_or(Minor{}) - reversed; }
  /// A settlement record without a webhook of its own id.
  bool is_record() const { return !has_webhook; }
};

/// Groups the lines by identity; lines in conflict stand in no group. Sorted by identity.
std::vector<LineGroup> group_lines(std::span<const Line> lines);

/// Where a line that is not the carrier stands in its group.
Placed place_repeat(const Line& line, const LineGroup& group);

/// Finds what each reversal and correction names, and lets the corrections in force set amounts.
void apply_corrections(std::span<LineGroup> groups);

/// True if correction `a` stands over correction `b`: latest file, then file id, then line.
bool stands_over(const Line& a, const Line& b);

}  // namespace thaw
