#include "sim/campaign/admission.h"

#include <fmt/format.h>

#include <set>

#include "domain/keys.h"

namespace thaw {
namespace {

template <typename Row>
std::optional<Row> read_row(StateView& view, const std::string& key) {
  const auto row = view.find(key);
  return row ? decode<Row>(row->bytes) : std::nullopt;
}

std::vector<Member> read_members(StateView& view, const World& world) {
  std::set<std::string> ids;
  for (const audit::Enrolment& enrolment : world.history.enrolments) ids.insert(enrolment.member);
  std::vector<Member> members;
  for (const std::string& id : ids) {
    if (auto member = read_row<Member>(view, keys::member(MemberId(id)))) {
      members.push_back(std::move(*member));
    }
  }
  return members;
}

/// SPEC §2.1: a cancelled enrolment, and one decided `not_qualified`, has given its share back.
bool holds_share(const Enrolment& enrolment) {
  if (enrolment.state == EnrolmentState::cancelled) return false;
  return enrolment.state != EnrolmentState::decided || enrolment.outcome != Outcome::not_qualified;
}

/// Points of one campaign.
struct Promised {
  std::int64_t now = 0;   // to those who hold a share
  std::int64_t ever = 0;  // to all who were ever admitted
};

Promised sum_up(const std::vector<Member>& members, const CampaignId& campaign) {
  Promised promised;
  for (const Member& member : members) {
    for (const Enrolment& enrolment : member.enrolments) {
      if (enrolment.campaign != campaign) continue;
      promised.ever += enrolment.points;
      if (holds_share(enrolment)) promised.now += enrolment.points;
    }
  }
  return promised;
}

/// Of the member's enrolments in campaigns of one group.
struct InGroup {
  int live = 0;
  int cancelled = 0;
};

InGroup count_in_group(const World& world, const std::vector<Member>& members,
                       const std::string& member, const std::string& group) {
  InGroup count;
  for (const Member& one : members) {
    if (one.id.text() != member) continue;
    for (const Enrolment& enrolment : one.enrolments) {
      for (const CampaignRules& rules : world.campaigns) {
        if (rules.id != enrolment.campaign || rules.exclusion_group != group) continue;
        ++(enrolment.state == EnrolmentState::cancelled ? count.cancelled : count.live);
      }
    }
  }
  return count;
}

std::string check_budget(const Promised& promised, const CampaignRules& rules, ReplyCode answer,
                         const SimStore::Note& reach) {
  if (answer == ReplyCode::budget_exhausted) {
    reach("enrolment refused for budget");
    const bool fits = !rules.budget_points || promised.now + rules.points <= *rules.budget_points;
    return fits ? "refused for budget, of which enough is left" : "";
  }
  if (answer != ReplyCode::created || !rules.budget_points) return "";
  if (promised.ever > *rules.budget_points) reach("budget given back and taken again");
  return promised.now > *rules.budget_points ? "admitted beyond the budget" : "";
}

std::string check_group(const InGroup& in_group, const CampaignRules& rules, ReplyCode answer,
                        const SimStore::Note& reach) {
  if (answer == ReplyCode::exclusion_group_taken) {
    reach("enrolment refused for its exclusion group");
    return in_group.live == 0 ? "refused for its exclusion group, which is free" : "";
  }
  if (answer != ReplyCode::created || rules.exclusion_group.empty()) return "";
  if (in_group.cancelled > 0) reach("exclusion group free again after a cancel");
  return in_group.live > 1 ? "admitted twice in one exclusion group" : "";
}

/// How often a share was taken again by a revision: also beyond the cap, since an admitted member
/// is never refused for budget.
std::int64_t count_taken_again(StateView& view, const Enrolment& enrolment) {
  std::int64_t taken = 0;
  Outcome before = Outcome::in_review;
  for (std::int64_t n = 1; n <= enrolment.revision; ++n) {
    const auto decision = read_row<Decision>(view, keys::decision(enrolment.id, n));
    if (!decision) continue;
    const Outcome after = decision->verdict.outcome;
    if (before == Outcome::not_qualified && after != Outcome::not_qualified) ++taken;
    before = after;
  }
  return taken;
}

}  // namespace

std::int64_t find_published_version(SimStore& store, const CampaignId& campaign) {
  std::int64_t version = 0;
  store.read([&](StateView& view) {
    const auto stored = read_row<Campaign>(view, keys::campaign(campaign));
    if (stored) version = stored->published_version;
  });
  return version;
}

std::string find_admission_breach(SimStore& store, const World& world, const EnrolCall& call,
                                  ReplyCode answer, const SimStore::Note& reach) {
  const audit::Enrolment& sent = world.history.enrolments[call.enrolment];
  const CampaignId& campaign = world.campaigns[sent.rules].id;
  const std::int64_t version = find_published_version(store, campaign);
  const CampaignRules& rules = rules_at(world, *find_version(world, campaign.text(), version));
  std::string breach;
  store.read([&](StateView& view) {
    const std::vector<Member> members = read_members(view, world);
    breach = check_budget(sum_up(members, rules.id), rules, answer, reach);
    if (!breach.empty()) return;
    const InGroup in_group = count_in_group(world, members, sent.member, rules.exclusion_group);
    breach = check_group(in_group, rules, answer, reach);
  });
  return breach;
}

std::vector<std::string> find_budget_faults(SimStore& store, const World& world) {
  std::vector<std::string> faults;
  store.read([&](StateView& view) {
    const std::vector<Member> members = read_members(view, world);
    for (const CampaignRules& rules : world.campaigns) {
      if (!rules.budget_points) continue;
      const std::int64_t promised = sum_up(members, rules.id).now;
      const auto counter = read_row<CampaignBudget>(view, keys::campaign_budget(rules.id));
      if (!counter || counter->reserved_points != promised) {
        faults.push_back(fmt::format("{}: {} points are promised, {} reserved", rules.id.text(),
                                     promised, counter ? counter->reserved_points : -1));
      }
      std::int64_t most = *rules.budget_points;
      for (const Member& member : members) {
        for (const Enrolment& enrolment : member.enrolments) {
          if (enrolment.campaign != rules.id) continue;
          most += enrolment.points * count_taken_again(view, enrolment);
        }
      }
      if (promised > most) {
        faults.push_back(fmt::format("{}: {} points are promised, {} at most may be",
                                     rules.id.text(), promised, most));
      }
    }
  });
  return faults;
}

}  // namespace thaw
