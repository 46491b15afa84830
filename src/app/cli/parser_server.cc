#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "app/cli/cli.h"
#include "app/cli/commands.h"
#include "app/cli/parser.h"

namespace thaw::cli {
namespace {

constexpr const char* kVersion = "0.1.0";

void add_serve(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<ServeArguments>();
  CLI::App* command = app.add_subcommand("serve", "run the server");
  command->add_option("--config", arguments->config, "thaw.toml");
  command->add_option("--data", arguments->data, "the data folder");
  command->add_option("--listen", arguments->listen, "address:port; port 0 picks one");
  command->add_option("--clock", arguments->clock, "wall, or manual=2025-11-01T00:00:00Z");
  command->footer(
      "Examples:\n  thaw serve --config thaw.toml\n"
      "  thaw serve --config thaw.toml --data /var/lib/thaw --listen 127.0.0.1:8080");
  command->callback([arguments, &exit_code] { exit_code = serve(*arguments); });
}

void add_sandbox(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<SandboxArguments>();
  CLI::App* command =
      app.add_subcommand("loyalty-sandbox", "a stand-in for the points partner, with faults");
  command->add_option("--listen", arguments->listen, "address:port; port 0 picks one");
  command->add_option("--data", arguments->data, "where it keeps what it issued");
  command->add_option("--api-key", arguments->api_key, "asked of callers");
  command->footer("Example:\n  thaw loyalty-sandbox --listen 127.0.0.1:8090 --data points");
  command->callback([arguments, &exit_code] { exit_code = loyalty_sandbox(*arguments); });
}

}  // namespace

void add_server_commands(CLI::App& app, int& exit_code) {
  add_serve(app, exit_code);
  add_sandbox(app, exit_code);
  CLI::App* version = app.add_subcommand("version", "print the version");
  const auto as_json = std::make_shared<bool>(false);
  version->add_flag("--json", *as_json, "print JSON");
  version->callback([as_json] {
    fmt::print("{}\n", *as_json ? fmt::format("{{\"version\":\"{}\"}}", kVersion)
                                : fmt::format("thaw {}", kVersion));
  });
}

void add_folder_commands(CLI::App& app, int& exit_code) {
  auto folder = std::make_shared<FolderArguments>();
  const auto add = [&](const char* name, const char* what,
                       int (*carry_out)(const FolderArguments&)) {
    CLI::App* command = app.add_subcommand(name, what);
    command->add_option("--data", folder->data, "the data folder");
    command->add_flag("--json", folder->as_json, "print JSON");
    command->footer(fmt::format("Example:\n  thaw {} --data thaw-data", name));
    command->callback([=, &exit_code] { exit_code = carry_out(*folder); });
  };
  add("verify", "check every checksum and hash of a data folder; changes nothing", verify);
  add("rebuild-index", "make the index anew from the journal", rebuild_index);

  auto keys = std::make_shared<KeysArguments>();
  CLI::App* group = app.add_subcommand("keys", "API keys of a data folder");
  group->require_subcommand(1);
  const auto add_keys = [&](const char* name, const char* what,
                            int (*carry_out)(const KeysArguments&)) {
    CLI::App* command = group->add_subcommand(name, what);
    command->add_option("--data", keys->data, "the data folder");
    command->add_flag("--json", keys->as_json, "print JSON");
    command->callback([=, &exit_code] { exit_code = carry_out(*keys); });
    return command;
  };
  CLI::App* added = add_keys("add", "make a key and show it once", add_key);
  added->add_option("--principal", keys->principal, "whose key it is")->required();
  added
      ->add_option("--role", keys->roles,
                   "app, ingest, care, ops, approver, analyst, admin; may be repeated")
      ->required();
  added->footer("Example:\n  thaw keys add --principal ann --role approver --data thaw-data");
  add_keys("list", "who holds keys", list_keys);
  CLI::App* revoked = add_keys("revoke", "end a key at once", revoke_key);
  revoked->add_option("id", keys->id, "k_…, as `thaw keys list` shows it")->required();
}

}  // namespace thaw::cli
