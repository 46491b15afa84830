#include "adapters/json/json.h"

#include <gtest/gtest.h>

namespace thaw {
namespace {

TEST(Json, writes_in_order_and_reads_back) {
  Json json = Json::object();
  json.set("b", std::int64_t{9'007'199'254'740'993})
      .set("a", "x\"y")
      .set("n", Json())
      .set("t", true);
  json.set("list", Json::array().push(std::int64_t{1}).push("two"));
  EXPECT_EQ(json.dump(), R"({"b":9007199254740993,"a":"x\"y","n":null,"t":true,"list":[1,"two"]})");
  const auto read = Json::parse(json.dump());
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, json);
  EXPECT_EQ(read->find("b")->as_integer(), 9'007'199'254'740'993);
  EXPECT_EQ(read->find("list")->items()[1].as_text(), "two");
  EXPECT_EQ(read->find("missing"), std::nullopt);
}

TEST(Json, whole_numbers_only_are_integers) {
  EXPECT_EQ(Json::parse("1.0")->as_integer(), std::nullopt);
  EXPECT_EQ(Json::parse("1e3")->as_integer(), std::nullopt);
  EXPECT_EQ(Json::parse("99999999999999999999")->as_integer(), std::nullopt);
  EXPECT_EQ(Json::parse("18446744073709551615")->as_integer(), std::nullopt);
  EXPECT_EQ(Json::parse("-5")->as_integer(), -5);
}

TEST(Json, refuses_a_repeated_key_and_names_it) {
  for (const char* text : {R"({"a":1,"a":2})", R"({"b":{"a":1},"c":[{"x":0,"a":1 , "a" :"a"}]})",
                           R"({"a":1,"b":"a","\u0061":2})"}) {
    const auto parsed = Json::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_NE(parsed.error().detail.find("'a'"), std::string::npos) << parsed.error().detail;
  }
  for (const char* text : {R"({"a":{"a":1},"b":[{"a":1},{"a":2}],"c":"a"})",
                           R"({"a":"x\"a\":","A":"{\"a\":1,\"a\":2}"})", R"(["a","a"])"}) {
    EXPECT_TRUE(Json::parse(text)) << text;
  }
}

TEST(Json, refuses_what_is_not_one_json_value) {
  for (const char* text :
       {"", "{", "[1,]", "{\"a\":1}x", "nul", "'a'", "\"\xff\"", "01", "{\"a\" 1}"}) {
    EXPECT_FALSE(Json::parse(text)) << text;
  }
  EXPECT_FALSE(Json::parse(std::string(100, '[') + std::string(100, ']')));
  EXPECT_TRUE(Json::parse(" {\"a\":1} \n"));
}

TEST(Json, a_name_that_comes_twice_in_one_object_is_refused) {
  for (const char* text : {R"({"a":1,"a":2})", R"([{"b":{"a":1,"c":2,"\u0061":3}}])"}) {
    const auto json = Json::parse(text);
    ASSERT_FALSE(json) << text;
    EXPECT_EQ(json.error().code, ErrorCode::invalid);
  }
  EXPECT_TRUE(Json::parse(R"({"a":{"a":1},"b":[{"a":":"},{"a":"\\\":\":"}]})"));
}

}  // namespace
}  // namespace thaw
