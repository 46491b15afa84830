#include "app/config/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "adapters/toml/toml_table.h"

namespace thaw {
namespace {

/// `env:NAME` and `file:PATH` stand for what they name; all else for itself.
std::string resolve_secret(TomlTable& table, const char* key, const std::string& text) {
  if (text.starts_with("env:")) {
    const char* value = std::getenv(text.c_str() + 4);
    if (!value) table.fault(key, "the environment has no " + text.substr(4));
    return value ? value : "";
  }
  if (text.starts_with("file:")) {
    std::ifstream file(text.substr(5));
    std::string line;
    if (!std::getline(file, line)) table.fault(key, "cannot read " + text.substr(5));
    return line;
  }
  return text;
}

void read_rails(TomlTable& table, std::vector<Rail>& rails) {
  for (const std::string& name : table.texts("rails")) {
    const auto rail = parse_rail(name);
    if (rail) {
      rails.push_back(*rail);
    } else {
      table.fault("rails", "'" + name + "' is no rail");
    }
  }
}

std::optional<std::int64_t> parse_time_of_day(const std::string& text) {
  const auto is_digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  if (!is_digit(0) || !is_digit(1) || !is_digit(3) || !is_digit(4)) return std::nullopt;
  const int hours = (text[0] - '0') * 10 + (text[1] - '0');
  const int minutes = (text[3] - '0') * 10 + (text[4] - '0');
  if (hours > 23 || minutes > 59) return std::nullopt;
  return hours * 60 + minutes;
}

FileCalendar read_calendar(TomlTable table) {
  static constexpr std::array<std::string_view, 7> kDays{"sun", "mon", "tue", "wed",
                                                         "thu", "fri", "sat"};
  FileCalendar calendar;
  for (const std::string& name : table.texts("days")) {
    const auto day = std::find(kDays.begin(), kDays.end(), name);
    if (day == kDays.end()) {
      table.fault("days", "sun, mon, tue, wed, thu, fri or sat is wanted");
    } else {
      calendar.weekdays.push_back(static_cast<int>(day - kDays.begin()));
    }
  }
  if (!table.has("days")) calendar.weekdays = {1, 2, 3, 4, 5};
  for (const std::string& text : table.texts("holidays")) {
    const auto date = parse_date(text);
    if (date) {
      calendar.holidays.push_back(*date);
    } else {
      table.fault("holidays", "'" + text + "' is no date");
    }
  }
  const auto due = parse_time_of_day(table.text("due").value_or("23:59"));
  if (!due) table.fault("due", "a local time like \"13:00\" is wanted");
  calendar.due_minutes = due.value_or(0);
  table.finish();
  return calendar;
}

/// Whole days; other lengths are refused.
std::optional<std::int64_t> read_days(TomlTable& table, const char* key) {
  const auto length = table.duration(key);
  if (!length) return std::nullopt;
  if (length->ms < 0 || length->ms % Duration::days(1).ms != 0) {
    table.fault(key, "whole days like \"P5D\" are wanted");
    return std::nullopt;
  }
  return length->ms / Duration::days(1).ms;
}

/// By which paths loads of the rail come, in place of the default.
void read_paths(TomlTable& table, Rail rail, ProviderConfig& provider) {
  const std::vector<std::string> paths = table.texts("paths");
  const auto has = [&](const char* path) {
    return std::find(paths.begin(), paths.end(), path) != paths.end();
  };
  for (const std::string& path : paths) {
    if (path != "webhook" && path != "file") table.fault("paths", "webhook or file");
  }
  if (paths.empty()) table.fault("paths", "at least one of webhook and file");
  std::erase(provider.not_by_webhook, rail);
  if (!has("webhook")) provider.not_by_webhook.push_back(rail);
  if (!has("file")) provider.not_by_file.push_back(rail);
}

bool sends(const ProviderConfig& provider, Rail rail) {
  return std::find(provider.rails.begin(), provider.rails.end(), rail) != provider.rails.end();
}

/// `[providers.X.rail.bpay]`: what one rail has of its own.
void read_rail_tables(TomlTable& table, ProviderConfig& provider) {
  auto rails = table.table("rail");
  if (!rails) return;
  for (auto& [name, inner] : rails->tables()) {
    const auto rail = parse_rail(name);
    if (!rail) rails->fault(name, "no such rail");
    if (rail && !sends(provider, *rail)) {
      rails->fault(name, "not one of this provider's rails");
    }
    const auto days = read_days(inner, "settlement_lag");
    if (rail && days) provider.files.lags.by_rail.emplace_back(*rail, *days);
    if (rail && inner.has("paths")) read_paths(inner, *rail, provider);
    inner.finish();
  }
  rails->finish();
}

ProviderConfig read_provider(const std::string& name, TomlTable& table, const Zones& zones) {
  ProviderConfig provider;
  const auto id = parse_provider_id(name);
  if (!id) table.fault("rails", "a provider id is [a-z0-9-]{1,32}");
  provider.id = id.value_or(ProviderId("invalid"));
  provider.files.id = provider.id;
  read_rails(table, provider.rails);
  // Delayed rails come by file (SPEC §1), unless `paths` says otherwise.
  provider.not_by_webhook = {Rail::bpay, Rail::bank_transfer};
  for (const std::string& secret : table.texts("webhook_secrets")) {
    provider.webhook_secrets.push_back(resolve_secret(table, "webhook_secrets", secret));
  }
  if (provider.webhook_secrets.size() > 2) {
    table.fault("webhook_secrets", "at most two: the old one and the new one while they rotate");
  }
  provider.files.format = table.text("file_format").value_or("thaw-csv");
  if (provider.files.format != "thaw-csv") table.fault("file_format", "\"thaw-csv\" is wanted");
  provider.files.time_zone = table.text("time_zone").value_or("Australia/Sydney");
  if (!zones.knows(provider.files.time_zone)) table.fault("time_zone", "not in the zone data");
  for (const std::string& other : table.texts("settles_for")) {
    const auto settled = parse_provider_id(other);
    if (settled) {
      provider.files.settles_for.push_back(*settled);
    } else {
      table.fault("settles_for", "a provider id is [a-z0-9-]{1,32}");
    }
  }
  const std::string series = table.text("series").value_or("delta");
  if (series != "delta" && series != "cumulative") table.fault("series", "delta or cumulative");
  provider.files.is_cumulative = series == "cumulative";
  if (auto expected = table.table("expected")) provider.expected = read_calendar(*expected);
  read_rail_tables(table, provider);
  table.finish();
  return provider;
}

void read_server(TomlTable table, Config& config) {
  config.listen = table.text("listen").value_or(config.listen);
  if (!parse_listen(config.listen)) table.fault("listen", "address:port is wanted");
  config.certificate = table.text("certificate").value_or("");
  config.private_key = table.text("private_key").value_or("");
  config.is_behind_proxy = table.boolean("behind_proxy").value_or(false);
  if (config.certificate.empty() != config.private_key.empty()) {
    table.fault(config.certificate.empty() ? "private_key" : "certificate",
                "certificate and private_key go together");
  }
  table.finish();
}

void read_auth(TomlTable table, Config& config) {
  const std::string mode = table.text("mode").value_or("keys");
  if (mode != "keys" && mode != "none") table.fault("mode", "keys or none");
  config.auth = mode == "none" ? AuthMode::none : AuthMode::keys;
  table.finish();
}

std::int64_t read_count(TomlTable& table, const char* key, std::int64_t usual, std::int64_t most) {
  const auto value = table.integer(key);
  if (!value) return usual;
  if (*value >= 1 && *value <= most) return *value;
  table.fault(key, fmt::format("1 to {} is wanted", most));
  return usual;
}

/// A length of time of more than nothing.
Duration read_length(TomlTable& table, const char* key, Duration usual) {
  const auto length = table.duration(key);
  if (length && length->ms <= 0) table.fault(key, "longer than nothing is wanted");
  return length.value_or(usual);
}

void read_loyalty(TomlTable table, LoyaltyConfig& loyalty) {
  loyalty.url = table.text("url").value_or("");
  loyalty.api_key = resolve_secret(table, "api_key", table.text("api_key").value_or(""));
  loyalty.timeout = read_length(table, "timeout", loyalty.timeout);
  RewardPolicy& policy = loyalty.worker.policy;
  policy.idempotency_horizon =
      read_length(table, "idempotency_horizon", policy.idempotency_horizon);
  policy.max_attempts = read_count(table, "max_attempts", policy.max_attempts, 1000);
  loyalty.threads = static_cast<std::size_t>(read_count(table, "max_in_flight", 8, 64));
  loyalty.worker.max_in_flight = loyalty.threads;
  loyalty.worker.pace.rate_max = read_count(table, "max_rate", 0, 100'000);
  table.finish();
}

void read_storage(TomlTable table, Config& config) {
  config.data = table.text("data").value_or(config.data);
  table.finish();
}

void read_reports(TomlTable table, Config& config) {
  config.reports_url = table.text("url").value_or(config.reports_url);
  table.finish();
}

/// A misspelt provider would turn its confirmations into loads of their own.
void check_settled(TomlTable& table, const std::vector<ProviderConfig>& providers) {
  for (const ProviderConfig& provider : providers) {
    for (const ProviderId& settled : provider.files.settles_for) {
      const auto is_it = [&](const ProviderConfig& other) { return other.id == settled; };
      if (std::any_of(providers.begin(), providers.end(), is_it)) continue;
      table.fault(provider.id.text(), "settles_for: no provider " + settled.text());
    }
  }
}

Config read_root(TomlTable& root, const Zones& zones) {
  Config config;
  if (auto table = root.table("server")) read_server(*table, config);
  if (auto table = root.table("storage")) read_storage(*table, config);
  if (auto table = root.table("reports")) read_reports(*table, config);
  if (auto table = root.table("auth")) read_auth(*table, config);
  if (auto table = root.table("loyalty")) read_loyalty(*table, config.loyalty);
  if (auto table = root.table("providers")) {
    for (auto& [name, inner] : table->tables()) {
      config.providers.push_back(read_provider(name, inner, zones));
    }
    check_settled(*table, config.providers);
  }
  root.finish();
  return config;
}

/// An environment variable wins over the file, a flag over both.
void take_environment(const char* name, std::string& into) {
  if (const char* value = std::getenv(name)) into = value;
}

Status check_whole(const Config& config) {
  const auto listen = parse_listen(config.listen);
  if (!listen) return fail(ErrorCode::invalid, config.listen + ": address:port is wanted");
  if (listen->is_loopback()) return {};
  if (config.auth == AuthMode::none) {
    return fail(ErrorCode::invalid, "auth.mode = \"none\" is for loopback only, not for " +
                                        config.listen + ": use \"keys\"");
  }
  if (config.certificate.empty() && !config.is_behind_proxy) {
    return fail(ErrorCode::invalid,
                config.listen +
                    " is not loopback: set server.certificate and private_key, or "
                    "server.behind_proxy = true if a trusted proxy does TLS");
  }
  return {};
}

}  // namespace

Result<Config> parse_config(const std::string& text, const std::string& name, const Zones& zones) {
  auto root = TomlTable::parse(text, name);
  if (!root) return fail_with(root);
  Config config = read_root(*root, zones);
  if (root->faults().empty()) return config;
  return fail(ErrorCode::invalid, fmt::format("{}", fmt::join(root->faults(), "\n")));
}

Result<Config> load_config(const std::string& path, const ConfigOverrides& overrides,
                           const Zones& zones) {
  Config config;
  if (!path.empty()) {
    std::ifstream file(path);
    if (!file) return fail(ErrorCode::not_found, path + ": cannot be read");
    std::ostringstream text;
    text << file.rdbuf();
    auto parsed = parse_config(text.str(), path, zones);
    if (!parsed) return parsed;
    config = std::move(*parsed);
  }
  take_environment("THAW_LISTEN", config.listen);
  take_environment("THAW_DATA", config.data);
  take_environment("THAW_LOYALTY_URL", config.loyalty.url);
  take_environment("THAW_LOYALTY_API_KEY", config.loyalty.api_key);
  config.listen = overrides.listen.value_or(config.listen);
  config.data = overrides.data.value_or(config.data);
  if (const Status checked = check_whole(config); !checked) return fail_with(checked);
  return config;
}

bool FileCalendar::is_business_date(CivilDate date) const {
  const auto weekday = static_cast<int>((days_from_civil(date) + 4) % 7);  // 1970-01-01: Thursday
  return std::find(weekdays.begin(), weekdays.end(), weekday) != weekdays.end() &&
         std::find(holidays.begin(), holidays.end(), date) == holidays.end();
}

std::vector<ExpectedFile> expected_files(const FileCalendar& calendar, const std::string& zone,
                                         Instant now, const Zones& zones) {
  constexpr std::int64_t kDaysBack = 190;
  constexpr std::int64_t kDaysAhead = 20;
  const std::int64_t today = days_from_civil(zones.date_of(now, zone));
  std::vector<ExpectedFile> files;
  for (std::int64_t day = std::max<std::int64_t>(0, today - kDaysBack); day < today + kDaysAhead;
       ++day) {
    const CivilDate date = civil_from_days(day);
    if (!calendar.is_business_date(date)) continue;
    std::int64_t due_day = day + 1;
    while (due_day < day + 30 && !calendar.is_business_date(civil_from_days(due_day))) ++due_day;
    files.push_back(
        {to_string(date), zones.start_of(date, zone),
         zones.start_of(civil_from_days(day + 1), zone),
         zones.start_of(civil_from_days(due_day), zone) + Duration::minutes(calendar.due_minutes)});
  }
  return files;
}

std::optional<ListenAddress> parse_listen(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return std::nullopt;
  ListenAddress address;
  address.host = text.substr(0, colon);
  if (address.host.starts_with('[') && address.host.ends_with(']')) {
    address.host = address.host.substr(1, address.host.size() - 2);
  }
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, address.port);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return address;
}

bool ListenAddress::is_loopback() const {
  return host == "::1" || host.starts_with("127.");
}

}  // namespace thaw
