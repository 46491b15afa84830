#include <fmt/format.h>

#include <filesystem>

#include "adapters/clock/clock.h"
#include "adapters/json/json.h"
#include "app/cli/cli.h"
#include "app/cli/commands.h"
#include "app/server/api_keys.h"
#include "app/server/data_folder.h"
#include "app/server/engine_host.h"
#include "app/server/verify_folder.h"

namespace thaw::cli {
namespace {

std::string count(std::uint64_t number, const char* what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

/// A misspelt path must not pass for an empty folder.
Status want_data_folder(const std::string& path) {
  if (std::filesystem::exists(path + "/FORMAT") || std::filesystem::exists(path + "/keys.json")) {
    return {};
  }
  return fail(ErrorCode::not_found, path + ": no thaw data there");
}

/// Damage found is told apart from what could not be looked at.
int report_findings(const std::vector<Error>& findings) {
  bool is_damaged = false;
  for (const Error& finding : findings) {
    (void)fail_command(finding);
    is_damaged = is_damaged || finding.code == ErrorCode::corrupt;
  }
  return is_damaged ? kDiscrepancy : kFailed;
}

Json to_json(const FolderReport& report) {
  const auto number = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
  return Json::object()
      .set("segments", number(report.journal.segments))
      .set("frames", number(report.journal.frames))
      .set("records", number(report.journal.records))
      .set("last_sequence", number(report.journal.head.sequence))
      .set("indexed_sequence", number(report.index_position.value_or(0)))
      .set("blobs", report.blobs)
      .set("unsealed_at", report.journal.unsealed_at);
}

void print_report(const FolderReport& report) {
  const VerifyReport& journal = report.journal;
  fmt::print("journal: {} in {}, {}: right\n", count(journal.records, "record"),
             count(journal.frames, "group"), count(journal.segments, "segment"));
  if (report.index_position) {
    fmt::print("index: through record {}: right\n", *report.index_position);
  } else {
    fmt::print("index: none, the next start makes it\n");
  }
  fmt::print("blobs: {}: right\nFORMAT, keys.json, reference.key: right\n", report.blobs);
  if (!journal.unsealed_at.empty()) {
    fmt::print("the last segment is open: {}\n", journal.unsealed_at);
  }
}

}  // namespace

int verify(const FolderArguments& arguments) {
  if (const Status there = want_data_folder(arguments.data); !there) {
    return fail_command(there.error());
  }
  const auto report = verify_folder(arguments.data);
  if (!report) return fail_command(report.error());
  if (!report->findings.empty()) return report_findings(report->findings);
  if (arguments.as_json) {
    fmt::print("{}\n", to_json(*report).dump());
  } else {
    print_report(*report);
  }
  return kOk;
}

int rebuild_index(const FolderArguments& arguments) {
  if (const Status there = want_data_folder(arguments.data); !there) {
    return fail_command(there.error());
  }
  {
    auto folder = open_data_folder(arguments.data);
    if (!folder) return fail_command(folder.error());
    std::error_code error;
    std::filesystem::remove_all(arguments.data + "/" + kIndexFolder, error);
    if (error) return fail_command("index: " + error.message());
  }
  const std::int64_t from = monotonic_ms();
  const WallClock clock;
  auto host = EngineHost::open(arguments.data, [&clock] { return clock.now(); });
  if (!host) return fail_command(host.error());
  const std::uint64_t records = (*host)->engine().last_sequence();
  if (const Status stopped = (*host)->stop(); !stopped) return fail_command(stopped.error());
  const std::int64_t spent = monotonic_ms() - from;
  if (arguments.as_json) {
    fmt::print("{}\n", Json::object()
                           .set("records", static_cast<std::int64_t>(records))
                           .set("milliseconds", spent)
                           .dump());
  } else {
    fmt::print("index rebuilt from {} in {} ms\n", count(records, "record"), spent);
  }
  return kOk;
}

int add_key(const KeysArguments& arguments) {
  std::vector<api::Role> roles;
  for (const std::string& name : arguments.roles) {
    const auto role = api::parse_role(name);
    if (!role) {
      (void)fail_command("--role " + name +
                         ": app, ingest, care, ops, approver, analyst or admin is wanted");
      return kUsage;
    }
    roles.push_back(*role);
  }
  std::error_code error;
  std::filesystem::create_directories(arguments.data, error);
  ApiKeys keys(arguments.data);
  const auto key = keys.add(arguments.principal, roles, WallClock().now());
  if (!key) return fail_command(key.error());
  if (arguments.as_json) {
    Json list = Json::array();
    for (const std::string& name : arguments.roles) list.push(name);
    fmt::print("{}\n", Json::object()
                           .set("key", *key)
                           .set("principal", arguments.principal)
                           .set("roles", list)
                           .dump());
    return kOk;
  }
  fmt::print(stderr, "The key of {}; it is shown this once:\n", arguments.principal);
  fmt::print("{}\n", *key);
  return kOk;
}

namespace {

Json render_keys(const std::vector<ApiKey>& keys) {
  Json items = Json::array();
  for (const ApiKey& key : keys) {
    Json roles = Json::array();
    for (const api::Role role : key.roles) roles.push(to_string(role));
    items.push(Json::object()
                   .set("id", key.id)
                   .set("principal", key.principal)
                   .set("roles", roles)
                   .set("created_at", to_rfc3339(key.created_at))
                   .set("revoked", key.is_revoked));
  }
  return Json::object().set("items", items);
}

}  // namespace

int list_keys(const KeysArguments& arguments) {
  if (const Status there = want_data_folder(arguments.data); !there) {
    return fail_command(there.error());
  }
  const auto keys = ApiKeys(arguments.data).load();
  if (!keys) return fail_command(keys.error());
  if (arguments.as_json) {
    fmt::print("{}\n", render_keys(*keys).dump());
    return kOk;
  }
  for (const ApiKey& key : *keys) {
    std::vector<std::string_view> roles;
    for (const api::Role role : key.roles) roles.push_back(to_string(role));
    fmt::print("{}  {:<20}  {:<24}  {}  {}\n", key.id, key.principal,
               fmt::format("{}", fmt::join(roles, ",")), to_rfc3339(key.created_at),
               key.is_revoked ? "revoked" : "valid");
  }
  return kOk;
}

int revoke_key(const KeysArguments& arguments) {
  const Status revoked = ApiKeys(arguments.data).revoke(arguments.id);
  return revoked ? kOk : fail_command(revoked.error());
}

}  // namespace thaw::cli
