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

/// toml++ asserts there; fuzz/corpus/config/crash_table_name.
TEST(TomlTable, a_table_name_of_other_characters_is_refused_with_its_line) {
  for (const char* text : {"[`", "[`= 5\n", "[[=", "[.a]", "[ #"}) {
    const auto root = TomlTable::parse(std::string("a = 1\n\n") + text, "t.toml");
    ASSERT_FALSE(root) << text;
    EXPECT_EQ(root.error().code, ErrorCode::invalid);
    EXPECT_TRUE(root.error().detail.starts_with("t.toml:3:")) << root.error().detail;
  }
}

/// Undefined in toml++; fuzz/corpus/config/crash_bare_letter.
TEST(TomlTable, letters_outside_of_ascii_stand_in_texts_and_comments_only) {
  const auto root = TomlTable::parse("# \u00e9\na = \"\u0336\"\nb\u0336 = 1\n", "t.toml");
  ASSERT_FALSE(root);
  EXPECT_TRUE(root.error().detail.starts_with("t.toml:3:2: ")) << root.error().detail;
  for (const char* text : {"\ufeffa = 1", "a = '''x'\u00e9'''''\nb = '\u00e9'",
                           "a = \"\"\"\\\"\"\"\u00e9\"\"\"\"\"\nb = \"\\\"\u00e9\" # \" \u00e9",
                           "a=[['\u00e9']]\nb={'c'='\u00e9'}\n[['\u00e9']]"}) {
    EXPECT_TRUE(TomlTable::parse(text, "t.toml")) << text;
  }
  for (const char* text : {"a = '''x''' \u00e9", "a = \"x\"\u3001", "a = 1\ufa40", "a = 5'd\u0336",
                           "\u00e9 = 1", "a = 5[\"\"\"\u0336", "a = 5[{'\u0336'", "a = 5=\"\u0336",
                           "a = 5.\"\u0336", "a = [5.\"\u0336", "a = \u0336"}) {
    EXPECT_FALSE(TomlTable::parse(text, "t.toml")) << text;
  }
}

}  // namespace
}  // namespace thaw
