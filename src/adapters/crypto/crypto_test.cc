#include <gtest/gtest.h>

#include "adapters/crypto/base64.h"
#include "adapters/crypto/hmac.h"
#include "adapters/crypto/secrets.h"

namespace thaw {
namespace {

// RFC 4231, test cases 1, 2 and 6.
TEST(Hmac, published_vectors) {
  EXPECT_EQ(to_hex(HmacSha256(std::string(20, '\x0b')).sign({"Hi There"})),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(to_hex(HmacSha256("Jefe").sign({"what do ya want ", "for nothing?"})),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  HmacSha256 long_key(std::string(131, '\xaa'));
  for (int again = 0; again < 3; ++again) {
    EXPECT_EQ(to_hex(long_key.sign({"Test Using Larger Than Block-Size Key - Hash Key First"})),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  }
}

TEST(Hmac, copies_are_independent_and_an_empty_key_is_a_key) {
  HmacSha256 first("key");
  HmacSha256 second(first);
  EXPECT_EQ(first.sign({"x"}), second.sign({"x"}));
  second = HmacSha256("other");
  EXPECT_NE(first.sign({"x"}), second.sign({"x"}));
  EXPECT_EQ(to_hex(HmacSha256("").sign({""})),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

// RFC 4648 §10.
TEST(Base64, published_vectors) {
  const std::pair<const char*, const char*> cases[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(parse_base64(text), bytes);
  }
}

TEST(Base64, round_trip_of_every_byte) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    bytes += static_cast<char>(i);
    EXPECT_EQ(parse_base64(to_base64(bytes)), bytes);
  }
}

TEST(Base64, refuses_all_that_is_not_canonical) {
  for (const char* text : {"Zg", "Zg=", "Zg===", "Z===", "====", "Zh==", "Zm9=", "Zg==\n",
                           " Zg==", "Zm 9v", "Zm-v", "Zm_v", "Z=g=", "=Zm9", "Zm9vZg==Zg=="}) {
    EXPECT_FALSE(parse_base64(text)) << text;
  }
}

TEST(Secrets, constant_time_compare) {
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abcd"));
}

TEST(Secrets, random_bytes_differ) {
  const auto first = make_random_bytes(32);
  const auto second = make_random_bytes(32);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->size(), 32U);
  EXPECT_NE(*first, *second);
}

}  // namespace
}  // namespace thaw
