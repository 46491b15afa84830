#include "app/cli/cli.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/cli/commands.h"
#include "app/cli/parser.h"

namespace thaw::cli {

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
    return app.exit(error) == 0 ? kOk : kUsage;
  }
  return exit_code;
}

}  // namespace thaw::cli
