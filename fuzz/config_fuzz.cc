#include <algorithm>

#include "adapters/zones/date_zones.h"
#include "app/config/config.h"
#include "fuzz/fuzz_target.h"

namespace thaw {
namespace {

constexpr Instant kNow{1'775'779'200'000};  // 2026-04-10

bool is_days(std::int64_t days) {
  return days >= 0 && days <= 36'525;
}

void check_calendar(const ProviderConfig& provider, const Zones& zones) {
  const FileCalendar& calendar = *provider.expected;
  CHECK(calendar.due_minutes >= 0 && calendar.due_minutes < 24 * 60);
  std::string before;
  for (const ExpectedFile& file : expected_files(calendar, provider.files.time_zone, kNow, zones)) {
    CHECK(before < file.business_date && parse_date(file.business_date));
    CHECK(file.day_from < file.day_until && file.day_until <= file.due_at);
    before = file.business_date;
  }
}

void check_provider(const ProviderConfig& provider, const Zones& zones) {
  CHECK(parse_provider_id(provider.id.text()) == provider.id);
  CHECK(provider.files.id == provider.id && provider.webhook_secrets.size() <= 2);
  CHECK(zones.knows(provider.files.time_zone));
  for (const auto& [rail, days] : provider.files.lags.by_rail) CHECK(is_days(days));
  if (provider.expected) check_calendar(provider, zones);
}

}  // namespace

void fuzz_one(std::string_view input) {
  static const DateZones zones;
  // They name what stands outside of the file: the result would be this machine's.
  for (const std::string_view outside : {"env:", "file:"}) {
    if (input.find(outside) != std::string_view::npos) return;
  }
  const auto config = parse_config(std::string(input), "thaw.toml", zones);
  if (!config) {  // every fault says its place
    CHECK(config.error().code == ErrorCode::invalid);
    CHECK(config.error().detail.starts_with("thaw.toml:"));
    return;
  }
  CHECK(parse_listen(config->listen) && config->certificate.empty() == config->private_key.empty());
  CHECK(config->loyalty.threads >= 1 && config->loyalty.threads <= 64);
  CHECK(config->loyalty.timeout >= Duration{0});
  CHECK(config->loyalty.worker.policy.max_attempts >= 1);
  for (const ProviderConfig& provider : config->providers) {
    check_provider(provider, zones);
    CHECK(std::ranges::count(config->providers, provider.id, &ProviderConfig::id) == 1);
  }
}

}  // namespace thaw
