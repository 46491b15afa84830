#include "domain/vocabulary.h"

#include <array>

#include "base/check.h"

namespace thaw {
namespace {

template <typename Enum, std::size_t N>
std::optional<Enum> find_named(const std::array<Enum, N>& all, std::string_view text) {
  for (const Enum value : all) {
    if (to_string(value) == text) return value;
  }
  return std::nullopt;
}

int rank(Placed placed) {
  if (is_rejected(placed)) return 8;
  if (is_excluded(placed)) return 7;
  if (is_held(placed)) return 5;
  if (placed == Placed::counted) return 0;
  if (placed == Placed::recovered) return 1;
  if (placed == Placed::applied) return 2;
  if (placed == Placed::confirmed) return 3;
  if (placed == Placed::duplicate) return 4;
  return 6;  // kept
}

}  // namespace

RailClass class_of(Rail rail) {
  switch (rail) {
    case Rail::debit_card:
    case Rail::apple_pay:
    case Rail::google_pay: return RailClass::card;
    case Rail::bpay:
    case Rail::bank_transfer:
    case Rail::npp: return RailClass::account;
  }
  CHECK(false);
}

bool is_excluded(Placed placed) {
  return placed >= Placed::excluded_not_a_load && placed <= Placed::excluded_reverted;
}
bool is_held(Placed placed) {
  return placed >= Placed::held_timing_uncertain && placed <= Placed::held_malformed_reference;
}
bool is_rejected(Placed placed) {
  return placed >= Placed::rejected_future;
}

bool is_better(Placed a, Placed b) {
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  return a < b;
}

std::string_view to_string(Rail rail) {
  switch (rail) {
    case Rail::debit_card: return "debit_card";
    case Rail::apple_pay: return "apple_pay";
    case Rail::google_pay: return "google_pay";
    case Rail::bpay: return "bpay";
    case Rail::bank_transfer: return "bank_transfer";
    case Rail::npp: return "npp";
  }
  CHECK(false);
}

std::string_view to_string(RailClass rail_class) {
  switch (rail_class) {
    case RailClass::card: return "card";
    case RailClass::account: return "account";
  }
  CHECK(false);
}

std::string_view to_string(LineKind kind) {
  switch (kind) {
    case LineKind::load: return "load";
    case LineKind::withdrawal: return "withdrawal";
    case LineKind::reversal: return "reversal";
    case LineKind::correction: return "correction";
  }
  CHECK(false);
}

std::string_view to_string(Path path) {
  switch (path) {
    case Path::webhook: return "webhook";
    case Path::file: return "file";
  }
  CHECK(false);
}

std::string_view to_string(WithdrawalPolicy policy) {
  switch (policy) {
    case WithdrawalPolicy::deduct: return "deduct";
    case WithdrawalPolicy::ignore: return "ignore";
    case WithdrawalPolicy::disqualify: return "disqualify";
  }
  CHECK(false);
}

std::string_view to_string(LatePolicy policy) {
  switch (policy) {
    case LatePolicy::review: return "review";
    case LatePolicy::auto_issue: return "auto_issue";
    case LatePolicy::ignore: return "ignore";
  }
  CHECK(false);
}

std::string_view to_string(CampaignStatus status) {
  switch (status) {
    case CampaignStatus::draft: return "draft";
    case CampaignStatus::published: return "published";
    case CampaignStatus::closed: return "closed";
  }
  CHECK(false);
}

std::string_view to_string(EnrolmentState state) {
  switch (state) {
    case EnrolmentState::active: return "active";
    case EnrolmentState::grace: return "grace";
    case EnrolmentState::awaiting_settlement: return "awaiting_settlement";
    case EnrolmentState::decided: return "decided";
    case EnrolmentState::cancelled: return "cancelled";
  }
  CHECK(false);
}

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::qualified: return "qualified";
    case Outcome::not_qualified: return "not_qualified";
    case Outcome::in_review: return "in_review";
  }
  CHECK(false);
}

std::string_view to_string(VerdictReason reason) {
  switch (reason) {
    case VerdictReason::disqualified_by_withdrawal: return "disqualified_by_withdrawal";
    case VerdictReason::held_items_could_flip: return "held_items_could_flip";
    case VerdictReason::below_threshold: return "below_threshold";
    case VerdictReason::qualified: return "qualified";
    case VerdictReason::settlement_incomplete: return "settlement_incomplete";
    case VerdictReason::too_many_lines: return "too_many_lines";
  }
  CHECK(false);
}

std::string_view to_string(CaseState state) {
  switch (state) {
    case CaseState::open: return "open";
    case CaseState::proposed: return "proposed";
    case CaseState::approved: return "approved";
    case CaseState::rejected: return "rejected";
    case CaseState::closed_by_itself: return "closed_by_itself";
  }
  CHECK(false);
}

std::string_view to_string(CaseKind kind) {
  switch (kind) {
    case CaseKind::approval: return "approval";
    case CaseKind::held_line: return "held_line";
    case CaseKind::file_missing: return "file_missing";
    case CaseKind::revision: return "revision";
    case CaseKind::too_many_lines: return "too_many_lines";
    case CaseKind::reward: return "reward";
    case CaseKind::malformed_reference: return "malformed_reference";
    case CaseKind::poison: return "poison";
    case CaseKind::record_gone: return "record_gone";
  }
  CHECK(false);
}

