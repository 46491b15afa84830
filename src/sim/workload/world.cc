#include "sim/workload/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/workload/file_draw.h"
#include "sim/workload/handling_draw.h"
#include "sim/workload/member_draw.h"
#include "sim/workload/reference_draw.h"
#include "sim/workload/shape.h"

namespace thaw {
namespace {

// The second window goes over the end of daylight saving time and Easter, the third over its start.
constexpr const char* kStarts[] = {"2025-11-01T00:00:00Z", "2026-03-12T00:00:00Z",
                                   "2026-09-10T00:00:00Z"};

// Of what is drawn from a source of its own, apart from what was drawn before it was thought of.
constexpr std::uint64_t kHandlingSeed = 0xca9ce11ULL;
constexpr std::uint64_t kLimitsSeed = 0xb0d9e7ULL;
constexpr std::uint64_t kZonesSeed = 0x20e5ULL;
constexpr std::uint64_t kReferencesSeed = 0x4efe4e9ceULL;
constexpr std::uint64_t kVersionsSeed = 0x7e4510ULL;
constexpr std::uint64_t kPathsSeed = 0x9a7b5ULL;

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
  return rules;
}

/// What limits who is admitted, and until when a late change is made by itself: a budget for some
/// of the members, one campaign of a group each.
void draw_limits(World& world, Random random, std::size_t members) {
  const bool is_grouped = world.campaigns.size() > 1 && random.chance(1, 5);
  for (CampaignRules& rules : world.campaigns) {
    if (random.chance(1, 3)) rules.late_until = Duration::days(3);
    if (is_grouped) rules.exclusion_group = "one-of-these";
    if (!random.chance(1, 4)) continue;
    const auto most = std::max<std::int64_t>(4, static_cast<std::int64_t>(members));
    rules.budget_points = rules.points * random.between(4, most);
  }
}

/// Some providers are in another zone than the campaign; and short windows, too, go over a change
/// of clocks.
void draw_zones(World& world, Random random) {
  for (audit::Provider& provider : world.history.providers) {
    if (random.chance(1, 4)) provider.time_zone = "UTC";
  }
  const auto is_short = [](const CampaignRules& rules) {
    return rules.window < Duration::days(30);
  };
  if (std::ranges::all_of(world.campaigns, is_short) && random.chance(1, 2)) {
    world.starts_at = world.starts_at + Duration::days(17);
  }
}

/// Some rails come from a provider by one of the two paths only; by the other they are refused.
void draw_paths(World& world, const Shape& shape, Random random) {
  for (audit::Provider& provider : world.history.providers) {
    if (!random.chance(shape.one_path, 100)) continue;
    const std::string& rail = provider.rails[random.below(provider.rails.size())];
    (random.chance(1, 2) ? provider.not_by_webhook : provider.not_by_file).push_back(rail);
  }
}

/// Some campaigns are published anew while members enrol, with other rules and points.
void draw_successors(World& world, Random random) {
  for (const CampaignRules& first : world.campaigns) {
    if (!random.chance(1, 3)) continue;
    CampaignRules rules = draw_rules(random, first.id.text().c_str());
    rules.version = 2;
    rules.window = std::min(rules.window, first.window);  // or the world would end before a verdict
    if (random.chance(1, 2)) rules.points = 1000;
    rules.late_until = first.late_until;
    rules.exclusion_group = first.exclusion_group;
    rules.budget_points = first.budget_points;
    const Duration after = Duration::milliseconds(random.between(0, Duration::days(7).ms));
    const std::size_t successor = world.successors.size();
    world.successors.push_back(std::move(rules));
    world.messages.push_back({world.starts_at + after, successor, PublishCall{successor}});
  }
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
  out.points = rules.points;
  return out;
}

std::vector<audit::Provider> make_providers() {
  const std::vector<std::string> cards{"debit_card", "apple_pay", "google_pay"};
  audit::Provider netset{"netset", cards, {"cardco", "cardtwo"}};
  return {{"cardco", cards, {}},
          netset,
          {"bankco", {"bpay", "bank_transfer"}, {}},
          {"payco", {"npp"}, {}},
          {"cardtwo", cards, {}}};
}

void sort_messages(World& world) {
  std::erase_if(world.messages, [&](const Message& m) { return m.at >= world.ends_at; });
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

const CampaignRules& rules_at(const World& world, std::size_t index) {
  const std::size_t first = world.campaigns.size();
  return index < first ? world.campaigns[index] : world.successors.at(index - first);
}

std::optional<std::size_t> find_version(const World& world, std::string_view campaign,
                                        std::int64_t version) {
  for (std::size_t i = 0; i < world.history.rules.size(); ++i) {
    const CampaignRules& rules = rules_at(world, i);
    if (rules.id.text() == campaign && rules.version == version) return i;
  }
  return std::nullopt;
}

Duration reckon_offset(const World& world, const std::string& provider, Duration in_sydney) {
  const auto found = std::ranges::find(world.history.providers, provider, &audit::Provider::id);
  const bool is_utc = found != world.history.providers.end() && found->time_zone == "UTC";
  return is_utc ? Duration() : in_sydney;
}

World draw_world(std::uint64_t seed, const WorldOptions& options) {
  World world;
  world.seed = seed;
  Random random(seed);
  const Shape shape(random);
  world.starts_at = *parse_rfc3339(kStarts[random.below(std::size(kStarts))]);
  world.campaigns.push_back(draw_rules(random, "cold"));
  if (random.chance(1, 2)) world.campaigns.push_back(draw_rules(random, "spring"));
  draw_limits(world, Random(seed ^ kLimitsSeed), options.members);
  world.history.providers = make_providers();
  draw_zones(world, Random(seed ^ kZonesSeed));
  draw_paths(world, shape, Random(seed ^ kPathsSeed));
  draw_successors(world, Random(seed ^ kVersionsSeed));
  for (std::size_t i = 0; i < world.campaigns.size() + world.successors.size(); ++i) {
    world.history.rules.push_back(describe_rules(rules_at(world, i)));
  }
  const bool is_cumulative = random.chance(1, 2);
  const bool is_expected = random.chance(1, 2);
  world.history.providers[2].is_cumulative = is_cumulative;
  world.series = {{"cardco"},
                  {"netset", false, false},
                  {"bankco", is_cumulative, is_expected},
                  {"payco", false, false},
                  {"cardtwo", false, false}};
  const std::uint64_t file_seed = random.next();
  const std::uint64_t join_seed = random.next();
  const std::uint64_t member_seed = random.next();
  // The last enrolment, the longest window, all that may still come late, and every wait.
  world.ends_at = world.starts_at + Duration::days(10 + 30 + 2 + 20);
  std::vector<PendingRecord> records;
  for (std::size_t i = 0; i < options.members; ++i) {
    if (options.without_members.contains(i)) continue;
    const std::uint64_t own_seed = member_seed + i * 0x9e3779b97f4a7c15ULL;
    MemberDraw(world, shape, own_seed, i).draw(records);
    draw_handling(world, shape, Random(own_seed ^ kHandlingSeed), i);
  }
  draw_passing_on(world, shape, Random(seed ^ kReferencesSeed), options.members);
  draw_files(world, shape, Random(file_seed), std::move(records));
  sort_messages(world);
  join_webhooks(world, Random(join_seed));
  sort_messages(world);
  // Of what is sent in the end, so that one left out changes no other.
  if (!options.only_messages.empty()) {
    std::erase_if(world.messages,
                  [&](const Message& m) { return !options.only_messages.contains(m.id); });
  }
  return world;
}

}  // namespace thaw
