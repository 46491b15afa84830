#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/files.h"
#include "domain/rows.h"

namespace thaw {

/// What became of a command: the business outcomes of every door, one a cause. `to_string` is the
/// stable code of problem documents. The numbers are durable (idempotency answers): add at the end.
enum class ReplyCode : std::uint8_t {
  ok,
  created,
  repeated,           // the same was done before: the first answer
  awaiting_approval,  // a second person has to agree
  damaged_state,      // a stored row cannot be read: `thaw verify`
  too_large,
  invalid,
  future,        // stated time more than 5 min ahead of the clock
  too_far_back,  // enrolled_at more than 24 h back
  unknown_campaign,
  not_published,
  enrolment_not_open,
  not_in_segment,
  exclusion_group_taken,
  budget_exhausted,
  enrolment_conflict,  // enrolled before, with other content
  enrolment_cancelled,
  unknown_enrolment,
  already_decided,
  reference_taken,
  unknown_reference,
  unknown_provider,
  rejected_line,
  stale_timer,
  too_early,
  file_id_conflict,
  unknown_file,
  unknown_case,
  case_closed,
  same_person,
  unknown_reward,
  reward_exists,
  stale_attempt,
  unknown_dead_letter,
  idempotency_key_reuse,
  clock_moves_forward_only,
  draft_changed,  // since it was proposed to publish it
};

std::string_view to_string(ReplyCode code);

/// True for the codes that say the command was carried out, now or before.
bool is_success(ReplyCode code);

struct Reply {
  ReplyCode code = ReplyCode::ok;
  std::string detail;                  // for a person
  std::optional<Placed> placed;        // of a recorded line
  std::optional<Enrolment> enrolment;  // of enrol and cancel
  std::optional<Campaign> campaign;
  std::optional<SettlementFile> file;
  std::string case_id;     // where a case was opened or waits
  std::int64_t count = 0;  // how many a chain's step handled
  bool is_replay = false;  // the first answer to a repeated idempotency key; not stored
};
template <typename Archive>
void describe(Archive& ar, Reply& r) {
  ar(r.code, r.detail, r.placed, r.enrolment, r.campaign, r.file, r.case_id, r.count);
}

}  // namespace thaw
