#include "sim/campaign/enrolment_judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "domain/keys.h"
#include "sim/campaign/admission.h"

namespace thaw {
namespace {

bool is_cancelled(const Enrolment& enrolment) {
  return enrolment.state == EnrolmentState::cancelled;
}

/// What a line can be while its member is in no campaign; a conflict of identity is held whole.
bool is_without_window(Placed outcome) {
  return outcome == Placed::kept || outcome == Placed::held_identity_conflict;
}

bool has(const EnrolmentLife& life, EventType type) {
  return std::any_of(life.events.begin(), life.events.end(),
                     [type](const auto& event) { return event.second == type; });
}

}  // namespace

std::map<std::string, Member> EnrolmentJudge::read_members() const {
  std::map<std::string, Member> members;
  run_.store().read([&](StateView& view) {
    for (const audit::Enrolment& enrolment : run_.world().history.enrolments) {
      const auto row = view.find(keys::member(MemberId(enrolment.member)));
      auto member = row ? decode<Member>(row->bytes) : std::nullopt;
      if (member) members.insert_or_assign(enrolment.member, std::move(*member));
    }
  });
  return members;
}

void EnrolmentJudge::judge() {
  judge_answers();
  for (const auto& [id, member] : members_) judge_member(member);
  for (const std::string& fault : find_budget_faults(run_.store(), run_.world())) complain(fault);
}

const Enrolment* EnrolmentJudge::find_stored(const audit::Enrolment& sent) const {
  const auto member = members_.find(sent.member);
  if (member == members_.end()) return nullptr;
  for (const Enrolment& enrolment : member->second.enrolments) {
    if (enrolment.id.text() == sent.window_id) return &enrolment;
  }
  return nullptr;
}

const Enrolment* EnrolmentJudge::find_in_campaign(const audit::Enrolment& sent) const {
  const auto member = members_.find(sent.member);
  if (member == members_.end()) return nullptr;
  for (const Enrolment& enrolment : member->second.enrolments) {
    if (enrolment.campaign == run_.world().campaigns[sent.rules].id) return &enrolment;
  }
  return nullptr;
}

void EnrolmentJudge::judge_answers() {
  const World& world = run_.world();
  for (std::size_t i = 0; i < world.messages.size(); ++i) {
    const auto answer = run_.answer_to(i);
    if (!answer) continue;
    const auto& body = world.messages[i].body;
    if (const auto* enrol = std::get_if<EnrolCall>(&body)) judge_enrolment_answer(*enrol, *answer);
    if (const auto* cancel = std::get_if<CancelCall>(&body)) judge_cancel_answer(*cancel, *answer);
  }
}

/// What was told last is true in the end: a state only goes on from there.
void EnrolmentJudge::judge_enrolment_answer(const EnrolCall& call, ReplyCode answer) {
  const audit::Enrolment& sent = run_.world().history.enrolments[call.enrolment];
  const Enrolment* stored = find_stored(sent);
  const Enrolment* other = find_in_campaign(sent);
  const bool is_there = stored != nullptr;
  const auto wrong = [&](const char* what) {
    complain(fmt::format("{}: answered {}, {}", sent.window_id, to_string(answer), what));
  };
  if (is_success(answer) != (is_there && answer != ReplyCode::enrolment_cancelled)) {
    wrong(is_there ? "yet enrolled" : "yet not enrolled");
  }
  if (!is_success(answer) && !is_there) reach("enrolment refused");
  if (answer == ReplyCode::enrolment_conflict && !other) wrong("with nothing to conflict with");
  if (answer != ReplyCode::enrolment_cancelled) return;
  if (!other || !is_cancelled(*other)) wrong("yet not cancelled");
  if (!is_there) reach("enrolled again after a cancel: refused");
}

void EnrolmentJudge::judge_cancel_answer(const CancelCall& call, ReplyCode answer) {
  const audit::Enrolment& sent = run_.world().history.enrolments[call.enrolment];
  const Enrolment* stored = find_stored(sent);
  const auto is_in = [&](EnrolmentState state) { return stored && stored->state == state; };
  const bool is_cancelled = is_in(EnrolmentState::cancelled);
  const bool is_decided = is_in(EnrolmentState::decided);
  const bool is_true = is_success(answer) ? is_cancelled
                       : answer == ReplyCode::already_decided
                           ? is_decided
                           : answer == ReplyCode::unknown_enrolment;
  if (is_decided && answer == ReplyCode::already_decided) reach("cancel refused after the verdict");
  if (is_true) return;
  complain(fmt::format("{}: its cancelling was answered {}, and it is {}", sent.window_id,
                       to_string(answer), stored ? to_string(stored->state) : "not there"));
}

void EnrolmentJudge::judge_member(const Member& member) {
  if (member.on_hold != run_.is_held(member.id.text())) {
    complain(member.id.text() + ": on hold or not, it is not what was answered last");
  }
  std::set<std::string> campaigns;
  for (const Enrolment& enrolment : member.enrolments) {
    const auto life = lives_.find(enrolment.id.text());
    if (life == lives_.end() || life->second.created == 0) {
      complain(enrolment.id.text() + ": enrolled without an event");
      continue;
    }
    const bool is_second =
        is_under_successor(recorded_, enrolment.campaign.text(), enrolment.id.text());
    if (is_second) reach("enrolled under a second version");
    if (enrolment.campaign_version != (is_second ? 2 : 1)) {
      complain(enrolment.id.text() + ": not under the version published at its receipt");
    }
    if (!campaigns.insert(enrolment.campaign.text()).second) {
      complain(enrolment.id.text() + ": enrolled twice in one campaign");
    }
    if (is_cancelled(enrolment) != life->second.cancelled.has_value()) {
      complain(enrolment.id.text() + ": is its cancelling an event or not?");
    }
    if (is_cancelled(enrolment)) judge_cancelled(member, enrolment);
  }
  if (std::ranges::any_of(member.enrolments, is_cancelled)) judge_lines_of(member);
}

/// No verdict, no reward, no timer, and nothing happens to it any more.
void EnrolmentJudge::judge_cancelled(const Member& member, const Enrolment& enrolment) {
  const EnrolmentLife& life = lives_.at(enrolment.id.text());
  for (const auto& [sequence, type] : life.events) {
    if (sequence <= *life.cancelled && type != EventType::eligibility_decided) continue;
    complain(fmt::format("{}: cancelled, yet {}", enrolment.id.text(), to_string(type)));
  }
  if (!life.has_ended_timer) complain(enrolment.id.text() + ": cancelled, yet with a timer");
  run_.store().read([&](StateView& view) {
    if (view.find(keys::decision(enrolment.id, 1))) {
      complain(enrolment.id.text() + ": cancelled, yet decided");
    }
    if (view.find(keys::reward(member.id, enrolment.id))) {
      complain(enrolment.id.text() + ": cancelled, yet with a reward");
    }
  });
  for (const SimPoints::Paid& paid : run_.points().ledger()) {
    if (paid.key.find(enrolment.id.text()) != paid.key.npos) {
      complain(enrolment.id.text() + ": cancelled, yet paid");
    }
  }
  note_life(life);
}

void EnrolmentJudge::note_life(const EnrolmentLife& life) {
  if (has(life, EventType::settlement_awaited)) {
    reach("cancelled while files were awaited");
  } else if (has(life, EventType::window_ended)) {
    reach("cancelled in grace");
  } else {
    reach("cancelled in its window");
  }
}

/// Lines stand under the other enrolments only; without any they are kept.
void EnrolmentJudge::judge_lines_of(const Member& member) {
  const bool is_nobodys = std::ranges::all_of(member.enrolments, is_cancelled);
  bool stands_elsewhere = false;
  run_.store().read([&](StateView& view) {
    for (const auto& [key, row] : view.scan(keys::lines_of(member.id), 1'000)) {
      const auto line = decode<LineRow>(row.bytes);
      if (!line) continue;
      for (const LinePlacement& placement : line->placements) {
        const auto of = static_cast<std::size_t>(placement.enrolment);
        if (is_cancelled(member.enrolments.at(of))) {
          complain(fmt::format("{}: {} under a cancelled enrolment", line->line.txn_id,
                               to_string(placement.placed)));
        }
        stands_elsewhere = true;
      }
      if (is_nobodys && !is_without_window(line->outcome)) {
        complain(fmt::format("{}: {}, and its member is in no campaign", line->line.txn_id,
                             to_string(line->outcome)));
      }
    }
  });
  if (stands_elsewhere) reach("lines of a cancelled member stand elsewhere");
  if (is_nobodys && member.lines.all > 0) reach("lines of a cancelled member are kept");
}

}  // namespace thaw
