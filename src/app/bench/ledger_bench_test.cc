#include "app/bench/ledger_bench.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "adapters/json/json.h"

namespace thaw {
namespace {

class LedgerBenchTest : public testing::Test {
 protected:
  LedgerBenchTest() {
    std::string name = std::filesystem::temp_directory_path() / "thaw-bench-XXXXXX";
    options_.folder = mkdtemp(name.data());
    std::filesystem::permissions(options_.folder, std::filesystem::perms::all);
    options_.members = 300;
    options_.loads = 1000;
    options_.groups = {64, 256};
    options_.postgres_loads = 200;
    options_.postgres_connections = {2};
  }
  ~LedgerBenchTest() override { std::filesystem::remove_all(options_.folder); }

  Json run_as_json() {
    options_.is_json = true;
    std::ostringstream out;
    std::ostringstream progress;
    EXPECT_EQ(run_ledger_bench(options_, out, progress), 0) << progress.str();
    auto json = Json::parse(out.str());
    EXPECT_TRUE(json) << out.str();
    return json ? *json : Json();
  }
  LedgerBenchOptions options_;
};

TEST_F(LedgerBenchTest, measures_each_group_size) {
  const Json json = run_as_json();
  const auto rows = json.find("thaw")->items();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].find("group")->as_integer(), 64);
  EXPECT_EQ(rows[1].find("loads")->as_integer(), 1000);
  EXPECT_GT(rows[0].find("loads_per_s")->as_integer(), 0);
  EXPECT_GT(rows[0].find("journal_bytes_per_load")->as_integer(), 0);
  EXPECT_LE(rows[0].find("p50_us")->as_integer(), rows[0].find("max_us")->as_integer());
}

TEST_F(LedgerBenchTest, lets_postgresql_do_the_same_work) {
  if (!std::filesystem::exists(options_.postgres_programs)) GTEST_SKIP() << "no PostgreSQL here";
  options_.with_postgres = true;
  const Json json = run_as_json();
  ASSERT_EQ(json.find("postgres")->items().size(), 2u);
  EXPECT_GT(json.find("ratio_percent")->as_integer(), 0);
}

TEST_F(LedgerBenchTest, says_what_failed) {
  options_.folder += "/missing";
  std::ostringstream out;
  std::ostringstream progress;
  EXPECT_EQ(run_ledger_bench(options_, out, progress), 1);
  EXPECT_NE(progress.str().find("bench ledger: "), std::string::npos);
}

}  // namespace
}  // namespace thaw
