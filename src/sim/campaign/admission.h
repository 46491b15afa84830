#pragma once

#include <string>
#include <vector>

#include "domain/reply.h"
#include "sim/store/sim_store.h"
#include "sim/workload/world.h"

namespace thaw {

// Who may still be admitted: a campaign's budget and its exclusion group (SPEC §2.1), reckoned from
// the members' rows by addition, never from the counter that the domain keeps.

/// The version under which an enrolment would be admitted now; zero: none.
std::int64_t find_published_version(SimStore& store, const CampaignId& campaign);

/// What an answer to an enrolment that was just given goes against; empty: nothing. `reach` is told
/// what was seen.
std::string find_admission_breach(SimStore& store, const World& world, const EnrolCall& call,
                                  ReplyCode answer, const SimStore::Note& reach);

/// What is wrong with the budgets in the end: a counter that is no sum, or more than the budget
/// promised by anything but revisions in favour of members (docs/adr/0012).
std::vector<std::string> find_budget_faults(SimStore& store, const World& world);

}  // namespace thaw
