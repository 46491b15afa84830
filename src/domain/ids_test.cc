// SPEC, "Ids": what may stand in one, each limit from both sides; and keys read back as written.

#include "domain/ids.h"

#include <gtest/gtest.h>

#include "domain/keys.h"

namespace thaw {
namespace {

/// The characters next to those of `[a-z0-9]`, which every rule for ids leaves out.
constexpr const char* kBesideSlugs[] = {"`", "{", "/", ":", " ", "\x7f"};

TEST(Ids, of_campaigns_and_providers_are_32_lower_case_letters_digits_and_dashes) {
  for (const std::string& right : {std::string("a"), std::string("z"), std::string("0"),
                                   std::string("9"), std::string("-"), std::string(32, 'a')}) {
    EXPECT_TRUE(parse_campaign_id(right)) << right;
    EXPECT_TRUE(parse_provider_id(right)) << right;
  }
  for (const std::string& wrong : {std::string(), std::string(33, 'a'), std::string("A")}) {
    EXPECT_FALSE(parse_campaign_id(wrong)) << wrong;
    EXPECT_FALSE(parse_provider_id(wrong)) << wrong;
  }
  for (const char* wrong : kBesideSlugs) EXPECT_FALSE(parse_campaign_id(wrong)) << wrong;
}

TEST(Ids, of_members_are_64_letters_digits_underscores_and_dashes_and_no_card_number) {
  for (const std::string& right :
       {std::string("a"), std::string("z"), std::string("A"), std::string("Z"), std::string("0"),
        std::string("9"), std::string("_"), std::string("-"), std::string(64, 'M')}) {
    EXPECT_TRUE(parse_member_id(right)) << right;
  }
  for (const std::string& wrong :
       {std::string(), std::string(65, 'M'), std::string("@"), std::string("["), std::string("."),
        std::string("a@b.example"), std::string("4111111111111111")}) {
    EXPECT_FALSE(parse_member_id(wrong)) << wrong;
  }
  for (const char* wrong : kBesideSlugs) EXPECT_FALSE(parse_member_id(wrong)) << wrong;
}

TEST(Ids, of_a_provider_are_printable_text_up_to_128_bytes) {
  EXPECT_TRUE(is_provider_text("pi 9 / \xc3\xbc"));
  EXPECT_TRUE(is_provider_text(std::string(128, 'x')));
  EXPECT_FALSE(is_provider_text(""));
  EXPECT_FALSE(is_provider_text(std::string(129, 'x')));
  EXPECT_FALSE(is_provider_text("a\nb"));
  EXPECT_FALSE(is_provider_text("\xff"));
}

TEST(Keys, of_timers_and_kept_lines_give_their_time_back) {
  const Instant at{1'761'955'200'000};
  const WindowId window("cold.M1.1761955200000");
  const auto timer = keys::parse_timer(keys::timer(at, window));
  ASSERT_TRUE(timer);
  EXPECT_EQ(timer->due, at);
  EXPECT_EQ(timer->window, window);
  EXPECT_EQ(keys::parse_kept_since(keys::kept_since(at, "l/M1")), at);
}

TEST(Keys, of_another_kind_or_damaged_give_no_time) {
  const std::string digits(15, '0');
  for (const std::string& wrong :
       {std::string(), std::string("x/") + digits + "5\x1fw", std::string("t/"),
        std::string("t/") + digits + "5", std::string("t/") + digits + "5-w",
        std::string("t/") + digits + "x\x1fw", std::string("t/x") + digits + "\x1fw"}) {
    EXPECT_FALSE(keys::parse_timer(wrong)) << wrong;
  }
  EXPECT_TRUE(keys::parse_timer("t/" + digits + "5\x1fw"));
  EXPECT_FALSE(keys::parse_kept_since("t/" + digits + "5\x1fw"));
  EXPECT_FALSE(keys::parse_kept_since("ke/" + digits));
}

}  // namespace
}  // namespace thaw
