// What comes in at the door: each message, and whether its answer was right.

#include <fmt/format.h>

#include "domain/keys.h"
#include "sim/campaign/campaign_run.h"
#include "sim/workload/rendering.h"

namespace thaw {

bool CampaignRun::hand_over(const Message& message) {
  struct Hand {
    CampaignRun& run;
    bool operator()(const EnrolCall& call) const { return run.hand_over_enrolment(call); }
    bool operator()(const CancelCall& call) const { return run.hand_over_cancel(call); }
    bool operator()(const ClaimCall& call) const {
      const auto reply = run.node_->call(to_command(run.world_, call));
      if (reply && !is_success(reply->code)) {
        run.complain("a claim was refused: " + std::string(to_string(reply->code)));
      }
      return reply.has_value();
    }
    bool operator()(const WebhookCall& call) const { return run.hand_over_webhook(call); }
    bool operator()(const FileCall& call) const { return run.hand_over_file(call); }
  };
  return std::visit(Hand{*this}, message.body);
}

bool CampaignRun::hand_over_enrolment(const EnrolCall& call) {
  const std::string& window = world_.history.enrolments[call.enrolment].window_id;
  const std::set<std::string> excuses = find_excuses(call);  // as things stand before it
  const auto reply = node_->call(to_command(world_, call));
  if (!reply) return false;
  const std::string code(to_string(reply->code));
  if (is_success(reply->code)) {
    const bool is_beyond =
        excuses.contains("budget_exhausted") || excuses.contains("exclusion_group_taken");
    if (reply->code == ReplyCode::created && is_beyond) {
      complain(window + ": admitted beyond the budget, or beside another of its group");
    }
    if (count_references(world_.history.enrolments[call.enrolment].member) < call.claims.size()) {
      complain(window + ": acknowledged without the references that it names");
    }
    answers_[window] = Answer::enrolled;
    return true;
  }
  if (!excuses.contains(code)) complain(fmt::format("{}: refused as {}", window, code));
  if (reply->code != ReplyCode::enrolment_cancelled) answers_.erase(window);
  if (reply->code == ReplyCode::budget_exhausted) note("enrolment beyond the budget");
  if (reply->code == ReplyCode::exclusion_group_taken)
    note("enrolment beside another of its group");
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

/// The codes with which this enrolment may be refused now.
std::set<std::string> CampaignRun::find_excuses(const EnrolCall& call) {
  constexpr Duration kTooFarBack = Duration::hours(24);
  constexpr Duration kAhead = Duration::hours(4);  // that far may the clock have stepped, and back
  const audit::Enrolment& enrolment = world_.history.enrolments[call.enrolment];
  const CampaignRules& rules = world_.campaigns[enrolment.rules];
  Member member;
  CampaignBudget budget;
  store_->read([&](StateView& view) {
    const auto row = view.find(keys::member(MemberId(enrolment.member)));
    if (row) member = decode<Member>(row->bytes).value_or(Member{});
    const auto reserved = view.find(keys::campaign_budget(rules.id));
    if (reserved) budget = decode<CampaignBudget>(reserved->bytes).value_or(CampaignBudget{});
  });
  std::set<std::string> excuses;
  for (const Enrolment& other : member.enrolments) {
    const bool is_cancelled = other.state == EnrolmentState::cancelled;
    if (other.campaign == rules.id && !is_cancelled) return {};
    if (other.campaign == rules.id) return {"enrolment_cancelled"};
    if (!is_cancelled && !rules.exclusion_group.empty()) excuses.insert("exclusion_group_taken");
  }
  if (clock_.now + kAhead > enrolment.enrolled_at + kTooFarBack) excuses.insert("too_far_back");
  if (rules.budget_points && budget.reserved_points + rules.points > *rules.budget_points) {
    excuses.insert("budget_exhausted");
  }
  return excuses;
}

/// After a restore: what was said since is said anew.
void CampaignRun::read_answers() {
  answers_.clear();
  store_->read([&](StateView& view) {
    for (const auto& [key, row] : view.scan("m/", SIZE_MAX)) {
      const auto member = decode<Member>(row.bytes);
      if (!member) continue;
      for (const Enrolment& e : member->enrolments) {
        const bool is_cancelled = e.state == EnrolmentState::cancelled;
        answers_[e.id.text()] = is_cancelled ? Answer::cancelled : Answer::enrolled;
      }
    }
  });
}

bool CampaignRun::hand_over_cancel(const CancelCall& call) {
  const std::string& window = world_.history.enrolments[call.enrolment].window_id;
  const auto reply = node_->call(to_command(world_, call));
  if (reply && is_success(reply->code)) {
    answers_[window] = Answer::cancelled;
    note("enrolment cancelled");
  }
  return reply.has_value();
}

bool CampaignRun::hand_over_webhook(const WebhookCall& call) {
  bool is_answered = true;
  for (const auto& reply : node_->call_all(to_commands(world_, call))) {
    is_answered = is_answered && reply.has_value();
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
