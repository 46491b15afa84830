#pragma once

#include <vector>

#include "base/random.h"
#include "domain/campaign.h"
#include "domain/line.h"
#include "domain/placing.h"

namespace thaw::property {

inline constexpr Instant kStart{1'761'955'200'000};  // 2025-11-01T00:00:00Z

CampaignRules make_rules(const char* id, WithdrawalPolicy policy);

/// Lines of one member, drawn so that they collide: few amounts, few ids, times around the window's
/// edges, repeats, partial reversals, corrections, withdrawals, webhooks and files of two
/// providers. No two lines conflict in identity, which is the one exception to order-independence.
std::vector<Line> draw_lines(Random& random, std::size_t count);

}  // namespace thaw::property