std::string_view to_string(RewardState state) {
  switch (state) {
    case RewardState::pending: return "pending";
    case RewardState::issued: return "issued";
    case RewardState::retrying: return "retrying";
    case RewardState::unknown: return "unknown";
    case RewardState::failed: return "failed";
    case RewardState::cancelled: return "cancelled";
    case RewardState::reversing: return "reversing";
    case RewardState::reversed: return "reversed";
    case RewardState::reversal_unknown: return "reversal_unknown";
    case RewardState::reversal_failed: return "reversal_failed";
  }
  CHECK(false);
}

std::string_view to_string(Placed placed) {
  switch (placed) {
    case Placed::counted: return "counted";
    case Placed::recovered: return "recovered";
    case Placed::confirmed: return "confirmed";
    case Placed::applied: return "applied";
    case Placed::duplicate: return "duplicate";
    case Placed::kept: return "kept";
    case Placed::excluded_not_a_load: return "excluded:not_a_load";
    case Placed::excluded_rail: return "excluded:rail";
    case Placed::excluded_before_window: return "excluded:before_window";
    case Placed::excluded_after_window: return "excluded:after_window";
    case Placed::excluded_currency: return "excluded:currency";
    case Placed::excluded_below_minimum: return "excluded:below_minimum";
    case Placed::excluded_late: return "excluded:late";
    case Placed::excluded_reversed: return "excluded:reversed";
    case Placed::excluded_reverted: return "excluded:reverted";
    case Placed::held_timing_uncertain: return "held:timing_uncertain";
    case Placed::held_amount_mismatch: return "held:amount_mismatch";
    case Placed::held_identity_conflict: return "held:identity_conflict";
    case Placed::held_possible_duplicate: return "held:possible_duplicate";
    case Placed::held_ambiguous_match: return "held:ambiguous_match";
    case Placed::held_over_reversal: return "held:over_reversal";
    case Placed::held_orphan_reversal: return "held:orphan_reversal";
    case Placed::held_malformed_reference: return "held:malformed_reference";
    case Placed::rejected_future: return "rejected:future";
    case Placed::rejected_unknown_type: return "rejected:unknown_type";
    case Placed::rejected_unknown_rail: return "rejected:unknown_rail";
    case Placed::rejected_amount: return "rejected:amount";
    case Placed::rejected_malformed: return "rejected:malformed";
  }
  CHECK(false);
}

std::optional<Rail> parse_rail(std::string_view text) {
  static constexpr std::array all{Rail::debit_card, Rail::apple_pay,     Rail::google_pay,
                                  Rail::bpay,       Rail::bank_transfer, Rail::npp};
  return find_named(all, text);
}

std::optional<LineKind> parse_line_kind(std::string_view text) {
  static constexpr std::array all{LineKind::load, LineKind::withdrawal, LineKind::reversal,
                                  LineKind::correction};
  return find_named(all, text);
}

std::optional<WithdrawalPolicy> parse_withdrawal_policy(std::string_view text) {
  static constexpr std::array all{WithdrawalPolicy::deduct, WithdrawalPolicy::ignore,
                                  WithdrawalPolicy::disqualify};
  return find_named(all, text);
}

std::optional<LatePolicy> parse_late_policy(std::string_view text) {
  static constexpr std::array all{LatePolicy::review, LatePolicy::auto_issue, LatePolicy::ignore};
  return find_named(all, text);
}

std::optional<EnrolmentState> parse_enrolment_state(std::string_view text) {
  static constexpr std::array all{EnrolmentState::active, EnrolmentState::grace,
                                  EnrolmentState::awaiting_settlement, EnrolmentState::decided,
                                  EnrolmentState::cancelled};
  return find_named(all, text);
}

std::optional<Outcome> parse_outcome(std::string_view text) {
  static constexpr std::array all{Outcome::qualified, Outcome::not_qualified, Outcome::in_review};
  return find_named(all, text);
}

std::optional<CaseState> parse_case_state(std::string_view text) {
  static constexpr std::array all{CaseState::open, CaseState::proposed, CaseState::approved,
                                  CaseState::rejected, CaseState::closed_by_itself};
  return find_named(all, text);
}

std::optional<CaseKind> parse_case_kind(std::string_view text) {
  static constexpr std::array all{CaseKind::approval,
                                  CaseKind::held_line,
                                  CaseKind::file_missing,
                                  CaseKind::revision,
                                  CaseKind::too_many_lines,
                                  CaseKind::reward,
                                  CaseKind::malformed_reference,
                                  CaseKind::poison,
                                  CaseKind::record_gone};
  return find_named(all, text);
}

std::optional<RewardState> parse_reward_state(std::string_view text) {
  static constexpr std::array all{RewardState::pending,          RewardState::issued,
                                  RewardState::retrying,         RewardState::unknown,
                                  RewardState::failed,           RewardState::cancelled,
                                  RewardState::reversing,        RewardState::reversed,
                                  RewardState::reversal_unknown, RewardState::reversal_failed};
  return find_named(all, text);
}

std::optional<Placed> parse_placed(std::string_view text) {
  for (int number = 0; number <= static_cast<int>(Placed::rejected_malformed); ++number) {
    if ((number > 5 && number < 10) || (number > 18 && number < 30) ||
        (number > 37 && number < 50)) {
      continue;
    }
    if (to_string(static_cast<Placed>(number)) == text) return static_cast<Placed>(number);
  }
  return std::nullopt;
}

}  // namespace thaw
