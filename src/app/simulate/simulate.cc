#include "app/simulate/simulate.h"

#include <fmt/format.h>

#include <cstddef>
#include <ostream>

#include "adapters/json/json.h"
#include "app/bench/stopwatch.h"
#include "app/simulate/sums.h"
#include "sim/campaign/minimise.h"
#include "sim/campaign/telling.h"

/// jemalloc's, where the binary has it.
extern "C" int mallctl(const char* name, void* old, std::size_t* old_size, void* value,
                       std::size_t size) __attribute__((weak));

namespace thaw {
namespace {

/// The server keeps what it has freed (docs/adr/0024). Of thousands of worlds, each with tables of
/// another size, that would be 50 MB for each.
void give_memory_back() {
  if (mallctl == nullptr) return;
  std::ptrdiff_t ms = 1000;
  for (const char* name : {"arenas.dirty_decay_ms", "arena.0.dirty_decay_ms"}) {
    (void)mallctl(name, nullptr, nullptr, &ms, sizeof ms);
  }
}

constexpr int kOk = 0;
constexpr int kDiscrepancy = 3;
constexpr std::int64_t kSeedsThatReachAll = 200;
constexpr double kProgressSeconds = 2;

SimOptions make_sim_options(const SimulateOptions& options) {
  SimOptions sim;
  sim.ledger = options.ledger == "memory" ? SimLedger::memory : SimLedger::engine;
  sim.world.members = static_cast<std::size_t>(options.members);
  sim.world.without_members.insert(options.without_members.begin(), options.without_members.end());
  sim.world.only_messages.insert(options.only.begin(), options.only.end());
  return sim;
}

/// All seeds of one call.
class Simulation {
 public:
  Simulation(const SimulateOptions& options, std::ostream& out, std::ostream& progress,
             const RunCampaign& run_campaign)
      : options_(options),
        out_(out),
        progress_(progress),
        run_campaign_(run_campaign),
        sim_(make_sim_options(options)) {
    const bool is_read = options.is_traced || (is_replay() && !options.is_json);
    if (is_read) sim_.trace = make_trace();
  }

  int run() {
    const std::uint64_t first = options_.seed.value_or(1);
    for (std::uint64_t seed = first; !is_done(static_cast<std::int64_t>(seed - first)); ++seed) {
      if (sim_.trace && !is_replay()) sim_.trace(fmt::format("seed {}", seed));
      const SimReport report = run_campaign_(seed, sim_);
      add(sums_, report);
      if (!report.violations.empty()) {
        options_.is_json ? tell_failure_in_json(report) : tell_failure(report);
        return kDiscrepancy;
      }
      show_progress();
    }
    const auto unreached = find_unreached();
    options_.is_json ? tell_in_json(unreached) : tell(unreached);
    return unreached.empty() ? kOk : kDiscrepancy;
  }

 private:
  bool is_replay() const {
    return options_.seed && !options_.seeds && !options_.ticks && !options_.hours;
  }

  /// JSON has standard output for itself.
  std::function<void(const std::string&)> make_trace() {
    std::ostream& reader = options_.is_json ? progress_ : out_;
    return [&reader](const std::string& line) { reader << line << '\n'; };
  }

  bool is_done(std::int64_t done) const {
    if (options_.ticks) return sums_.of.ticks >= *options_.ticks;
    if (options_.hours) return watch_.seconds() >= static_cast<double>(*options_.hours) * 3600;
    return done >= options_.seeds.value_or(is_replay() ? 1 : kSeedsByDefault);
  }

  void show_progress() {
    if (is_replay() || watch_.seconds() < shown_at_ + kProgressSeconds) return;
    shown_at_ = watch_.seconds();
    progress_ << fmt::format("{} seeds, {} member-windows, {} faults\n", sums_.seeds,
                             sums_.of.windows, sums_.of.faults());
  }

  std::string name_replay(std::uint64_t seed, const WorldOptions& world) const {
    std::string command = fmt::format("./dev sim {}", seed);
    if (options_.ledger == "memory") command += " --ledger memory";
    if (options_.members != kMembersByDefault) {
      command += fmt::format(" --members {}", options_.members);
    }
    if (!world.without_members.empty()) {
      command += fmt::format(" --without-members {}", fmt::join(world.without_members, ","));
    }
    if (!world.only_messages.empty()) {
      command += fmt::format(" --only {}", fmt::join(world.only_messages, ","));
    }
    return command;
  }

