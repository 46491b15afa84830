// The real engine over the real journal, on a disk that loses, tears and reorders what was not
// synced.
#include <gtest/gtest.h>

#include <map>

#include "adapters/memory/memory_index.h"
#include "application/engine/journal_log.h"
#include "application/engine/stepped_ledger.h"
#include "base/random.h"
#include "domain/keys.h"
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
    auto engine = Engine::open(*log_, index_, [this] { return now_; }, {});
    if (!engine) return false;
    engine_ = std::move(*engine);
    return true;
  }

  void write_something() {
    if (!engine_) return;
    const std::string id = "p" + std::to_string(random_.below(8));
    ProviderSettings settings{ProviderId(id), {}, {}};
    const std::size_t rails = random_.below(4);
    for (std::size_t i = 0; i < rails; ++i) settings.rails.push_back(Rail::bpay);
    SteppedLedger ledger(*engine_);
    const auto reply = ledger.run(Command{ConfigureProvider{settings}, {}, false, {}});
    if (reply) {
      acknowledged_[id] = rails;
      unknown_.reset();
    } else {
      unknown_ = {id, rails};
    }
  }

  /// Everything acknowledged is there; the one command without an answer is there whole or not at
  /// all.
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
        const bool is_new =
            unknown_ && unknown_->first == id && found->rails.size() == unknown_->second;
        ASSERT_TRUE(found->rails.size() == rails || is_new) << id;
      }
    });
    if (unknown_) {
      engine_->read([&](StateView& view) {
        const auto row = view.find(keys::provider(ProviderId(unknown_->first)));
        if (row)
          acknowledged_[unknown_->first] = decode<ProviderSettings>(row->bytes)->rails.size();
      });
      unknown_.reset();
    }
  }

  Random random_;
  SimDisk disk_;
  MemoryIndex index_;
  Instant now_ = *parse_rfc3339("2025-11-01T00:00:00Z");
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<JournalLog> log_;
  std::unique_ptr<Engine> engine_;
  std::map<std::string, std::size_t> acknowledged_;
  std::optional<std::pair<std::string, std::size_t>> unknown_;
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
