#pragma once

#include <optional>
#include <string>

#include "adapters/json/json.h"
#include "domain/cases.h"
#include "domain/files.h"
#include "domain/reward.h"
#include "domain/rows.h"

namespace thaw::api {

// Rows as SPEC §3.1 shows them. Fields may be added, never renamed.

Json render(const Money& money);
Json render(const CampaignRules& rules, CampaignStatus status);
/// A campaign with its draft and the rules in force.
Json render(const Campaign& campaign, const std::optional<CampaignRules>& published);
Json render(const Enrolment& enrolment);
Json render_progress(const Enrolment& enrolment, const CampaignRules& rules,
                     const std::optional<Reward>& reward, Instant as_of, std::int64_t revision);
/// A line with the fields of a decision line; placements are added by the caller.
Json render(const Line& line, Placed placed, Minor counted);
/// `enrolments` of the line's member.
Json render(const LineRow& row, std::span<const Enrolment> enrolments);
Json render(const Decision& decision, const std::vector<DecisionLine>& lines);
Json render(const Reward& reward);
Json render(const ReviewCase& item);
Json render(const SettlementFile& file, const char* status);

}  // namespace thaw::api
