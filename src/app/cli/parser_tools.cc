#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>

#include "app/bench/http_bench.h"
#include "app/bench/import_bench.h"
#include "app/bench/ledger_bench.h"
#include "app/bench/timers_bench.h"
#include "app/cli/cli.h"
#include "app/cli/commands.h"
#include "app/cli/parser.h"
#include "app/demo/demo.h"
#include "app/simulate/simulate.h"

namespace thaw::cli {
namespace {

/// A folder of its own under `parent`, gone when this goes.
class ScratchFolder {
 public:
  explicit ScratchFolder(const std::string& parent) : path_(parent + "/thaw-bench-XXXXXX") {
    std::error_code error;
    std::filesystem::create_directories(parent, error);
    if (!mkdtemp(path_.data())) path_.clear();
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code error;
    if (!path_.empty()) std::filesystem::remove_all(path_, error);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// Runs a benchmark in a scratch folder on the disk of `parent`.
template <typename Options>
int run_in_scratch(Options options, const std::string& parent,
                   int (*bench)(const Options&, std::ostream&, std::ostream&)) {
  const ScratchFolder folder(parent);
  if (folder.path().empty()) return fail_command("no folder can be made under " + parent);
  options.folder = folder.path();
  return bench(options, std::cout, std::cerr);
}

/// In a folder that stays, for a run whose preparing takes longer than what it measures.
int run_in_prepared(LedgerBenchOptions options) {
  std::error_code error;
  options.is_prepared = !std::filesystem::create_directories(options.folder, error);
  if (error) return fail_command(options.folder + ": " + error.message());
  return run_ledger_bench(options, std::cout, std::cerr);
}

void add_ledger_bench(CLI::App* group, const std::shared_ptr<std::string>& parent, int& exit_code) {
  auto options = std::make_shared<LedgerBenchOptions>();
  CLI::App* command = group->add_subcommand("ledger", "durable loads in this process");
  command->add_option("--members", options->members, "enrolled members");
  command->add_option("--loads", options->loads, "measured, for each group size");
  command->add_option("--loads-before", options->loads_before, "on disk before");
  command->add_option("--member-cache", options->member_cache_mib, "MiB of members kept in memory");
  command->add_option("--readers", options->readers, "threads that read progress meanwhile");
  command->add_option("--group", options->groups, "loads that one sync makes durable");
  command->add_option("--prepared", options->folder,
                      "a folder that keeps members and loads before; made by the first run in it");
  command->add_flag("--postgres", options->with_postgres, "PostgreSQL does the same beside it");
  command->add_flag("--json", options->is_json, "print JSON");
  command->callback([=, &exit_code] {
    exit_code = options->folder.empty() ? run_in_scratch(*options, *parent, run_ledger_bench)
                                        : run_in_prepared(*options);
  });
}

void add_http_bench(CLI::App* group, const std::shared_ptr<std::string>& parent, int& exit_code) {
  auto options = std::make_shared<HttpBenchOptions>();
  CLI::App* command = group->add_subcommand("http", "signed webhooks to a server, open loop");
  command->add_option("--members", options->members, "enrolled members");
  command->add_option("--rate", options->rate, "loads a second that are asked for");
  command->add_option("--seconds", options->seconds, "how long");
  command->add_option("--events", options->events, "in one request");
  command->add_option("--connections", options->connections, "kept open");
  command->add_flag("--json", options->is_json, "print JSON");
  command->callback(
      [=, &exit_code] { exit_code = run_in_scratch(*options, *parent, run_http_bench); });
}

void add_timers_bench(CLI::App* group, const std::shared_ptr<std::string>& parent, int& exit_code) {
  auto options = std::make_shared<TimersBenchOptions>();
  CLI::App* command = group->add_subcommand("timers", "how late a herd of timers fires");
  command->add_option("--outstanding", options->outstanding, "timers that are not due");
  command->add_option("--herd", options->herd, "due within one second");
  command->add_flag("--json", options->is_json, "print JSON");
  command->callback(
      [=, &exit_code] { exit_code = run_in_scratch(*options, *parent, run_timers_bench); });
}

void add_import_bench(CLI::App* group, const std::shared_ptr<std::string>& parent, int& exit_code) {
  auto options = std::make_shared<ImportBenchOptions>();
  CLI::App* command = group->add_subcommand("import", "a settlement file, checked and applied");
  command->add_option("--members", options->members, "enrolled members");
  command->add_option("--records", options->records, "in the file");
  command->add_flag("--json", options->is_json, "print JSON");
  command->callback(
      [=, &exit_code] { exit_code = run_in_scratch(*options, *parent, run_import_bench); });
}

/// The parser would take -1 for the largest number there is.
std::string refuse_sign(const std::string& text) {
  return text.starts_with('-') ? text + ": give a whole number, 0 or more" : "";
}

void add_sim(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<SimulateOptions>();
  CLI::App* command = app.add_subcommand("sim", "seeded campaigns with crashes and faults");
  command->add_option("seed", options->seed, "this one alone, traced; or the first of many")
      ->check(refuse_sign);
  command->add_option("--seeds", options->seeds,
                      fmt::format("how many, one after the other [{}]", kSeedsByDefault));
  command->add_option("--ticks", options->ticks, "instead: seeds until so many steps are done");
  command->add_option("--hours", options->hours, "instead: seeds for so long");
  command->add_option("--members", options->members,
                      fmt::format("in each [{}]", kMembersByDefault));
  command
      ->add_option("--ledger", options->ledger, "engine, on a simulated disk; or memory [engine]")
      ->check(CLI::IsMember({"engine", "memory"}));
  command->add_option("--without-members", options->without_members, "of one seed: 0 is M0")
      ->delimiter(',');
  command->add_option("--only", options->only, "of one seed: these messages, by the ids of a trace")
      ->delimiter(',')
      ->check(refuse_sign);
  command->add_option("--commit", options->commit, "named beside a seed that fails");
  command->add_flag("--trace", options->is_traced, "say all that happens");
  command->add_flag("--minimise", options->minimises, "look for a smaller world that fails alike");
  command->add_flag("--json", options->is_json, "print JSON; a trace goes to standard error");
  command->footer("Examples:\n  thaw sim --seeds 1000\n  thaw sim 42 --minimise");
  command->callback([=, &exit_code] {
    if (const auto fault = find_fault(*options)) throw CLI::ValidationError(*fault);
    exit_code = run_simulate(*options, std::cout, std::cerr);
  });
}

void add_demo(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<DemoOptions>();
  options->folder = "thaw-demo";
  CLI::App* command =
      app.add_subcommand("demo", "a whole campaign month in a minute, faults and kill -9 included");
  command->add_option("--folder", options->folder, "where everything that was sent is left");
  command->add_option("--members", options->members, "how many enrol");
  command->add_option("--seed", options->seed, "another seed is another month");
  command->add_flag("--keep-serving", options->keep_serving, "leave server and partner running");
  command->add_flag("--json", options->json, "print the result as JSON");
  command->footer("Example:\n  thaw demo --members 1000 --keep-serving");
  command->callback([=, &exit_code] {
    std::error_code error;
    options->program = std::filesystem::read_symlink("/proc/self/exe", error).string();
    exit_code = error ? fail_command("/proc/self/exe: " + error.message())
                      : run_demo(*options, std::cout, std::cerr);
  });
}

}  // namespace

void add_tool_commands(CLI::App& app, int& exit_code) {
  add_demo(app, exit_code);
  add_sim(app, exit_code);
  CLI::App* group = app.add_subcommand("bench", "measure this machine");
  group->require_subcommand(1);
  auto parent = std::make_shared<std::string>(std::filesystem::temp_directory_path().string());
  group->add_option("--folder", *parent, "a folder on the disk to measure");
  add_ledger_bench(group, parent, exit_code);
  add_http_bench(group, parent, exit_code);
  add_timers_bench(group, parent, exit_code);
  add_import_bench(group, parent, exit_code);
}

}  // namespace thaw::cli
