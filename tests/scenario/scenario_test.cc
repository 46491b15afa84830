#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "adapters/memory/memory_index.h"
#include "adapters/memory/memory_ledger.h"
#include "adapters/memory/memory_log.h"
#include "application/engine/stepped_ledger.h"
#include "base/check.h"
#include "scenario_runner.h"

namespace thaw::scenario {
namespace {

std::vector<std::string> find_tables() {
  const char* source = std::getenv("THAW_SOURCE_DIR");
  std::vector<std::string> tables;
  if (!source) return tables;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(source) + "/tests/scenario")) {
    if (entry.path().extension() == ".scenario") tables.push_back(entry.path().string());
  }
  std::sort(tables.begin(), tables.end());
  return tables;
}

/// The embedded engine over memory; the index follows every few commands.
class EngineUnderTest final : public Ledger {
 public:
  explicit EngineUnderTest(std::function<Instant()> now) {
    auto opened = Engine::open(log_, index_, std::move(now), {});
    CHECK(opened.has_value());
    engine_ = std::move(*opened);
  }
  Result<Reply> run(const Command& command) override {
    if (++commands_ % 3 == 0) CHECK(engine_->index_step().has_value());
    return SteppedLedger(*engine_).run(command);
  }
  void read(const std::function<void(StateView&)>& reader) override { engine_->read(reader); }
  Result<std::vector<LogRecord>> records_after(std::uint64_t after, std::size_t limit) override {
    return engine_->records_after(after, limit);
  }

 private:
  MemoryLog log_;
  MemoryIndex index_;
  std::unique_ptr<Engine> engine_;
  int commands_ = 0;
};

class Scenario : public testing::TestWithParam<std::string> {};

TEST_P(Scenario, comes_out_as_the_table_says) {
  Runner runner(
      [](std::function<Instant()> now) { return std::make_unique<MemoryLedger>(std::move(now)); });
  for (const std::string& fault : runner.run_file(GetParam())) ADD_FAILURE() << fault;
}

TEST_P(Scenario, comes_out_the_same_on_the_engine) {
  Runner runner([](std::function<Instant()> now) {
    return std::make_unique<EngineUnderTest>(std::move(now));
  });
  for (const std::string& fault : runner.run_file(GetParam())) ADD_FAILURE() << fault;
}

INSTANTIATE_TEST_SUITE_P(Tables, Scenario, testing::ValuesIn(find_tables()), [](const auto& table) {
  return std::filesystem::path(table.param).stem().string();
});

TEST(ScenarioTables, are_found) {
  EXPECT_GE(find_tables().size(), 5u);
}

}  // namespace
}  // namespace thaw::scenario
