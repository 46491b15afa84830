#include "app/simulate/simulate.h"

#include <fmt/format.h>

#include <ostream>

#include "app/bench/stopwatch.h"
#include "sim/campaign/campaign_sim.h"
#include "sim/campaign/minimise.h"

namespace thaw {
namespace {

constexpr int kOk = 0;
constexpr int kDiscrepancy = 3;
constexpr std::uint64_t kSeedsByDefault = 100;
constexpr std::uint64_t kSeedsThatReachAll = 200;
constexpr double kProgressSeconds = 2;

/// All seeds of one call.
class Simulation {
 public:
  Simulation(const SimulateOptions& options, std::ostream& out, std::ostream& progress)
      : options_(options), out_(out), progress_(progress) {
    sim_.ledger = options.ledger == "memory" ? SimLedger::memory : SimLedger::engine;
    sim_.world.members = options.members;
    if (is_replay() || options.is_traced) {
      sim_.trace = [this](const std::string& line) { out_ << line << '\n'; };
    }
  }

  int run() {
    const std::uint64_t first = options_.seed.value_or(1);
    for (std::uint64_t seed = first; !is_done(seed - first); ++seed) {
      SimReport report = simulate_campaign(seed, sim_);
      add(report);
      if (!report.violations.empty()) return tell_failure(report);
      show_progress();
    }
    return options_.is_json ? tell_json() : tell();
  }

 private:
  bool is_replay() const { return options_.seed && !options_.seeds && !is_timed(); }
  bool is_timed() const { return options_.ticks > 0 || options_.hours > 0; }

  bool is_done(std::uint64_t done) const {
    if (options_.ticks > 0 && sum_.ticks >= options_.ticks) return true;
    if (options_.hours > 0) return watch_.seconds() >= static_cast<double>(options_.hours) * 3600;
    if (options_.ticks > 0) return false;
    return done >= options_.seeds.value_or(is_replay() ? 1 : kSeedsByDefault);
  }

  void add(const SimReport& report) {
    ++seeds_;
    sum_.reached.insert(report.reached.begin(), report.reached.end());
    sum_.ticks += report.ticks;
    sum_.windows += report.windows;
    sum_.lines += report.lines;
    sum_.ends.add(report.ends);
    sum_.verdicts_unchecked += report.verdicts_unchecked;
    sum_.records += report.records;
    sum_.crashes += report.crashes;
    sum_.disk_faults += report.disk_faults;
    sum_.mail_faults += report.mail_faults;
    sum_.partner_faults += report.partner_faults;
    sum_.log_hash ^= report.log_hash;
  }

  void show_progress() {
    if (is_replay() || watch_.seconds() < shown_at_ + kProgressSeconds) return;
    shown_at_ = watch_.seconds();
    progress_ << fmt::format("{} seeds, {} member-windows, {} faults\n", seeds_, sum_.windows,
                             sum_.faults());
  }

  int tell_failure(const SimReport& report) {
    for (const std::string& violation : report.violations) {
      out_ << fmt::format("seed {}: {}\n", report.seed, violation);
    }
    const std::string arguments =
        fmt::format("{}{}", options_.ledger == "memory" ? " --ledger memory" : "",
                    options_.members == 12 ? "" : fmt::format(" --members {}", options_.members));
    const std::string commit = options_.commit.empty() ? "" : " at commit " + options_.commit;
    out_ << fmt::format("seed {}{}; to see it again: ./dev sim {}{}\n", report.seed, commit,
                        report.seed, arguments);
    if (options_.minimises) tell_minimal(report.seed);
    return kDiscrepancy;
  }

  void tell_minimal(std::uint64_t seed) {
    progress_ << "looking for a smaller world that fails\n";
    SimOptions small = sim_;
    small.world = minimise_world(seed, sim_);
    const std::size_t messages = draw_world(seed, small.world).messages.size();
    out_ << fmt::format("\nthe smallest found: {} of {} members, {} messages\n",
                        small.world.members - small.world.without_members.size(),
                        small.world.members, messages);
    small.trace = [this](const std::string& line) { out_ << line << '\n'; };
    for (const std::string& violation : simulate_campaign(seed, small).violations) {
      out_ << violation << '\n';
    }
  }

