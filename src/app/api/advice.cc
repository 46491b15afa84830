#include "app/api/advice.h"

#include "base/check.h"

namespace thaw::api {

std::string_view advise(ReplyCode code) {
  switch (code) {
    case ReplyCode::ok:
    case ReplyCode::created:
    case ReplyCode::repeated:
    case ReplyCode::awaiting_approval: return "";
    case ReplyCode::damaged_state: return "a stored row cannot be read: run `thaw verify`";
    case ReplyCode::too_large: return "send less at once";
    case ReplyCode::invalid: return "the request is not valid";
    case ReplyCode::future: return "the time is more than 5 minutes from now: send the true one";
    case ReplyCode::too_far_back:
      return "enrolled_at is more than 24 hours ago: leave it out to enrol as of now";
    case ReplyCode::unknown_campaign: return "no such campaign: draft it with PUT first";
    case ReplyCode::not_published: return "the campaign is only drafted: publish it first";
    case ReplyCode::enrolment_not_open:
      return "the campaign takes no enrolments now: see its status, enrolment_opens_at and "
             "enrolment_closes_at";
    case ReplyCode::not_in_segment: return "the campaign is for the members of its segment only";
    case ReplyCode::exclusion_group_taken:
      return "the member is enrolled in another campaign of the same exclusion group";
    case ReplyCode::budget_exhausted:
      return "all points of the campaign's budget are promised: publish a version with a higher "
             "budget_points";
    case ReplyCode::enrolment_conflict: return "the member was enrolled with other content";
    case ReplyCode::enrolment_cancelled:
      return "this enrolment was cancelled, and a member enrols once in a campaign";
    case ReplyCode::unknown_enrolment: return "no such enrolment: see the window_id";
    case ReplyCode::already_decided: return "the enrolment has its decision and stays";
    case ReplyCode::reference_taken:
      return "another claim of this reference overlaps: end it first";
    case ReplyCode::unknown_reference: return "the member has no such claim to end";
    case ReplyCode::unknown_provider: return "no such provider is configured";
    case ReplyCode::rejected_line: return "the line was refused for its content";
    case ReplyCode::stale_timer: return "the timer fired before, or for what has changed since";
    case ReplyCode::too_early: return "it is not due yet: try later";
    case ReplyCode::file_id_conflict:
      return "this provider sent another file under this id: give the new one an id of its own";
    case ReplyCode::unknown_file: return "no such file: see the file_id";
    case ReplyCode::unknown_case: return "no such case: see GET /v1/cases";
    case ReplyCode::case_closed: return "the case is closed: nothing is left to say";
    case ReplyCode::same_person: return "a second person has to agree";
    case ReplyCode::unknown_reward: return "no reward is due for this window";
    case ReplyCode::reward_exists: return "this window's reward is recorded, or not due";
    case ReplyCode::stale_attempt: return "the attempt is not the last one, or has its result";
    case ReplyCode::unknown_dead_letter: return "no such dead letter: see GET /v1/dead-letters";
    case ReplyCode::idempotency_key_reuse:
      return "this Idempotency-Key came with another request: make a new key for each";
    case ReplyCode::clock_moves_forward_only: return "state a time that is not before the clock's";
    case ReplyCode::draft_changed: return "the draft is not the one that was proposed";
  }
  CHECK(false);
}

}  // namespace thaw::api
