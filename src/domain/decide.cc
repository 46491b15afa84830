#include "domain/decide.h"

#include "domain/campaigns.h"
#include "domain/clock_step.h"
#include "domain/deciding.h"
#include "domain/enrolling.h"
#include "domain/expiring.h"
#include "domain/filing.h"
#include "domain/kept_lines.h"
#include "domain/keys.h"
#include "domain/recording.h"
#include "domain/redriving.h"
#include "domain/resolving.h"
#include "domain/rewarding.h"

namespace thaw {
namespace {

WriteSet move_cursor(Work& work, const MoveCursor& command) {
  const std::string key = keys::consumer(command.consumer);
  const auto cursor = work.find<ConsumerCursor>(key).value_or(ConsumerCursor{});
  if (command.sequence <= cursor.sequence) return work.finish({.code = ReplyCode::repeated});
  work.put(key, ConsumerCursor{command.sequence});
  return work.finish({});
}

WriteSet pin_setting(Work& work, const PinSetting& command) {
  const auto pinned = work.find<PinSetting>(keys::pinned(command.name));
  if (!pinned) {
    work.put(keys::pinned(command.name), command);
    return work.finish({.code = ReplyCode::created});
  }
  if (pinned->value != command.value) return Work::refuse(ReplyCode::invalid, command.name);
  return work.finish({.code = ReplyCode::repeated});
}

/// One overload a command; the compiler names a missing one.
struct Decider {
  Work& work;
  const Command& command;

  WriteSet operator()(const DraftCampaign& c) const { return draft_campaign(work, c); }
  WriteSet operator()(const PublishCampaign& c) const { return publish_campaign(work, command, c); }
  WriteSet operator()(const CloseCampaign& c) const { return close_campaign(work, c); }
  WriteSet operator()(const ConfigureProvider& c) const { return configure_provider(work, c); }
  WriteSet operator()(const Enrol& c) const { return enrol(work, c); }
  WriteSet operator()(const CancelEnrolment& c) const { return cancel_enrolment(work, c); }
  WriteSet operator()(const ChangeReferences& c) const {
    return change_references(work, command, c);
  }
  WriteSet operator()(const RecordLine& c) const { return record_line(work, c); }
  WriteSet operator()(const SettleMember& c) const { return settle_member(work, c); }
  WriteSet operator()(const PlaceKept&) const { return place_kept_lines(work); }
  WriteSet operator()(const ExpireKept&) const { return expire_kept(work); }
  WriteSet operator()(const FireTimer& c) const { return fire_timer(work, c); }
  WriteSet operator()(const AcceptFile& c) const { return accept_file(work, c); }
  WriteSet operator()(const FinishFile& c) const { return finish_file(work, c); }
  WriteSet operator()(const RequestReward& c) const { return request_reward(work, c); }
  WriteSet operator()(const WithdrawReward& c) const { return withdraw_reward(work, c); }
  WriteSet operator()(const StartRewardAttempt& c) const { return start_attempt(work, c); }
  WriteSet operator()(const RecordRewardAnswer& c) const { return record_answer(work, c); }
  WriteSet operator()(const GiveUpReward& c) const { return give_up_reward(work, c); }
  WriteSet operator()(const SetFence& c) const { return set_fence(work, command, c); }
  WriteSet operator()(const PinSetting& c) const { return pin_setting(work, c); }
  WriteSet operator()(const HoldMember& c) const { return hold_member(work, c); }
  WriteSet operator()(const IssueAgain& c) const { return issue_again(work, c); }
  WriteSet operator()(const ReportGone& c) const { return report_gone(work, c); }
  WriteSet operator()(const NoteClock& c) const { return note_clock(work, c); }
  WriteSet operator()(const ReleaseClock& c) const { return release_clock(work, command, c); }
  WriteSet operator()(const SetAside& c) const { return set_aside(work, c); }
  WriteSet operator()(const RedriveDeadLetter& c) const { return redrive(work, command, c); }
  WriteSet operator()(const RedriveAll& c) const { return redrive_all(work, command, c); }
  WriteSet operator()(const MoveCursor& c) const { return move_cursor(work, c); }
  WriteSet operator()(const ResolveCase& c) const { return resolve_case(work, command, c); }
};

}  // namespace

WriteSet decide(const Command& command, StateView& view, Instant recorded_at) {
  Work work(view, recorded_at);
  std::string answer_key;
  if (command.idempotency) {
    answer_key =
        keys::answer(command.principal, command.idempotency->call, command.idempotency->key);
    if (const auto stored = work.find<StoredAnswer>(answer_key)) {
      if (stored->request_hash != command.idempotency->request_hash) {
        return Work::refuse(ReplyCode::idempotency_key_reuse);
      }
      WriteSet set;
      set.reply = stored->reply;
      set.reply.is_replay = true;
      return set;
    }
  }
  WriteSet set = std::visit(Decider{work, command}, command.body);
  if (command.idempotency && is_success(set.reply.code)) {
    set.rows.push_back(
        {answer_key,
         encode(StoredAnswer{command.idempotency->request_hash, set.reply, recorded_at}), 0});
  }
  return set;
}

}  // namespace thaw