  /// States that were never reached; asked of runs that are long enough.
  std::vector<std::string> find_unreached() const {
    std::vector<std::string> unreached;
    for (const std::string& point : required_points(sim_.ledger)) {
      if (!sum_.reached.contains(point)) unreached.push_back(point);
    }
    return unreached;
  }

  double windows_a_minute() const {
    const double minutes = static_cast<double>(process_processor_ns() - processor_from_) / 60e9;
    return minutes > 0 ? static_cast<double>(sum_.windows) / minutes : 0;
  }

  int tell() {
    out_ << fmt::format(
        "{} seeds, {} member-windows, {} lines, {} log records: every promise held\n", seeds_,
        sum_.windows, sum_.lines, sum_.records);
    out_ << fmt::format(
        "survived: {} crashes, {} faults of the disk, {} of the network, {} of the partner\n",
        sum_.crashes, sum_.disk_faults, sum_.mail_faults, sum_.partner_faults);
    tell_ends();
    out_ << fmt::format("log hash {:016x}\n", sum_.log_hash);
    if (!is_replay()) tell_rate();
    const auto unreached = find_unreached();
    if (is_replay() || seeds_ < kSeedsThatReachAll) return kOk;
    for (const std::string& point : unreached) out_ << "never reached: " << point << '\n';
    return unreached.empty() ? kOk : kDiscrepancy;
  }

  void tell_ends() {
    std::string ends;
    for (const WindowEndWords& one : kWindowEnds) {
      ends += fmt::format("{}{} {}", ends.empty() ? "" : ", ", sum_.ends.of(one.end), one.words);
    }
    out_ << "of the windows: " << ends << '\n';
    out_ << fmt::format("verdicts not compared, of time that a restore took away: {}\n",
                        sum_.verdicts_unchecked);
  }

  std::string ends_in_json() const {
    std::string ends;
    for (const WindowEndWords& one : kWindowEnds) {
      ends += fmt::format(R"({}"{}":{})", ends.empty() ? "" : ",", one.name, sum_.ends.of(one.end));
    }
    return ends;
  }

  /// Not of a replay: two of them print the same.
  void tell_rate() {
    out_ << fmt::format("{:.0f} member-windows and {:.0f} faults a minute of processor time\n",
                        windows_a_minute(),
                        windows_a_minute() * static_cast<double>(sum_.faults()) /
                            static_cast<double>(std::max<std::int64_t>(1, sum_.windows)));
  }

  int tell_json() {
    out_ << fmt::format(R"({{"seeds":{},"windows":{},"lines":{},"records":{},"ends":{{{}}},)"
                        R"("verdicts_unchecked":{},"crashes":{},)"
                        R"("disk_faults":{},"mail_faults":{},"partner_faults":{},"ticks":{},)"
                        R"("log_hash":"{:016x}","unreached":{}}})"
                        "\n",
                        seeds_, sum_.windows, sum_.lines, sum_.records, ends_in_json(),
                        sum_.verdicts_unchecked, sum_.crashes, sum_.disk_faults, sum_.mail_faults,
                        sum_.partner_faults, sum_.ticks, sum_.log_hash, find_unreached().size());
    return kOk;
  }

  const SimulateOptions& options_;
  std::ostream& out_;
  std::ostream& progress_;
  SimOptions sim_;
  SimReport sum_;
  std::uint64_t seeds_ = 0;
  Stopwatch watch_;
  std::int64_t processor_from_ = process_processor_ns();
  double shown_at_ = 0;
};

}  // namespace

int run_simulate(const SimulateOptions& options, std::ostream& out, std::ostream& progress) {
  return Simulation(options, out, progress).run();
}

}  // namespace thaw
