#pragma once

#include <optional>
#include <string>
#include <vector>

#include "application/ports/zones.h"
#include "application/rewards/reward_worker.h"
#include "application/settlement/importer.h"
#include "base/result.h"
#include "domain/rows.h"

namespace thaw {

enum class AuthMode { keys, none };

/// When a provider's files are expected (SPEC §2.6): one for each business date, due at a local
/// time of the next one.
struct FileCalendar {
  std::vector<int> weekdays;  // 0 Sunday … 6 Saturday
  std::vector<CivilDate> holidays;
  std::int64_t due_minutes = 0;  // after local midnight of the next business date

  bool is_business_date(CivilDate date) const;
};

struct ProviderConfig {
  ProviderId id;
  std::vector<Rail> rails;
  std::vector<Rail> not_by_webhook;
  std::vector<Rail> not_by_file;
  std::vector<std::string> webhook_secrets;  // resolved
  ProviderFiles files;
  std::optional<FileCalendar> expected;
};

struct LoyaltyConfig {
  std::string url;  // empty: rewards wait
  std::string api_key;
  Duration timeout = Duration::seconds(10);
  RewardWorkerOptions worker;
  std::size_t threads = 8;  // max_in_flight
};

/// What `thaw serve` reads from thaw.toml, THAW_* and flags (SPEC §3.3).
struct Config {
  std::string listen = "127.0.0.1:8080";
  std::string certificate;  // PEM file; both or none
  std::string private_key;
  bool is_behind_proxy = false;  // a stated trusted proxy does TLS
  std::string data = "thaw-data";
  std::string reports_url = "sqlite:reports.db";
  AuthMode auth = AuthMode::keys;
  LoyaltyConfig loyalty;
  std::vector<ProviderConfig> providers;
};

/// Flags and environment, in the order in which they win.
struct ConfigOverrides {
  std::optional<std::string> listen;
  std::optional<std::string> data;
};

/// ErrorCode::invalid with every fault on a line of its own: file, line, column, key, what is
/// wanted. `env:NAME` and `file:PATH` are resolved here.
Result<Config> load_config(const std::string& path, const ConfigOverrides& overrides,
                           const Zones& zones);
Result<Config> parse_config(const std::string& text, const std::string& name, const Zones& zones);

/// The calendar's files around `now`, each local day resolved: from the longest window back to some
/// days ahead.
std::vector<ExpectedFile> expected_files(const FileCalendar& calendar, const std::string& zone,
                                         Instant now, const Zones& zones);

struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;
  bool is_loopback() const;
};
/// "127.0.0.1:8080", "[::1]:0"; nothing for other text.
std::optional<ListenAddress> parse_listen(const std::string& text);

}  // namespace thaw
