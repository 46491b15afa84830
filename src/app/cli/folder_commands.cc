#include <fmt/format.h>

#include <array>
#include <filesystem>

#include "adapters/blobs/folder_blobs.h"
#include "adapters/clock/clock.h"
#include "adapters/crypto/sha256.h"
#include "adapters/json/json.h"
#include "app/cli/cli.h"
#include "app/cli/commands.h"
#include "app/server/api_keys.h"
#include "app/server/data_folder.h"
#include "app/server/engine_host.h"
#include "application/journal/verify.h"

namespace thaw::cli {
namespace {

/// How many blobs there are; the first whose bytes are not those of its name is an error.
Result<std::int64_t> verify_blobs(Disk& disk) {
  const auto names = disk.list(kBlobFolder);
  if (!names && names.error().code == ErrorCode::not_found) return 0;
  if (!names) return fail_with(names);
  std::int64_t count = 0;
  std::array<char, 65536> piece{};
  for (const std::string& name : *names) {
    if (name.size() != 64) continue;  // on its way in
    const auto file = disk.open(std::string(kBlobFolder) + "/" + name, OpenMode::read);
    if (!file) return fail_with(file);
    Sha256 digest;
    for (std::uint64_t at = 0;;) {
      const auto got = (*file)->read(at, piece);
      if (!got) return fail_with(got);
      if (*got == 0) break;
      digest.update({piece.data(), *got});
      at += *got;
    }
    if (to_hex(digest.finish()) != name) return fail(ErrorCode::corrupt, "blob " + name);
    ++count;
  }
  return count;
}

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

int report_verify_failure(const Error& error) {
  (void)fail_command(error);
  return error.code == ErrorCode::corrupt ? kDiscrepancy : kFailed;
}

}  // namespace

int verify(const FolderArguments& arguments) {
  if (const Status there = want_data_folder(arguments.data); !there) {
    return fail_command(there.error());
  }
  auto disk = PosixDisk::open(arguments.data);
  if (!disk) return fail_command(disk.error());
  const auto report = verify_journal(**disk, kJournalFolder);
  if (!report) return report_verify_failure(report.error());
  const auto blobs = verify_blobs(**disk);
  if (!blobs) return report_verify_failure(blobs.error());
  if (arguments.as_json) {
    Json json = Json::object().set("segments", static_cast<std::int64_t>(report->segments));
    json.set("frames", static_cast<std::int64_t>(report->frames));
    json.set("records", static_cast<std::int64_t>(report->records));
    json.set("last_sequence", static_cast<std::int64_t>(report->head.sequence));
    fmt::print("{}\n", json.set("blobs", *blobs).set("unsealed_at", report->unsealed_at).dump());
    return kOk;
  }
  fmt::print("journal: {} in {}, {}: right\nblobs: {}: right\n", count(report->records, "record"),
             count(report->frames, "group"), count(report->segments, "segment"), *blobs);
  if (!report->unsealed_at.empty()) {
    fmt::print("the last segment is open: {}\n", report->unsealed_at);
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
