#pragma once

#include "domain/line_group.h"
#include "domain/placing.h"

namespace thaw {

/// What the held lines of one enrolment could still turn out to be (SPEC §2.6, docs/adr/0034): of
/// an amount that is in doubt all of it, of one that only differs the difference. Nothing here is
/// part of a total. Not thread-safe.
class HeldValue {
 public:
  explicit HeldValue(const PlacingWindow& window) : window_(window) {}

  /// A load that would count for so much; the difference between its amounts beside `counted`.
  void hold_load(Minor value);
  void hold_difference(const LineGroup& load, Minor counted);

  /// A withdrawal that may have been made; the difference between the amounts of one that was.
  void hold_withdrawal(Minor value);
  void hold_difference(const LineGroup& withdrawal);

  /// A record that confirms takes part in nothing, but its repeats with another amount are held.
  void hold_confirming(const LineGroup& record, const LineGroup& payment);

  /// A reversal or correction of that payment; null: its record is not there.
  void hold_naming(const LineGroup& naming, const LineGroup* payment);

  /// A line whose identity stands with another member, currency or class; not one that is excluded.
  void hold_conflict(const Line& line);

  /// Writes the bounds; what withdrawals come to says how much of them could return.
  void write(Totals& totals, Minor withdrawn_window, Minor withdrawn_grace) const;

 private:
  bool may_concern(const Line& line) const;
  void hold_named(const LineGroup& naming, const LineGroup& payment);
  void hold_settled(const LineGroup& naming, const LineGroup* payment);
  void hold_correction(const LineGroup& record);
  void hold_orphan(const Line& line, std::optional<Minor> amount);
  void could_return(const LineGroup& withdrawal, Minor value);

  const PlacingWindow& window_;
  Minor held_;
  Minor add_;
  Minor take_;
  Minor withdraw_;
  Minor return_window_;
  Minor return_grace_;
  Minor return_either_;
};

}  // namespace thaw
