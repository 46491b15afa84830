#include "app/cli/cli.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "app/cli/commands.h"
#include "app/cli/nearest.h"
#include "app/cli/parser.h"

namespace thaw::cli {
namespace {

std::vector<const CLI::App*> commands_of(const CLI::App& group) {
  return group.get_subcommands([](const CLI::App*) { return true; });
}

/// Where a command should stand, and what stands there.
struct UnknownCommand {
  const CLI::App* group = nullptr;
  std::string before = "thaw";  // the words up to there
  std::string word;
};

/// Nothing if each word up to the first option or argument is a command.
std::optional<UnknownCommand> find_unknown(const CLI::App& app, int argc, const char* const* argv) {
  UnknownCommand unknown{&app};
  for (int i = 1; i < argc && argv[i][0] != '-'; ++i) {
    const auto commands = commands_of(*unknown.group);
    if (commands.empty()) return std::nullopt;
    unknown.word = argv[i];
    const auto found = std::find_if(commands.begin(), commands.end(), [&](const CLI::App* command) {
      return command->get_name() == unknown.word;
    });
    if (found == commands.end()) return unknown;
    unknown.group = *found;
    unknown.before += " " + unknown.word;
  }
  return std::nullopt;
}

int refuse(const UnknownCommand& unknown) {
  std::vector<std::string> names;
  for (const CLI::App* command : commands_of(*unknown.group)) names.push_back(command->get_name());
  fmt::print(stderr, "{}: unknown command '{}'", unknown.before, unknown.word);
  if (const auto nearest = find_nearest(unknown.word, names)) {
    fmt::print(stderr, "; did you mean `{} {}`?", unknown.before, *nearest);
  }
  fmt::print(stderr, "\n`{} --help` lists the commands\n", unknown.before);
  return kUsage;
}

}  // namespace

int run(int argc, const char* const* argv) {
  CLI::App app{"thaw: activation campaigns for a prepaid travel-money card"};
  app.require_subcommand(1);
  app.set_help_all_flag("--help-all", "help of every command");
  int exit_code = kOk;
  add_server_commands(app, exit_code);
  add_folder_commands(app, exit_code);
  add_client_commands(app, exit_code);
  add_tool_commands(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const auto unknown = find_unknown(app, argc, argv);
    if (unknown && error.get_exit_code() != 0) return refuse(*unknown);
    return app.exit(error) == 0 ? kOk : kUsage;
  }
  return exit_code;
}

}  // namespace thaw::cli
