#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace thaw {

// The closed word lists of SPEC §1 and §2. The numbers are durable (rows, journal): never reuse
// one, add at the end. `to_string` gives the outside spelling, `parse_…` reads it back.

enum class Rail : std::uint8_t { debit_card, apple_pay, google_pay, bpay, bank_transfer, npp };
enum class RailClass : std::uint8_t { card, account };

/// What a line says happened.
enum class LineKind : std::uint8_t { load, withdrawal, reversal, correction };

/// How a line reached us.
enum class Path : std::uint8_t { webhook, file };

enum class WithdrawalPolicy : std::uint8_t { deduct, ignore, disqualify };
enum class LatePolicy : std::uint8_t { review, auto_issue, ignore };
enum class CampaignStatus : std::uint8_t { draft, published, closed };
enum class EnrolmentState : std::uint8_t { active, grace, awaiting_settlement, decided, cancelled };
enum class Outcome : std::uint8_t { qualified, not_qualified, in_review };

/// Why a verdict is what it is, in order of precedence (SPEC §2.6); the last two end a wait or a
/// set too large to judge by machine.
enum class VerdictReason : std::uint8_t {
  disqualified_by_withdrawal,
  held_items_could_flip,
  below_threshold,
  qualified,
  settlement_incomplete,
  too_many_lines,
};

/// The placement of a line (SPEC §2.4): every line has exactly one. Within excluded, held and
/// rejected the reasons stand in order of precedence.
enum class Placed : std::uint8_t {
  counted = 0,
  recovered = 1,
  confirmed = 2,
  applied = 3,
  duplicate = 4,
  kept = 5,
  excluded_not_a_load = 10,
  excluded_rail,
  excluded_before_window,
  excluded_after_window,
  excluded_currency,
  excluded_below_minimum,
  excluded_late,
  excluded_reversed,
  excluded_reverted,
  held_timing_uncertain = 30,
  held_amount_mismatch,
  held_identity_conflict,
  held_possible_duplicate,
  held_ambiguous_match,
  held_over_reversal,
  held_orphan_reversal,
  held_malformed_reference,
  rejected_future = 50,
  rejected_unknown_type,
  rejected_unknown_rail,
  rejected_amount,
  rejected_malformed,
};

/// A review case (SPEC §2.6): open, proposed by one person, then resolved for good.
enum class CaseState : std::uint8_t { open, proposed, approved, rejected, closed_by_itself };

enum class CaseKind : std::uint8_t {
  approval,      // a two-person action that waits for its second person
  held_line,     // a held line keeps an enrolment in review
  file_missing,  // an expected file has not come
  revision,      // a later record would flip a verdict
  too_many_lines,
  reward,  // a reward that a machine must not send on
  malformed_reference,
  poison,       // an item on which the process died three times
  record_gone,  // a later cumulative file lacks records of the one before
};

/// States of a reward (SPEC §2.7); the last five belong to a clawback.
enum class RewardState : std::uint8_t {
  pending,
  issued,
  retrying,
  unknown,
  failed,
  cancelled,
  reversing,
  reversed,
  reversal_unknown,
  reversal_failed,
};

RailClass class_of(Rail rail);
bool is_excluded(Placed placed);
bool is_held(Placed placed);
bool is_rejected(Placed placed);

/// True when `a` is the better outcome for a line with several enrolments: counted, recovered,
/// applied, confirmed, duplicate, held, excluded (SPEC §2.4, end); equal ranks keep the order of
/// reasons.
bool is_better(Placed a, Placed b);

std::string_view to_string(Rail rail);
std::string_view to_string(RailClass rail_class);
std::string_view to_string(LineKind kind);
std::string_view to_string(Path path);
std::string_view to_string(WithdrawalPolicy policy);
std::string_view to_string(LatePolicy policy);
std::string_view to_string(CampaignStatus status);
std::string_view to_string(EnrolmentState state);
std::string_view to_string(Outcome outcome);
std::string_view to_string(VerdictReason reason);
std::string_view to_string(CaseState state);
std::string_view to_string(CaseKind kind);
std::string_view to_string(RewardState state);
std::string_view to_string(Placed placed);  // "counted", "excluded:after_window", …

std::optional<Rail> parse_rail(std::string_view text);
std::optional<LineKind> parse_line_kind(std::string_view text);
std::optional<WithdrawalPolicy> parse_withdrawal_policy(std::string_view text);
std::optional<LatePolicy> parse_late_policy(std::string_view text);
std::optional<EnrolmentState> parse_enrolment_state(std::string_view text);
std::optional<Outcome> parse_outcome(std::string_view text);
std::optional<CaseState> parse_case_state(std::string_view text);
std::optional<CaseKind> parse_case_kind(std::string_view text);
std::optional<RewardState> parse_reward_state(std::string_view text);
std::optional<Placed> parse_placed(std::string_view text);

}  // namespace thaw
