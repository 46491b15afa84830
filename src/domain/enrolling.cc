#include "domain/enrolling.h"

#include <algorithm>

#include "domain/approving.h"
#include "domain/deciding.h"
#include "domain/keys.h"
#include "domain/member_work.h"
#include "domain/recording.h"

namespace thaw {
namespace {

constexpr Duration kLongestAhead = Duration::minutes(5);
constexpr Duration kLongestBack = Duration::hours(24);
constexpr std::size_t kMaxReferences = 10;

bool overlaps(const ReferenceClaim& a, const ReferenceClaim& b) {
  return a.from < b.until && b.from < a.until;
}

ReferenceClaim make_claim(const Work& work, const MemberId& member, const ReferenceChange& change) {
  return {member, change.from.value_or(Instant::min()), change.until.value_or(Instant::max()),
          work.recorded_at()};
}

const ReferenceClaim* find_overlapping(const Reference& reference, const ReferenceClaim& claim) {
  const auto found =
      std::find_if(reference.claims.begin(), reference.claims.end(),
                   [&](const ReferenceClaim& other) { return overlaps(claim, other); });
  return found == reference.claims.end() ? nullptr : &*found;
}

bool holds_now(Work& work, const MemberId& member, const ReferenceKey& key) {
  const auto reference = work.find<Reference>(keys::reference(key)).value_or(Reference{});
  return std::any_of(reference.claims.begin(), reference.claims.end(),
                     [&](const ReferenceClaim& claim) {
                       return claim.member == member && claim.from <= work.recorded_at() &&
                              claim.until == Instant::max();
                     });
}

/// A reference is claimed at enrolment for all time; one that the member had and ended, from then
/// on.
std::optional<Instant> find_own_end(Work& work, const MemberId& member, const ReferenceKey& key) {
  const auto reference = work.find<Reference>(keys::reference(key)).value_or(Reference{});
  std::optional<Instant> end;
  for (const ReferenceClaim& claim : reference.claims) {
    if (claim.member != member || claim.until == Instant::max()) continue;
    end = std::max(end.value_or(claim.until), claim.until);
  }
  return end;
}

/// Adds a claim unless it overlaps one; true if the member holds the reference then.
bool claim_reference(Work& work, Member& member, const ReferenceChange& change) {
  const std::string key = keys::reference(change.reference);
  auto reference = work.find<Reference>(key).value_or(Reference{});
  const ReferenceClaim claim = make_claim(work, member.id, change);
  if (const ReferenceClaim* other = find_overlapping(reference, claim)) {
    return other->member == claim.member && other->from == claim.from &&
           other->until == claim.until;
  }
  reference.claims.push_back(claim);
  work.put(key, reference);
  if (std::find(member.references.begin(), member.references.end(), change.reference) ==
      member.references.end()) {
    member.references.push_back(change.reference);
  }
  if (!work.scan<KeptLine>(keys::kept_under(change.reference), 1).empty()) {
    work.put(keys::claimed_kept(change.reference), change.reference);
  }
  work.emit({EventType::reference_claimed, member.id, {}, ReferenceFacts{change.reference, claim}});
  return true;
}

/// Why this member may not enrol now, or nothing.
std::optional<WriteSet> find_refusal(Work& work, const Campaign& campaign,
                                     const CampaignRules& rules, const Member& member,
                                     Instant enrolled_at) {
  if (enrolled_at > work.recorded_at() + kLongestAhead) return Work::refuse(ReplyCode::future);
  if (enrolled_at < work.recorded_at() - kLongestBack) return Work::refuse(ReplyCode::too_far_back);
  if (campaign.status == CampaignStatus::closed ||
      (rules.enrolment_opens_at && enrolled_at < *rules.enrolment_opens_at) ||
      (rules.enrolment_closes_at && enrolled_at >= *rules.enrolment_closes_at)) {
    return Work::refuse(ReplyCode::enrolment_not_open);
  }
  if (!rules.segment_required) return std::nullopt;
  if (work.has(keys::segment_member(rules.id, member.id))) return std::nullopt;
  return Work::refuse(ReplyCode::not_in_segment);
}

bool is_group_taken(MemberWork& member, const std::string& group) {
  if (group.empty()) return false;
  return std::any_of(member.member().enrolments.begin(), member.member().enrolments.end(),
                     [&](const Enrolment& e) {
                       return e.state != EnrolmentState::cancelled &&
                              member.rules_of(e).exclusion_group == group;
                     });
}

bool reserve_budget(Work& work, const CampaignRules& rules) {
  // Without a budget nothing is counted: one row would be every enrolment's bottleneck.
  if (!rules.budget_points) return true;
  auto budget =
      work.find<CampaignBudget>(keys::campaign_budget(rules.id)).value_or(CampaignBudget{});
  if (budget.reserved_points + rules.points > *rules.budget_points) return false;
  budget.reserved_points += rules.points;
  work.put(keys::campaign_budget(rules.id), budget);
  return true;
}

Enrolment make_enrolment(const Enrol& command, const CampaignRules& rules, Instant enrolled_at) {
  Enrolment enrolment;
  enrolment.id = make_window_id(command.campaign, command.member, enrolled_at);
  enrolment.campaign = command.campaign;
  enrolment.campaign_version = rules.version;
  enrolment.enrolled_at = enrolled_at;
  enrolment.ends_at = enrolled_at + rules.window;
  enrolment.decides_at = enrolment.ends_at + rules.grace;
  enrolment.points = rules.points;
  enrolment.generation = 1;
  enrolment.request_hash = command.request_hash;
  return enrolment;
}

/// The answer to an enrolment as first given: whatever has happened to it since.
Enrolment as_first_answered(Enrolment enrolment) {
  enrolment.state = EnrolmentState::active;
  return enrolment;
}

WriteSet answer_repeat(const Enrolment& enrolment, const Enrol& command) {
  if (enrolment.state == EnrolmentState::cancelled) {
    return Work::refuse(ReplyCode::enrolment_cancelled);
  }
  if (enrolment.request_hash != command.request_hash) {
    return Work::refuse(ReplyCode::enrolment_conflict,
                        "this member is enrolled in the campaign with other content");
  }
  WriteSet set;
  set.reply.code = ReplyCode::repeated;
  set.reply.enrolment = as_first_answered(enrolment);
  return set;
}

}  // namespace

WriteSet enrol(Work& work, const Enrol& command) {
  MemberWork member(work, command.member);
  for (const Enrolment& enrolment : member.member().enrolments) {
    if (enrolment.campaign == command.campaign) return answer_repeat(enrolment, command);
  }
  const auto campaign = work.find<Campaign>(keys::campaign(command.campaign));
  if (!campaign) return Work::refuse(ReplyCode::unknown_campaign);
  if (campaign->published_version == 0) return Work::refuse(ReplyCode::not_published);
  const auto rules = work.find<CampaignRules>(
      keys::campaign_version(command.campaign, campaign->published_version));
  if (!rules) return Work::refuse(ReplyCode::damaged_state, "a published version is missing");
  if (command.references.size() > kMaxReferences) {
    return Work::refuse(ReplyCode::invalid, "references: at most 10 at once");
  }
  const Instant enrolled_at = command.enrolled_at.value_or(work.recorded_at());
  if (auto refusal = find_refusal(work, *campaign, *rules, member.member(), enrolled_at)) {
    return *refusal;
  }
  if (is_group_taken(member, rules->exclusion_group)) {
    return Work::refuse(ReplyCode::exclusion_group_taken);
  }
  if (!reserve_budget(work, *rules)) return Work::refuse(ReplyCode::budget_exhausted);
  for (const ReferenceKey& reference : command.references) {
    if (holds_now(work, command.member, reference)) continue;
    const auto from = find_own_end(work, command.member, reference);
    if (!claim_reference(work, member.member(), {reference, from, {}})) {
      return Work::refuse(ReplyCode::reference_taken, reference.type);
    }
  }
  Enrolment enrolment = make_enrolment(command, *rules, enrolled_at);
  member.member().enrolments.push_back(enrolment);
  list_enrolment(work, enrolment, std::nullopt);
  set_timer(work, command.member, enrolment);
  work.emit({EventType::enrolment_created, command.member, enrolment.id,
             EnrolmentFacts{enrolment.campaign,
                            enrolment.campaign_version,
                            enrolment.enrolled_at,
                            enrolment.ends_at,
                            enrolment.decides_at,
                            {}}});
  if (member.member().lines.all > 0) member.place_all();  // lines kept until now
  member.settle();
  WriteSet set = work.finish({.code = ReplyCode::created, .enrolment = enrolment});
  set.next = command.references.empty() ? member.find_next() : member.find_next_to_place();
  return set;
}

WriteSet cancel_enrolment(Work& work, const CancelEnrolment& command) {
  const auto parts = parse_window_id(command.window.text());
  if (!parts) return Work::refuse(ReplyCode::unknown_enrolment);
  MemberWork member(work, parts->member);
  Enrolment* enrolment = member.find_enrolment(command.window);
  if (!enrolment) return Work::refuse(ReplyCode::unknown_enrolment);
  if (enrolment->state == EnrolmentState::decided) {
    return Work::refuse(ReplyCode::already_decided);
  }
  if (enrolment->state == EnrolmentState::cancelled) {
    return work.finish({.code = ReplyCode::repeated, .enrolment = *enrolment});
  }
  release_budget(work, member.rules_of(*enrolment));
  change_state(work, parts->member, *enrolment, EnrolmentState::cancelled);
  enrolment->totals = {};  // its lines are `kept`, or another one's
  work.emit({EventType::enrolment_cancelled, parts->member, enrolment->id,
             EnrolmentFacts{enrolment->campaign,
                            enrolment->campaign_version,
                            enrolment->enrolled_at,
                            enrolment->ends_at,
                            enrolment->decides_at,
                            {}}});
  const Enrolment answer = *enrolment;
  if (member.member().lines.all > 0) member.place_all();
  member.settle();
  WriteSet set = work.finish({.enrolment = answer});
  set.next = member.find_next();
  return set;
}

namespace {

/// A move: somebody else holds or held what this member claims (SPEC §3.3).
bool is_move(Work& work, const ChangeReferences& change) {
  return std::any_of(change.claims.begin(), change.claims.end(), [&](const ReferenceChange& claim) {
    const auto reference = work.find<Reference>(keys::reference(claim.reference));
    return reference &&
           std::any_of(reference->claims.begin(), reference->claims.end(),
                       [&](const ReferenceClaim& other) { return other.member != change.member; });
  });
}

/// What could not be done anyway is refused at once; the rest waits for the second person.
WriteSet propose_move(Work& work, const Command& command, const ChangeReferences& change) {
  for (const ReferenceChange& wanted : change.claims) {
    const auto reference = work.find<Reference>(keys::reference(wanted.reference));
    const ReferenceClaim claim = make_claim(work, change.member, wanted);
    if (reference && find_overlapping(*reference, claim)) {
      return Work::refuse(ReplyCode::reference_taken, wanted.reference.type);
    }
  }
  return await_approval(work, command,
                        {.action = "reference",
                         .subject = change.member.text(),
                         .detail = "claim a reference that another member has held",
                         .member = change.member});
}

/// Ends the member's claim; false if there is none that reaches beyond the end.
bool end_claim(Work& work, const MemberId& member, const ReferenceChange& change) {
  const std::string key = keys::reference(change.reference);
  auto reference = work.find<Reference>(key).value_or(Reference{});
  const Instant end = change.until.value_or(work.recorded_at());
  bool found = false;
  for (ReferenceClaim& claim : reference.claims) {
    if (claim.member != member || claim.from >= end || claim.until < end) continue;
    claim.until = end;
    found = true;
  }
  if (found) work.put(key, reference);
  return found;
}

}  // namespace

WriteSet change_references(Work& work, const Command& command, const ChangeReferences& change) {
  if (change.claims.size() + change.ends.size() > kMaxReferences) {
    return Work::refuse(ReplyCode::invalid, "at most 10 changes at once");
  }
  if (command.needs_second_person && is_move(work, change)) {
    return propose_move(work, command, change);
  }
  MemberWork member(work, change.member);
  for (const ReferenceChange& end : change.ends) {
    if (!end_claim(work, change.member, end)) {
      return Work::refuse(ReplyCode::unknown_reference, end.reference.type);
    }
  }
  for (const ReferenceChange& claim : change.claims) {
    if (!claim_reference(work, member.member(), claim)) {
      return Work::refuse(ReplyCode::reference_taken, claim.reference.type);
    }
  }
  work.put(keys::member(change.member), member.member());
  WriteSet set = work.finish({});
  if (!change.claims.empty()) set.next = member.find_next_to_place();
  return set;
}

}  // namespace thaw
