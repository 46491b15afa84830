#include "domain/deciding.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/fnv.h"
#include "domain/awaiting.h"
#include "domain/cases.h"
#include "domain/keys.h"
#include "domain/reviewing.h"

namespace thaw {
namespace {

constexpr std::size_t kLinesPerChunk = 250;
constexpr std::int64_t kChunksPerStep = 5;

/// A verdict about to be written.
struct Ruling {
  Verdict verdict;
  DecisionCut cut;
  CutStanding standing;
  Instant decided_at;
  std::string cause;
  std::vector<std::string> people;
};

std::int64_t count_chunks(const std::vector<DecisionLine>& lines) {
  return static_cast<std::int64_t>((lines.size() + kLinesPerChunk - 1) / kLinesPerChunk);
}

DecisionLines take_chunk(const std::vector<DecisionLine>& lines, std::int64_t chunk) {
  const std::size_t from = static_cast<std::size_t>(chunk) * kLinesPerChunk;
  const std::size_t until = std::min(from + kLinesPerChunk, lines.size());
  return {{lines.begin() + static_cast<std::ptrdiff_t>(from),
           lines.begin() + static_cast<std::ptrdiff_t>(until)}};
}

Decision make_decision(const Work& work, const Enrolment& enrolment, const MemberId& member,
                       const CampaignRules& rules, const Ruling& ruling) {
  Decision decision;
  decision.window = enrolment.id;
  decision.member = member;
  decision.campaign = enrolment.campaign;
  decision.campaign_version = enrolment.campaign_version;
  decision.decider_version = kDeciderVersion;
  decision.revision = enrolment.revision + 1;
  decision.verdict = ruling.verdict;
  decision.totals = ruling.standing.totals;
  decision.qualifying = qualifying_total(ruling.standing.totals, rules.withdrawal_policy);
  decision.threshold = rules.threshold;
  decision.currency = rules.currency;
  decision.decided_at = ruling.decided_at;
  decision.fired_at = work.recorded_at();
  decision.cut = ruling.cut;
  decision.line_chunks = count_chunks(ruling.standing.lines);
  decision.cause = ruling.cause;
  decision.people = ruling.people;
  std::uint64_t checksum = fnv1a("");
  for (std::int64_t chunk = 0; chunk < decision.line_chunks; ++chunk) {
    checksum = fnv1a(encode(take_chunk(ruling.standing.lines, chunk)), checksum);
  }
  decision.lines_checksum = static_cast<std::int64_t>(checksum);
  return decision;
}

void move_budget(Work& work, const CampaignRules& rules, Outcome before, Outcome after) {
  const bool held_before = before != Outcome::not_qualified;
  const bool held_after = after != Outcome::not_qualified;
  if (held_before == held_after) return;
  if (held_after) {
    reserve_budget_again(work, rules);
  } else {
    release_budget(work, rules);
  }
}

/// Writes the decision and everything that follows from it in the same transaction.
void write_ruling(Work& work, MemberWork& member, Enrolment& enrolment, const Ruling& ruling) {
  const CampaignRules rules = member.rules_of(enrolment);
  const Decision decision = make_decision(work, enrolment, member.member().id, rules, ruling);
  const Outcome before = enrolment.revision == 0 ? Outcome::in_review : enrolment.outcome;
  move_budget(work, rules, before, ruling.verdict.outcome);
  work.put(keys::decision(enrolment.id, decision.revision), decision);
  const bool is_first = enrolment.revision == 0;
  enrolment.revision = decision.revision;
  enrolment.outcome = ruling.verdict.outcome;
  enrolment.reason = ruling.verdict.reason;
  enrolment.decided_at = ruling.decided_at;
  enrolment.cut = ruling.cut;
  enrolment.totals = ruling.standing.totals;
  enrolment.blocking_cases.clear();
  enrolment.revision_cause.clear();
  enrolment.revision_people.clear();
  if (!enrolment.revision_case.empty()) {
    close_case(work, enrolment.revision_case, CaseState::closed_by_itself, {}, "revised");
    enrolment.revision_case.clear();
  }
  change_state(work, member.member().id, enrolment, EnrolmentState::decided);
  if (ruling.verdict.outcome == Outcome::in_review) {
    open_blocking_cases(work, member.member().id, enrolment, ruling.standing.lines);
  }
  enrolment.awaited.clear();
  work.emit(
      {is_first ? EventType::eligibility_decided : EventType::eligibility_revised,
       member.member().id, enrolment.id,
       DecisionFacts{enrolment.campaign, decision.revision, ruling.verdict, decision.qualifying,
                     decision.threshold, enrolment.points, ruling.cause}});
}

/// Line chunks first, some a step; the decision itself with the last of them.
WriteSet rule(Work& work, MemberWork& member, Enrolment& enrolment, const Ruling& ruling,
              const FireTimer& command) {
  const std::int64_t chunks = count_chunks(ruling.standing.lines);
  const std::int64_t until = std::min(chunks, command.chunk + kChunksPerStep);
  for (std::int64_t chunk = command.chunk; chunk < until; ++chunk) {
    work.put(keys::decision_lines(enrolment.id, enrolment.revision + 1, chunk),
             take_chunk(ruling.standing.lines, chunk));
  }
  if (until < chunks) {
    WriteSet set = work.finish({});
    FireTimer next = command;
    next.chunk = until;
    set.next = follow_with(next);
    return set;
  }
  write_ruling(work, member, enrolment, ruling);
  member.place_all();  // what the cut left out is `excluded:late` from now on
  member.settle();
  WriteSet set = work.finish({});
  set.next = member.find_next();
  return set;
}

Ruling judge_first(MemberWork& member, const Enrolment& enrolment, DecisionCut cut) {
  const CampaignRules rules = member.rules_of(enrolment);
  Ruling ruling;
  ruling.cut = std::move(cut);
  ruling.standing = judge_cut(member.lines(), enrolment, rules, ruling.cut);
  ruling.verdict = judge(rules, ruling.standing.totals);
  if (member.member().lines.all > MemberWork::kMaxLines) {
    ruling.verdict = {Outcome::in_review, VerdictReason::too_many_lines};
  }
  return ruling;
}

WriteSet end_window(Work& work, MemberWork& member, Enrolment& enrolment) {
  change_state(work, member.member().id, enrolment, EnrolmentState::grace);
  work.emit({EventType::window_ended, member.member().id, enrolment.id,
             EnrolmentFacts{enrolment.campaign,
                            enrolment.campaign_version,
                            enrolment.enrolled_at,
                            enrolment.ends_at,
                            enrolment.decides_at,
                            {}}});
  work.put(keys::member(member.member().id), member.member());
  return work.finish({});
}

WriteSet wait_for_files(Work& work, MemberWork& member, Enrolment& enrolment,
                        std::vector<AwaitedFile> awaited) {
  if (enrolment.awaited == awaited) {  // only one that waits has any
    return work.finish({.code = ReplyCode::too_early, .detail = "still waiting for files"});
  }
  enrolment.awaited = std::move(awaited);
  if (enrolment.state != EnrolmentState::awaiting_settlement) {
    enrolment.waits_until = enrolment.decides_at + member.rules_of(enrolment).settlement_wait;
    change_state(work, member.member().id, enrolment, EnrolmentState::awaiting_settlement);
    work.emit({EventType::settlement_awaited, member.member().id, enrolment.id,
               EnrolmentFacts{enrolment.campaign, enrolment.campaign_version, enrolment.enrolled_at,
                              enrolment.ends_at, enrolment.decides_at, enrolment.awaited}});
  }
  work.put(keys::member(member.member().id), member.member());
  return work.finish({});
}

/// What the first verdict would be on the lines of its time, and what it still waits for. Only one
/// that would be refused waits for expected files, and so takes in what came of them; for any other
/// they are later records, however late its timer runs.
struct FirstLook {
  Ruling ruling;
  std::vector<AwaitedFile> waiting;
};

FirstLook look_first(MemberWork& member, const Enrolment& enrolment, const Awaited& awaited) {
  FirstLook look;
  const auto judge_with = [&](const std::vector<FileId>& files) {
    look.ruling =
        judge_first(member, enrolment, make_cut(member.lines(), enrolment.decides_at, files));
    return look.ruling.verdict.outcome == Outcome::not_qualified;
  };
  bool is_refusal = judge_with({});
  if (is_refusal && !awaited.arrived.empty()) is_refusal = judge_with(awaited.arrived);
  look.waiting = awaited.applying;
  if (is_refusal) {
    look.waiting.insert(look.waiting.end(), awaited.missing.begin(), awaited.missing.end());
  }
  return look;
}

/// The first verdict, or its wait: SPEC §2.6.
WriteSet decide_first(Work& work, MemberWork& member, Enrolment& enrolment,
                      const FireTimer& command) {
  const Awaited awaited = find_awaited(work, enrolment);
  auto [ruling, waiting] = look_first(member, enrolment, awaited);
  const bool was_waiting = enrolment.state == EnrolmentState::awaiting_settlement;
  const Instant wait_ends = was_waiting
                                ? enrolment.waits_until
                                : enrolment.decides_at + member.rules_of(enrolment).settlement_wait;
  if (!waiting.empty() && work.recorded_at() < wait_ends) {
    return wait_for_files(work, member, enrolment, std::move(waiting));
  }
  ruling.decided_at = enrolment.decides_at;
  if (was_waiting) {
    const Instant complete_at = std::max(awaited.complete_at, enrolment.decides_at);
    ruling.decided_at = std::min({complete_at, work.recorded_at(), wait_ends});
  }
  if (!waiting.empty()) {
    ruling.verdict = {Outcome::in_review, VerdictReason::settlement_incomplete};
    ruling.decided_at = wait_ends;
    enrolment.awaited = std::move(waiting);
  }
  return rule(work, member, enrolment, ruling, command);
}

/// A review is about the lines of its decision, and what has been said of them since; any other
/// revision takes in all lines.
DecisionCut make_revised_cut(MemberWork& member, const Enrolment& enrolment) {
  if (is_review_of_held(enrolment)) return extend_cut(member.lines(), enrolment.cut);
  return {Instant::min(), member.member().arrivals, {}, {}};
}

Ruling judge_again(MemberWork& member, const Enrolment& enrolment) {
  return judge_first(member, enrolment, make_revised_cut(member, enrolment));
}

WriteSet revise(Work& work, MemberWork& member, Enrolment& enrolment, const FireTimer& command) {
  Ruling ruling = judge_again(member, enrolment);
  ruling.decided_at = work.recorded_at();
  ruling.cause = enrolment.revision_cause;
  ruling.people = enrolment.revision_people;
  if (ruling.verdict.outcome == enrolment.outcome || ruling.verdict.outcome == Outcome::in_review) {
    enrolment.revision_cause.clear();
    enrolment.revision_people.clear();
    work.put(keys::member(member.member().id), member.member());
    return work.finish({});
  }
  return rule(work, member, enrolment, ruling, command);
}

bool is_short_of_files(const Enrolment& enrolment) {
  return enrolment.state == EnrolmentState::decided && enrolment.outcome == Outcome::in_review &&
         enrolment.reason == VerdictReason::settlement_incomplete;
}

/// The files that kept an enrolment in review have come: the first verdict's lines, now complete.
WriteSet end_review(Work& work, MemberWork& member, Enrolment& enrolment,
                    const FireTimer& command) {
  const auto wait_on = [&] {
    work.put(keys::member(member.member().id), member.member());
    return work.finish({.code = ReplyCode::too_early, .detail = "files are still missing"});
  };
  const Awaited awaited = find_awaited(work, enrolment);
  close_arrived(work, enrolment, awaited);
  if (!enrolment.blocking_cases.empty()) return wait_on();
  auto [ruling, waiting] = look_first(member, enrolment, awaited);
  open_file_cases(work, enrolment, waiting);
  if (!enrolment.blocking_cases.empty()) return wait_on();
  ruling.decided_at = work.recorded_at();
  ruling.cause = "awaited files applied";
  return rule(work, member, enrolment, ruling, command);
}

bool is_due(const Enrolment& enrolment, Instant now) {
  const auto due = timer_due(enrolment);
  return due && now >= *due;
}

}  // namespace

std::optional<Instant> timer_due(const Enrolment& enrolment) {
  switch (enrolment.state) {
    case EnrolmentState::active: return enrolment.ends_at;
    case EnrolmentState::grace: return enrolment.decides_at;
    case EnrolmentState::awaiting_settlement: return enrolment.waits_until;
    case EnrolmentState::decided:
    case EnrolmentState::cancelled: return std::nullopt;
  }
  return std::nullopt;
}

void set_timer(Work& work, const MemberId& member, const Enrolment& enrolment) {
  if (const auto due = timer_due(enrolment)) {
    work.put(keys::timer(*due, enrolment.id), Timer{member, enrolment.generation});
  }
}

void change_state(Work& work, const MemberId& member, Enrolment& enrolment, EnrolmentState state) {
  if (const auto due = timer_due(enrolment)) work.erase(keys::timer(*due, enrolment.id));
  const EnrolmentState former = enrolment.state;
  enrolment.state = state;
  ++enrolment.generation;
  list_enrolment(work, enrolment, former);
  set_timer(work, member, enrolment);
}

namespace {

void add_to_budget(Work& work, const CampaignRules& rules, std::int64_t points) {
  if (!rules.budget_points) return;
  const std::string key = keys::campaign_budget(rules.id);
  auto budget = work.find<CampaignBudget>(key).value_or(CampaignBudget{});
  budget.reserved_points += points;
  work.put(key, budget);
}

}  // namespace

void release_budget(Work& work, const CampaignRules& rules) {
  add_to_budget(work, rules, -rules.points);
}

void reserve_budget_again(Work& work, const CampaignRules& rules) {
  add_to_budget(work, rules, rules.points);
}

Outcome outcome_if_revised(MemberWork& member, const Enrolment& enrolment) {
  return judge_again(member, enrolment).verdict.outcome;
}

WriteSet fire_timer(Work& work, const FireTimer& command) {
  const auto parts = parse_window_id(command.window.text());
  if (!parts) return Work::refuse(ReplyCode::stale_timer);
  MemberWork member(work, parts->member);
  Enrolment* enrolment = member.find_enrolment(command.window);
  const std::string own_key = keys::timer(command.due, command.window);
  if (!enrolment) {
    if (work.has(own_key)) work.erase(own_key);
    return work.finish({.code = ReplyCode::stale_timer});
  }
  if (member.member().is_settling) {
    if (work.has(own_key) && command.due != timer_due(*enrolment)) work.erase(own_key);
    member.settle();
    WriteSet set = work.finish({});
    set.next = follow_with(command);
    return set;
  }
  if (work.recorded_at() < command.due) return Work::refuse(ReplyCode::too_early);
  const bool is_own = command.due == timer_due(*enrolment);
  if (!is_own && work.has(own_key)) work.erase(own_key);
  if (!enrolment->revision_cause.empty()) return revise(work, member, *enrolment, command);
  if (is_short_of_files(*enrolment)) return end_review(work, member, *enrolment, command);
  // A look at a wait that may be over comes before the wait's own timer; all else is fenced.
  const bool rechecks_wait = enrolment->state == EnrolmentState::awaiting_settlement;
  if (command.generation != enrolment->generation ||
      (!rechecks_wait && !is_due(*enrolment, work.recorded_at()))) {
    return work.finish({.code = ReplyCode::stale_timer});
  }
  if (enrolment->state == EnrolmentState::active) return end_window(work, member, *enrolment);
  return decide_first(work, member, *enrolment, command);
}

}  // namespace thaw
