// What comes in at the door: each message, and whether its answer was right.

#include <fmt/format.h>

#include "domain/keys.h"
#include "sim/campaign/admission.h"
#include "sim/campaign/campaign_run.h"
#include "sim/campaign/partner_watch.h"
#include "sim/workload/rendering.h"

namespace thaw {

bool CampaignRun::hand_over(std::size_t index) {
  struct Hand {
    CampaignRun& run;
    std::size_t index;
    bool operator()(const EnrolCall& call) const { return run.hand_over_enrolment(index, call); }
    bool operator()(const ClaimCall& call) const { return run.hand_over_claim(index, call); }
    bool operator()(const EndClaimCall& call) const {
      return run.hand_over_command(index, to_command(run.world_, call)).has_value();
    }
    bool operator()(const CancelCall& call) const {
      return run.hand_over_command(index, to_command(run.world_, call)).has_value();
    }
    bool operator()(const HoldCall& call) const { return run.hand_over_hold(index, call); }
    bool operator()(const PublishCall& call) const { return run.hand_over_publish(call); }
    bool operator()(const WebhookCall& call) const { return run.hand_over_webhook(call); }
    bool operator()(const FileCall& call) const { return run.hand_over_file(call); }
  };
  return std::visit(Hand{*this, index}, world_.messages[index].body);
}

/// Nothing: the process died first.
std::optional<Reply> CampaignRun::hand_over_command(std::size_t index, Command command) {
  const std::uint64_t id = world_.messages[index].id;
  if (!try_other_body(index)) return std::nullopt;
  command.idempotency = KeyedAnswers::key_of(id);
  const auto reply = node_->call(command);
  if (!reply) return std::nullopt;
  answers_[index] = reply->code;
  if (reply->is_replay) note("answer replayed under its key");
  const std::string fault = keyed_answers_.take(id, *reply, clock_.now);
  if (!fault.empty()) complain(fault);
  return *reply;
}

/// The key of a message that was answered, on a body that would put somebody's rewards on hold.
bool CampaignRun::try_other_body(std::size_t index) {
  const std::uint64_t id = world_.messages[index].id;
  if (!keyed_answers_.was_done(id) || !KeyedAnswers::is_misused(id)) return true;
  Command other{HoldMember{MemberId("M0"), true, "never asked"}, "outside", false, {}};
  other.idempotency = KeyedAnswers::key_of(id);
  other.idempotency->request_hash = "another body";
  const auto reply = node_->call(other);
  if (!reply) return false;
  note("key with another body refused");
  if (reply->code == ReplyCode::idempotency_key_reuse) return true;
  complain(fmt::format("message {}: another body under its key is {}", id, to_string(reply->code)));
  return true;
}

bool CampaignRun::hand_over_claim(std::size_t index, const ClaimCall& call) {
  const std::optional<ReplyCode> before = answers_[index];
  if (!hand_over_command(index, to_command(world_, call))) return false;
  if (is_success(*answers_[index])) return true;
  const audit::Claim& claim = world_.history.claims[call.claim];
  const bool is_ended = claim.until != Instant::max() && !claim.is_end_stated;
  if (before && is_success(*before) && is_ended) {  // it would be another claim, which goes on
    answers_[index] = before;
    return true;
  }
  complain("a claim was refused: " + std::string(to_string(*answers_[index])));
  return true;
}

bool CampaignRun::hand_over_enrolment(std::size_t index, const EnrolCall& call) {
  const audit::Enrolment& enrolment = world_.history.enrolments[call.enrolment];
  const std::set<std::string> excuses = find_excuses(call);  // as things stand before it
  const auto reply = hand_over_command(index, to_command(world_, call));
  if (!reply) return false;
  if (reply->is_replay) return true;  // whatever has come of it since
  const ReplyCode answer = reply->code;
  const std::string breach = find_admission_breach(*store_, world_, call, answer,
                                                   [this](const char* point) { note(point); });
  if (!breach.empty()) complain(enrolment.window_id + ": " + breach);
  if (is_success(answer) && count_references(enrolment.member) < call.claims.size()) {
    complain(enrolment.window_id + ": acknowledged without the references that it names");
  }
  if (!is_success(answer) && !excuses.contains(std::string(to_string(answer)))) {
    complain(fmt::format("{}: refused as {}", enrolment.window_id, to_string(answer)));
  }
  return true;
}

bool CampaignRun::hand_over_hold(std::size_t index, const HoldCall& call) {
  const bool is_lift = !call.on_hold && is_held(call.member);
  if (is_lift && has_reward_waiting(*store_, MemberId(call.member))) {
    note("hold lifted from a reward that waited");
  }
  // Without a key: of one repeated after a crash nobody could say whether it was before another.
  const auto reply = node_->call(to_command(world_, call));
  if (!reply) return false;
  answers_[index] = reply->code;
  held_[call.member] = call.on_hold;
  return true;
}

/// Whoever publishes looks first whether that is done.
bool CampaignRun::hand_over_publish(const PublishCall& call) {
  const CampaignRules& rules = world_.successors[call.successor];
  if (find_published_version(*store_, rules.id) >= rules.version) return true;
  for (CommandBody body :
       {CommandBody(DraftCampaign{rules}), CommandBody(PublishCampaign{rules.id, {}})}) {
    const auto reply = node_->call({std::move(body), "outside", false, {}});
    if (!reply) return false;
    if (!is_success(reply->code)) {
      complain(fmt::format("{}: not published, {}", rules.id.text(), to_string(reply->code)));
    }
  }
  note("second version published");
  return true;
}

std::size_t CampaignRun::count_references(const std::string& member) {
  std::size_t count = 0;
  store_->read([&](StateView& view) {
    const auto row = view.find(keys::member(MemberId(member)));
    if (row) count = decode<Member>(row->bytes).value_or(Member{}).references.size();
  });
  return count;
}

/// The codes with which this enrolment may be refused now; of budget and group see admission.h.
std::set<std::string> CampaignRun::find_excuses(const EnrolCall& call) {
  constexpr Duration kTooFarBack = Duration::hours(24);
  constexpr Duration kAhead = Duration::hours(4);  // that far may the clock have stepped, and back
  const audit::Enrolment& enrolment = world_.history.enrolments[call.enrolment];
  const CampaignRules& rules = world_.campaigns[enrolment.rules];
  Member member;
  store_->read([&](StateView& view) {
    const auto row = view.find(keys::member(MemberId(enrolment.member)));
    if (row) member = decode<Member>(row->bytes).value_or(Member{});
  });
  for (const Enrolment& other : member.enrolments) {
    if (other.campaign != rules.id) continue;
    const bool is_cancelled = other.state == EnrolmentState::cancelled;
    return {is_cancelled ? "enrolment_cancelled" : "enrolment_conflict"};
  }
  std::set<std::string> excuses = {"budget_exhausted", "exclusion_group_taken"};
  if (clock_.now + kAhead > enrolment.enrolled_at + kTooFarBack) excuses.insert("too_far_back");
  return excuses;
}

bool CampaignRun::hand_over_webhook(const WebhookCall& call) {
  bool is_answered = true;
  const auto replies = node_->call_all(to_commands(world_, call));
  for (std::size_t i = 0; i < replies.size(); ++i) {
    const auto& reply = replies[i];
    is_answered = is_answered && reply.has_value();
    if (!reply) continue;
    const auto outcome = reply->placed ? to_string(*reply->placed) : to_string(reply->code);
    told_.push_back({call.lines[i], std::string(outcome), clock_.now});
  }
  return is_answered;
}

bool CampaignRun::hand_over_file(const FileCall& call) {
  const auto imported = node_->upload(call.provider, to_csv(world_, call));
  if (!imported && store_->is_down()) note("died while a file was applied");
  if (imported && std::holds_alternative<ImportRefusal>(*imported)) {
    complain(call.file_id + " was refused: " + std::get<ImportRefusal>(*imported).fault.detail);
  }
  return imported.has_value();
}

}  // namespace thaw
