#include "domain/reply.h"

#include "base/check.h"

namespace thaw {

std::string_view to_string(ReplyCode code) {
  switch (code) {
    case ReplyCode::ok: return "ok";
    case ReplyCode::created: return "created";
    case ReplyCode::repeated: return "repeated";
    case ReplyCode::awaiting_approval: return "awaiting_approval";
    case ReplyCode::damaged_state: return "damaged_state";
    case ReplyCode::too_large: return "too_large";
    case ReplyCode::invalid: return "invalid";
    case ReplyCode::future: return "future";
    case ReplyCode::too_far_back: return "too_far_back";
    case ReplyCode::unknown_campaign: return "unknown_campaign";
    case ReplyCode::not_published: return "not_published";
    case ReplyCode::enrolment_not_open: return "enrolment_not_open";
    case ReplyCode::not_in_segment: return "not_in_segment";
    case ReplyCode::exclusion_group_taken: return "exclusion_group_taken";
    case ReplyCode::budget_exhausted: return "budget_exhausted";
    case ReplyCode::enrolment_conflict: return "enrolment_conflict";
    case ReplyCode::enrolment_cancelled: return "enrolment_cancelled";
    case ReplyCode::unknown_enrolment: return "unknown_enrolment";
    case ReplyCode::already_decided: return "already_decided";
    case ReplyCode::reference_taken: return "reference_taken";
    case ReplyCode::unknown_reference: return "unknown_reference";
    case ReplyCode::unknown_provider: return "unknown_provider";
    case ReplyCode::rejected_line: return "rejected_line";
    case ReplyCode::stale_timer: return "stale_timer";
    case ReplyCode::too_early: return "too_early";
    case ReplyCode::file_id_conflict: return "file_id_conflict";
    case ReplyCode::unknown_file: return "unknown_file";
    case ReplyCode::unknown_case: return "unknown_case";
    case ReplyCode::case_closed: return "case_closed";
    case ReplyCode::same_person: return "same_person";
    case ReplyCode::unknown_reward: return "unknown_reward";
    case ReplyCode::reward_exists: return "reward_exists";
    case ReplyCode::stale_attempt: return "stale_attempt";
    case ReplyCode::unknown_dead_letter: return "unknown_dead_letter";
    case ReplyCode::idempotency_key_reuse: return "idempotency_key_reuse";
    case ReplyCode::clock_moves_forward_only: return "clock_moves_forward_only";
    case ReplyCode::draft_changed: return "draft_changed";
  }
  CHECK(false);
}

bool is_success(ReplyCode code) {
  return code == ReplyCode::ok || code == ReplyCode::created || code == ReplyCode::repeated ||
         code == ReplyCode::awaiting_approval;
}

}  // namespace thaw
