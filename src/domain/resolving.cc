#include "domain/resolving.h"

#include "domain/campaigns.h"
#include "domain/cases.h"
#include "domain/clock_step.h"
#include "domain/deciding.h"
#include "domain/enrolling.h"
#include "domain/keys.h"
#include "domain/member_work.h"
#include "domain/redecision.h"
#include "domain/redriving.h"
#include "domain/rewarding.h"

namespace thaw {
namespace {

WriteSet propose(Work& work, ReviewCase item, const Command& command, const std::string& note) {
  work.erase(keys::case_in(item.state, item.id));
  item.state = CaseState::proposed;
  item.proposed_by = command.principal;
  item.steps.push_back({work.recorded_at(), command.principal, "proposed", note});
  work.put(keys::case_in(item.state, item.id),
           CaseFacts{item.id, std::string(to_string(item.kind)), ""});
  work.put(keys::review_case(item.id), item);
  return work.finish({.code = ReplyCode::awaiting_approval, .case_id = item.id});
}

WriteSet approve_revision(Work& work, const ReviewCase& item, const Command& command,
                          const std::string& note) {
  MemberWork member(work, item.member);
  Enrolment* enrolment = member.find_enrolment(item.window);
  if (!enrolment) return Work::refuse(ReplyCode::unknown_enrolment);
  if (outcome_if_revised(member, *enrolment) == Outcome::in_review) {
    return Work::refuse(ReplyCode::invalid,
                        "lines that are held by now could tip it: approve once they are settled");
  }
  close_case(work, item.id, CaseState::approved, command.principal, note);
  enrolment->revision_case.clear();
  std::vector<std::string> people;
  if (!item.proposed_by.empty()) people.push_back(item.proposed_by);
  people.push_back(command.principal);
  request_revision(work, item.member, *enrolment, "case " + item.id, std::move(people));
  work.put(keys::member(item.member), member.member());
  WriteSet set = work.finish({.case_id = item.id});
  set.next = follow_with(FireTimer{item.window, work.recorded_at(), enrolment->generation, 0});
  return set;
}

/// The verdict in force stands, until another line comes.
WriteSet refuse_revision(Work& work, const ReviewCase& item, const Command& command,
                         const std::string& note) {
  close_case(work, item.id, CaseState::rejected, command.principal, note);
  MemberWork member(work, item.member);
  if (Enrolment* enrolment = member.find_enrolment(item.window)) {
    enrolment->revision_case.clear();
    enrolment->revision_refused = member.member().arrivals;
    work.put(keys::member(item.member), member.member());
  }
  return work.finish({.case_id = item.id});
}

/// Carries out the command that waited for its second person, in this same transaction.
WriteSet approve_pending(Work& work, const ReviewCase& item, const Command& command,
                         const std::string& note) {
  auto pending = decode<Command>(item.pending_command);
  if (!pending) return Work::refuse(ReplyCode::damaged_state, "the waiting command is unreadable");
  pending->principal = command.principal;
  close_case(work, item.id, CaseState::approved, command.principal, note);
  if (const auto* publish = std::get_if<PublishCampaign>(&pending->body)) {
    return publish_campaign(work, *pending, *publish);
  }
  if (const auto* change = std::get_if<ChangeReferences>(&pending->body)) {
    return change_references(work, *pending, *change);
  }
  if (const auto* fence = std::get_if<SetFence>(&pending->body)) {
    return set_fence(work, *pending, *fence);
  }
  if (const auto* again = std::get_if<IssueAgain>(&pending->body)) {
    return issue_again(work, *again);
  }
  if (const auto* release = std::get_if<ReleaseClock>(&pending->body)) {
    return release_clock(work, *pending, *release);
  }
  if (const auto* redrive = std::get_if<RedriveAll>(&pending->body)) {
    return redrive_all(work, *pending, *redrive);
  }
  return Work::refuse(ReplyCode::invalid, "this action cannot be approved here");
}

}  // namespace

namespace {

/// Nothing hangs on it: a person has seen it, that is all.
bool is_only_looked_at(CaseKind kind) {
  return kind == CaseKind::record_gone || kind == CaseKind::malformed_reference;
}

/// Whether a person can decide it; the others close when their cause does.
bool is_for_people(const ReviewCase& item) {
  return item.kind == CaseKind::revision || !item.pending_command.empty();
}

}  // namespace

WriteSet resolve_case(Work& work, const Command& command, const ResolveCase& resolve) {
  const auto item = work.find<ReviewCase>(keys::review_case(resolve.id));
  if (!item) return Work::refuse(ReplyCode::unknown_case);
  if (is_closed(item->state)) return Work::refuse(ReplyCode::case_closed);
  if (is_only_looked_at(item->kind)) {
    const CaseState state = resolve.approve ? CaseState::approved : CaseState::rejected;
    close_case(work, item->id, state, command.principal, resolve.note);
    return work.finish({.case_id = item->id});
  }
  if (!is_for_people(*item)) {
    return Work::refuse(ReplyCode::invalid, "this case closes by itself when its cause does");
  }
  if (!resolve.approve && item->kind == CaseKind::revision) {
    return refuse_revision(work, *item, command, resolve.note);
  }
  if (!resolve.approve) {
    close_case(work, item->id, CaseState::rejected, command.principal, resolve.note);
    return work.finish({.case_id = item->id});
  }
  if (command.needs_second_person && item->proposed_by == command.principal) {
    return Work::refuse(ReplyCode::same_person, "a second person has to approve");
  }
  if (command.needs_second_person && item->proposed_by.empty()) {
    return propose(work, *item, command, resolve.note);
  }
  if (item->kind == CaseKind::revision) {
    return approve_revision(work, *item, command, resolve.note);
  }
  return approve_pending(work, *item, command, resolve.note);
}

}  // namespace thaw
