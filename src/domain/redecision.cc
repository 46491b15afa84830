#include "domain/redecision.h"

#include <fmt/format.h>

#include "domain/cases.h"
#include "domain/keys.h"
#include "domain/reviewing.h"

namespace thaw {
namespace {

void open_revision_case(Work& work, const MemberId& member, Enrolment& enrolment,
                        const Verdict& verdict) {
  ReviewCase item;
  item.id = find_open_id(work, fmt::format("revision-{}-{}-{}", enrolment.id.text(),
                                           enrolment.revision, to_string(verdict.outcome)));
  item.kind = CaseKind::revision;
  item.member = member;
  item.window = enrolment.id;
  item.subject = enrolment.id.text();
  item.detail = fmt::format("later records would make this {} ({})", to_string(verdict.outcome),
                            to_string(verdict.reason));
  item.proposed_outcome = verdict.outcome;
  enrolment.revision_case = item.id;
  open_case(work, std::move(item));
}

}  // namespace

void request_revision(Work& work, const MemberId& member, Enrolment& enrolment, std::string cause,
                      std::vector<std::string> people) {
  enrolment.revision_cause = std::move(cause);
  enrolment.revision_people = std::move(people);
  work.put(keys::timer(work.recorded_at(), enrolment.id), Timer{member, enrolment.generation});
}

void consider_revision(Work& work, const Member& member, Enrolment& enrolment,
                       const CampaignRules& rules, const Standing& standing, std::size_t index,
                       Instant known_at) {
  if (enrolment.outcome == Outcome::in_review) {
    return consider_review(work, member.id, enrolment, rules, standing.lines);
  }
  const Verdict verdict = judge(rules, standing.totals[index]);
  // In doubt nothing is proposed, and what is proposed waits.
  if (verdict.outcome == Outcome::in_review) return;
  if (verdict.outcome == enrolment.outcome) {
    if (!enrolment.revision_case.empty()) {
      close_case(work, enrolment.revision_case, CaseState::closed_by_itself, {},
                 "the verdict in force stands again");
      enrolment.revision_case.clear();
    }
    return;
  }
  const bool in_favour = verdict.outcome == Outcome::qualified;
  if (in_favour && rules.late_policy == LatePolicy::ignore) return;
  const bool in_time = known_at <= enrolment.decides_at + rules.late_until;
  if (in_favour && rules.late_policy == LatePolicy::auto_issue && in_time) {
    request_revision(work, member.id, enrolment, "late record", {});
  } else if (enrolment.revision_case.empty() && member.arrivals > enrolment.revision_refused) {
    // What a person refused is proposed again only when a new line has come.
    open_revision_case(work, member.id, enrolment, verdict);
  }
}

}  // namespace thaw
