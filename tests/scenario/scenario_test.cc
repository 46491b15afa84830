#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "adapters/memory/memory_ledger.h"
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

class Scenario : public testing::TestWithParam<std::string> {};

TEST_P(Scenario, comes_out_as_the_table_says) {
  Runner runner(
      [](std::function<Instant()> now) { return std::make_unique<MemoryLedger>(std::move(now)); });
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
