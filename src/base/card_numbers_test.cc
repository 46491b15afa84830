#include "base/card_numbers.h"

#include <gtest/gtest.h>

namespace thaw {
namespace {

TEST(CardNumbers, are_13_to_19_digits_of_a_network_that_pass_luhn) {
  for (const char* text :
       {"4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "5555555555554444",
        "378282246310005", "4222222222222", "6304000000000000000", "2223003122003222"}) {
    EXPECT_TRUE(is_card_number(text)) << text;
  }
  for (const char* text :
       {"", "4111111111111112", "411111111111111", "411111111111", "1111111111111117",
        "0000000000000000", "41111111111111111111", "a4111111111111111", "4111111111111111a",
        "4111  1111 1111 1111", "4111.1111.1111.1111", " 4111111111111111", "4111111111111111-"}) {
    EXPECT_FALSE(is_card_number(text)) << text;
  }
}

TEST(CardNumbers, are_masked_in_text_but_for_the_last_four) {
  EXPECT_EQ(mask_card_numbers("paid with 4111 1111 1111 1111, thanks"),
            "paid with **** **** **** 1111, thanks");
  EXPECT_EQ(mask_card_numbers("4111111111111111/5555555555554444"),
            "************1111/************4444");
  EXPECT_EQ(mask_card_numbers("on 2025-11-03 4111-1111-1111-1111"),
            "on 2025-11-03 ****-****-****-1111");
}

TEST(CardNumbers, other_text_stays_as_it_is) {
  for (const char* text :
       {"", "no digits", "call +61 2 9999 0000", "2025-11-03T02:11:09.123Z", "case 1762135869123",
        "4111111111111112", "a reference of 41111111111111111111 digits"}) {
    EXPECT_EQ(mask_card_numbers(text), text);
  }
}

}  // namespace
}  // namespace thaw
