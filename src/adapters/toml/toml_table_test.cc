#include "adapters/toml/toml_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace thaw {
namespace {

using testing::ElementsAre;

TEST(TomlTable, gives_values_by_type) {
  auto root = TomlTable::parse(
      "[server]\nlisten = \"a:1\"\nthreads = 2\n[providers.x]\nrails = [\"bpay\"]\nlag = \"P5D\"\n",
      "t.toml");
  ASSERT_TRUE(root);
  auto server = root->table("server");
  ASSERT_TRUE(server);
  EXPECT_EQ(server->text("listen"), "a:1");
  EXPECT_EQ(server->integer("threads"), 2);
  EXPECT_EQ(server->text("absent"), std::nullopt);
  auto providers = root->table("providers")->tables();
  ASSERT_EQ(providers.size(), 1U);
  EXPECT_EQ(providers[0].first, "x");
  EXPECT_THAT(providers[0].second.texts("rails"), ElementsAre("bpay"));
  EXPECT_EQ(providers[0].second.duration("lag"), Duration::days(5));
  root->finish();
  EXPECT_TRUE(root->faults().empty());
}

TEST(TomlTable, an_unknown_key_and_a_wrong_type_are_faults_with_their_place) {
  auto root = TomlTable::parse("[server]\nlissten = \"a:1\"\nthreads = \"two\"\n", "t.toml");
  ASSERT_TRUE(root);
  auto server = root->table("server");
  EXPECT_EQ(server->integer("threads"), std::nullopt);
  server->finish();
  EXPECT_THAT(root->faults(), ElementsAre("t.toml:3:11: server.threads: a whole number is wanted",
                                          "t.toml:2:11: server.lissten: unknown key"));
}

TEST(TomlTable, text_that_is_no_toml_is_refused_with_its_place) {
  const auto root = TomlTable::parse("[server\n", "t.toml");
  ASSERT_FALSE(root);
  EXPECT_EQ(root.error().code, ErrorCode::invalid);
  EXPECT_TRUE(root.error().detail.starts_with("t.toml:1:")) << root.error().detail;
}

}  // namespace
}  // namespace thaw
