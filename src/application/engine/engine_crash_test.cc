// The real engine over the real journal, on a disk that loses, tears and reorders what was not
// synced.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "adapters/memory/memory_index.h"
#include "application/engine/journal_log.h"
#include "application/engine/stepped_ledger.h"
#include "base/random.h"
#include "domain/keys.h"
#include "sim/disk/late_helper.h"
#include "sim/disk/sim_disk.h"

namespace thaw {
namespace {

class CrashRun {
 public:
  explicit CrashRun(std::uint64_t seed) : random_(seed), disk_(random_.next()) {}

  void run() {
    ASSERT_TRUE(start());
    for (int step = 0; step < 60 && !testing::Test::HasFatalFailure(); ++step) {
      if (random_.chance(1, 10)) disk_.cut_power_at_call(1 + random_.below(12));
      write_something();
      if (engine_ && random_.chance(1, 5)) (void)engine_->index_step();
      if (engine_ && random_.chance(1, 12)) (void)engine_->flush_index();
      if (engine_ && random_.chance(1, 3)) (void)engine_->filter_step();
      if (!engine_ || engine_->is_dead() || !disk_.has_power()) crash_and_check();
    }
    crash_and_check();
  }
  int crashes() const { return crashes_; }

 private:
  bool start() {
    JournalOptions options;
    options.segment_bytes = 4096;
    options.reserve_bytes = 0;
    options.floor_sequence = index_.durable_position();
    auto journal = Journal::open(disk_, options);
    if (!journal) return false;
    journal_ = std::move(*journal);
    log_ = std::make_unique<JournalLog>(*journal_);
    EngineOptions options_of_engine;
    options_of_engine.group_commands_max = 1;
    options_of_engine.helper = &helper_;
    auto engine = Engine::open(*log_, index_, [this] { return now_; }, options_of_engine);
    if (!engine) return false;
    engine_ = std::move(*engine);
    return true;
  }

  void write_something() {
    if (!engine_) return;
    std::vector<std::pair<std::string, std::size_t>> asked;
    std::vector<Command> commands;
    for (std::size_t left = 1 + random_.below(3); left > 0; --left) {
      asked.emplace_back("p" + std::to_string(random_.below(8)), random_.below(4));
      ProviderSettings settings{ProviderId(asked.back().first), {}, {}};
      settings.rails.assign(asked.back().second, Rail::bpay);
      commands.push_back({ConfigureProvider{settings}, {}, false, {}});
    }
    const auto replies = SteppedLedger(*engine_).run_all(std::move(commands));
    for (std::size_t i = 0; i < asked.size(); ++i) {
      if (replies[i]) {
        ASSERT_TRUE(unknown_.empty()) << "answered before an earlier group";
        acknowledged_[asked[i].first] = asked[i].second;
      } else {
        unknown_.push_back(asked[i]);
      }
    }
  }

  /// Everything acknowledged is there; commands without an answer are there whole or not at all.
  void crash_and_check() {
    ++crashes_;
    engine_.reset();
    log_.reset();
    journal_.reset();
    disk_.cut_power_at_call(0);
    disk_.crash();
    index_.lose_unflushed();
    ASSERT_TRUE(start());
    engine_->read([&](StateView& view) {
      for (const auto& [id, rails] : acknowledged_) {
        const auto row = view.find(keys::provider(ProviderId(id)));
        ASSERT_TRUE(row) << "lost " << id;
        const auto found = decode<ProviderSettings>(row->bytes);
        ASSERT_TRUE(found);
        const bool is_new = std::find(unknown_.begin(), unknown_.end(),
                                      std::pair(id, found->rails.size())) != unknown_.end();
        ASSERT_TRUE(found->rails.size() == rails || is_new) << id;
      }
    });
    engine_->read([&](StateView& view) {
      for (const auto& [id, rails] : unknown_) {
        const auto row = view.find(keys::provider(ProviderId(id)));
        if (row) acknowledged_[id] = decode<ProviderSettings>(row->bytes)->rails.size();
      }
    });
    unknown_.clear();
  }

  Random random_;
  SimDisk disk_;
  MemoryIndex index_;
  Instant now_ = *parse_rfc3339("2025-11-01T00:00:00Z");
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<JournalLog> log_;
  LateHelper helper_;
  std::unique_ptr<Engine> engine_;
  std::map<std::string, std::size_t> acknowledged_;
  std::vector<std::pair<std::string, std::size_t>> unknown_;  // in order of asking
  int crashes_ = 0;
};

TEST(EngineCrash, nothing_acknowledged_is_lost_on_a_disk_that_loses_what_was_not_synced) {
  int crashes = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CrashRun run(seed);
    run.run();
    ASSERT_FALSE(testing::Test::HasFatalFailure()) << "seed " << seed;
    crashes += run.crashes();
  }
  EXPECT_GT(crashes, 300);
}

}  // namespace
}  // namespace thaw
