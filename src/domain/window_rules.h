#pragma once

#include <optional>

#include "domain/line_group.h"
#include "domain/placing.h"

namespace thaw {

/// Where a time lies against `[from, until)`.
enum class Overlap { before, partly, inside, after };
Overlap overlap_of(const LineTime& time, Instant from, Instant until);

/// Why a payment does not count for an enrolment by its own facts (rail, time, currency, minimum; a
/// withdrawal needs neither rail nor minimum), or nothing. What other lines do to it (reversed,
/// late, held) is not looked at. `amount` is the effective one.
std::optional<Placed> find_exclusion(const Line& payment, std::optional<Minor> amount,
                                     const PlacingWindow& window);

/// True if only part of a time known by a settlement date alone lies in the window.
bool is_timing_uncertain(const Line& load, const PlacingWindow& window);

/// A load made in grace sets off withdrawals made in grace, whatever its rail (docs/adr/0021).
bool is_made_in_grace(const Line& load, const PlacingWindow& window);

/// The part of an enrolment that a withdrawal falls into.
enum class WithdrawalPart { before, window, grace, uncertain, after };
WithdrawalPart part_of_withdrawal(const Line& withdrawal, const PlacingWindow& window);

/// What a load of that net amount adds: at most the campaign's cap.
Minor cap_load(Minor net, const CampaignRules& rules);

}  // namespace thaw
