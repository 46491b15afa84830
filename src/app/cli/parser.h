#pragma once

namespace CLI {
class App;
}

namespace thaw::cli {

// Each adds its commands to the parser; a command leaves its exit code behind.

void add_server_commands(CLI::App& app, int& exit_code);  // serve, loyalty-sandbox, version
void add_folder_commands(CLI::App& app, int& exit_code);  // keys, verify, rebuild-index
void add_tool_commands(CLI::App& app, int& exit_code);    // demo, sim, bench
void add_client_commands(CLI::App& app, int& exit_code);  // calls to a running server

}  // namespace thaw::cli
