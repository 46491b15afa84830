#include "sim/workload/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/workload/file_draw.h"
#include "sim/workload/member_draw.h"
#include "sim/workload/shape.h"

namespace thaw {
namespace {

// The second window goes over the end of daylight saving time and Easter, the third over its start.
constexpr const char* kStarts[] = {"2025-11-01T00:00:00Z", "2026-03-12T00:00:00Z",
                                   "2026-09-10T00:00:00Z"};

constexpr Rail kAllRails[] = {Rail::debit_card, Rail::apple_pay,     Rail::google_pay,
                              Rail::bpay,       Rail::bank_transfer, Rail::npp};

CampaignRules draw_rules(Random& random, const char* id) {
  CampaignRules rules;
  rules.id = CampaignId(id);
  rules.version = 1;
  rules.name = id;
  rules.currency = *Currency::parse("AUD");
  constexpr std::int64_t kThresholds[] = {10'000, 20'000, 50'000};
  rules.threshold = Minor::of(kThresholds[random.below(3)]);
  rules.points = 2000;
  if (random.chance(1, 3)) rules.window = Duration::days(10);
  if (random.chance(1, 4)) rules.settlement_wait = Duration::days(2);
  rules.withdrawal_policy = static_cast<WithdrawalPolicy>(random.below(3));
  rules.late_policy = static_cast<LatePolicy>(random.below(3));
  if (random.chance(1, 3)) rules.minimum_load = Minor::of(5'000);
  if (random.chance(1, 4)) rules.maximum_counted_per_load = Minor::of(15'000);
  for (const Rail rail : kAllRails) {
    if (!random.chance(1, 8)) rules.rails.push_back(rail);
  }
  if (rules.rails.empty()) rules.rails.push_back(Rail::debit_card);
  if (random.chance(1, 6)) rules.budget_points = rules.points * random.between(2, 12);
  return rules;
}

/// The same, as the auditor has it.
audit::Rules describe_rules(const CampaignRules& rules) {
  audit::Rules out;
  out.campaign = rules.id.text();
  out.currency = std::string(rules.currency.text());
  out.threshold_minor = rules.threshold.units();
  out.window = rules.window;
  out.grace = rules.grace;
  for (const Rail rail : rules.rails) out.rails.emplace_back(to_string(rail));
  out.withdrawal_policy = std::string(to_string(rules.withdrawal_policy));
  out.minimum_minor = rules.minimum_load.units();
  if (rules.maximum_counted_per_load) {
    out.maximum_counted_minor = rules.maximum_counted_per_load->units();
  }
  return out;
}

std::vector<audit::Provider> make_providers() {
  const std::vector<std::string> cards{"debit_card", "apple_pay", "google_pay"};
  audit::Provider netset{"netset", cards, {"cardco"}};
  return {{"cardco", cards, {}},
          netset,
          {"bankco", {"bpay", "bank_transfer"}, {}},
          {"payco", {"npp"}, {}}};
}

void sort_messages(World& world, const WorldOptions& options) {
  std::erase_if(world.messages, [&](const Message& m) {
    return m.at >= world.ends_at || options.without_messages.contains(m.id);
  });
  std::sort(world.messages.begin(), world.messages.end(), [](const Message& a, const Message& b) {
    return a.at != b.at ? a.at < b.at : a.id < b.id;  // ids are unique
  });
}

/// Providers that shake hands: several events of one moment in one request.
void join_webhooks(World& world, Random random) {
  std::vector<Message> joined;
  std::map<std::string, std::size_t> last;  // by provider, into `joined`
  for (Message& message : world.messages) {
    auto* webhook = std::get_if<WebhookCall>(&message.body);
    const auto before = webhook ? last.find(webhook->provider) : last.end();
    const bool is_near =
        before != last.end() && message.at - joined[before->second].at < Duration::minutes(10);
    if (is_near && random.chance(1, 3)) {
      auto& earlier = std::get<WebhookCall>(joined[before->second].body);
      earlier.lines.insert(earlier.lines.end(), webhook->lines.begin(), webhook->lines.end());
      joined[before->second].at = message.at;
      continue;
    }
    if (webhook) last[webhook->provider] = joined.size();
    joined.push_back(std::move(message));
  }
  world.messages = std::move(joined);
}

}  // namespace

World draw_world(std::uint64_t seed, const WorldOptions& options) {
  World world;
  world.seed = seed;
  Random random(seed);
  const Shape shape(random);
  world.starts_at = *parse_rfc3339(kStarts[random.below(std::size(kStarts))]);
  world.campaigns.push_back(draw_rules(random, "cold"));
  if (random.chance(1, 2)) world.campaigns.push_back(draw_rules(random, "spring"));
  if (random.chance(1, 6)) {
    for (CampaignRules& rules : world.campaigns) rules.exclusion_group = "one-of-these";
  }
  for (const CampaignRules& rules : world.campaigns) {
    world.history.rules.push_back(describe_rules(rules));
  }
  world.history.providers = make_providers();
  const bool is_cumulative = random.chance(1, 2);
  const bool is_expected = random.chance(1, 2);
  world.series = {{"cardco"},
                  {"netset", false, false},
                  {"bankco", is_cumulative, is_expected},
                  {"payco", false, false}};
  const std::uint64_t file_seed = random.next();
  const std::uint64_t join_seed = random.next();
  const std::uint64_t member_seed = random.next();
  // The last enrolment, the longest window, all that may still come late, and every wait.
  world.ends_at = world.starts_at + Duration::days(10 + 30 + 2 + 20);
  std::vector<PendingRecord> records;
  for (std::size_t i = 0; i < options.members; ++i) {
    if (options.without_members.contains(i)) continue;
    MemberDraw(world, shape, member_seed + i * 0x9e3779b97f4a7c15ULL, i).draw(records);
  }
  draw_files(world, shape, Random(file_seed), std::move(records));
  sort_messages(world, options);
  join_webhooks(world, Random(join_seed));
  sort_messages(world, {});
  return world;
}

}  // namespace thaw