  void tell_failure(const SimReport& report) {
    for (const std::string& violation : report.violations) {
      out_ << fmt::format("seed {}: {}\n", report.seed, violation);
    }
    const std::string commit = options_.commit.empty() ? "" : " at commit " + options_.commit;
    out_ << fmt::format("seed {}{}; to see it again: {}\n", report.seed, commit,
                        name_replay(report.seed, sim_.world));
    if (options_.minimises) tell_smallest(report);
  }

  SimOptions find_smallest(const SimReport& report) {
    progress_ << "looking for a smaller world that fails in the same way\n";
    SimOptions small = sim_;
    small.trace = nullptr;
    const auto find_complaint = [&](const WorldOptions& world) {
      SimOptions smaller = small;
      smaller.world = world;
      const SimReport one = run_campaign_(report.seed, smaller);
      return one.violations.empty() ? std::string() : one.violations.front();
    };
    small.world =
        minimise_world(report.seed, sim_.world, report.violations.front(), find_complaint);
    return small;
  }

  void tell_smallest(const SimReport& report) {
    SimOptions small = find_smallest(report);
    const std::size_t messages = draw_world(report.seed, small.world).messages.size();
    out_ << fmt::format("\nthe smallest found: {} of {} members, {} messages\n",
                        small.world.members - small.world.without_members.size(),
                        small.world.members, messages);
    small.trace = make_trace();
    for (const std::string& violation : run_campaign_(report.seed, small).violations) {
      out_ << violation << '\n';
    }
    out_ << fmt::format("to see it again: {}\n", name_replay(report.seed, small.world));
  }

  Json describe_smallest(const SimReport& report) {
    const SimOptions small = find_smallest(report);
    const World world = draw_world(report.seed, small.world);
    Json messages = Json::array();
    for (const Message& message : world.messages) {
      messages.push(fmt::format("{} {}", to_rfc3339(message.at), thaw::tell(world, message)));
    }
    Json smallest = Json::object();
    smallest.set("messages", std::move(messages));
    smallest.set("violations", to_array(run_campaign_(report.seed, small).violations));
    return smallest.set("replay", name_replay(report.seed, small.world));
  }

  void tell_failure_in_json(const SimReport& report) {
    Json failure = to_json(sums_);
    failure.set("violations", to_array(report.violations));
    failure.set("seed", std::to_string(report.seed));  // it may have 64 bits
    failure.set("commit", options_.commit);
    failure.set("replay", name_replay(report.seed, sim_.world));
    if (options_.minimises) failure.set("smallest", describe_smallest(report));
    out_ << failure.dump() << '\n';
  }

  /// States that were never reached; asked of runs that are long enough.
  std::vector<std::string> find_unreached() const {
    std::vector<std::string> unreached;
    if (is_replay() || sums_.seeds < kSeedsThatReachAll) return unreached;
    for (const std::string& point : required_points(sim_.ledger)) {
      if (!sums_.of.reached.contains(point)) unreached.push_back(point);
    }
    return unreached;
  }

  /// Two replays print the same, so only a campaign says how fast it was.
  void tell(const std::vector<std::string>& unreached) {
    out_ << show(sums_);
    if (!is_replay()) {
      const auto minutes = static_cast<double>(process_processor_ns() - processor_from_) / 60e9;
      out_ << show_rate(sums_, minutes);
    }
    for (const std::string& point : unreached) out_ << "never reached: " << point << '\n';
    if (options_.minimises) out_ << "no seed failed: there is nothing to make smaller\n";
  }

  void tell_in_json(const std::vector<std::string>& unreached) {
    Json sums = to_json(sums_);
    sums.set("violations", Json::array()).set("unreached", to_array(unreached));
    out_ << sums.dump() << '\n';
  }

  const SimulateOptions& options_;
  std::ostream& out_;
  std::ostream& progress_;
  const RunCampaign& run_campaign_;
  SimOptions sim_;
  SimSums sums_;
  Stopwatch watch_;
  std::int64_t processor_from_ = process_processor_ns();
  double shown_at_ = 0;
};

}  // namespace

int run_simulate(const SimulateOptions& options, std::ostream& out, std::ostream& progress,
                 const RunCampaign& run_campaign) {
  give_memory_back();
  return Simulation(options, out, progress, run_campaign).run();
}

}  // namespace thaw
