#include "domain/events.h"

#include "base/check.h"

namespace thaw {

std::string_view to_string(EventType type) {
  switch (type) {
    case EventType::enrolment_created: return "EnrolmentCreated";
    case EventType::enrolment_cancelled: return "EnrolmentCancelled";
    case EventType::reference_claimed: return "ReferenceClaimed";
    case EventType::load_recorded: return "LoadRecorded";
    case EventType::load_settled: return "LoadSettled";
    case EventType::load_confirmed: return "LoadConfirmed";
    case EventType::load_held: return "LoadHeld";
    case EventType::load_released: return "LoadReleased";
    case EventType::load_reversed: return "LoadReversed";
    case EventType::withdrawal_recorded: return "WithdrawalRecorded";
    case EventType::withdrawal_reversed: return "WithdrawalReversed";
    case EventType::window_ended: return "WindowEnded";
    case EventType::settlement_awaited: return "SettlementAwaited";
    case EventType::eligibility_decided: return "EligibilityDecided";
    case EventType::eligibility_revised: return "EligibilityRevised";
    case EventType::reward_requested: return "RewardRequested";
    case EventType::reward_attempt_started: return "RewardAttemptStarted";
    case EventType::reward_issued: return "RewardIssued";
    case EventType::reward_failed: return "RewardFailed";
    case EventType::reward_outcome_unknown: return "RewardOutcomeUnknown";
    case EventType::reward_reversed: return "RewardReversed";
    case EventType::file_accepted: return "FileAccepted";
    case EventType::file_applied: return "FileApplied";
    case EventType::file_reverted: return "FileReverted";
    case EventType::case_opened: return "CaseOpened";
    case EventType::case_resolved: return "CaseResolved";
    case EventType::campaign_published: return "CampaignPublished";
    case EventType::line_rejected: return "LineRejected";
    case EventType::line_repeated: return "LineRepeated";
    case EventType::line_expired: return "LineExpired";
    case EventType::line_moved: return "LineMoved";
  }
  CHECK(false);
}

}  // namespace thaw
