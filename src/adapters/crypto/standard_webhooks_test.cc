#include "adapters/crypto/standard_webhooks.h"

#include <gtest/gtest.h>

namespace thaw {
namespace {

// The vector that the specification's own client libraries are tested with.
constexpr const char* kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr const char* kOtherSecret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
constexpr const char* kId = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr const char* kTimestamp = "1614265330";
constexpr Instant kAt{1'614'265'330'000};
constexpr const char* kBody = R"({"test": 2432232314})";
constexpr const char* kSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

StandardWebhooks make(const std::vector<std::string>& secrets) {
  auto made = StandardWebhooks::make(secrets);
  EXPECT_TRUE(made) << made.error().detail;
  return *made;
}

SignatureCheck check(SignatureHeaders headers, Instant now = kAt, const char* body = kBody) {
  return make({kSecret}).verify(headers, body, now);
}

TEST(StandardWebhooks, published_vector) {
  EXPECT_EQ(make({kSecret}).sign(kId, kAt, kBody), kSignature);
  EXPECT_EQ(check({kId, kTimestamp, kSignature}), SignatureCheck::ok);
}

TEST(StandardWebhooks, any_difference_is_a_bad_signature) {
  EXPECT_EQ(check({kId, kTimestamp, kSignature}, kAt, R"({"test": 2432232315})"),
            SignatureCheck::bad_signature);
  EXPECT_EQ(check({"msg_other", kTimestamp, kSignature}), SignatureCheck::bad_signature);
  EXPECT_EQ(check({kId, "1614265331", kSignature}), SignatureCheck::bad_signature);
  EXPECT_EQ(check({kId, kTimestamp, "v1,"}), SignatureCheck::bad_signature);
  EXPECT_EQ(check({kId, kTimestamp, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE"}),
            SignatureCheck::bad_signature);
  EXPECT_EQ(check({kId, kTimestamp, "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}),
            SignatureCheck::bad_signature);
}

TEST(StandardWebhooks, one_of_several_signatures_is_enough) {
  const std::string several = std::string("v1a,xyz v1,AAAA  ") + kSignature + " v1,BBBB";
  EXPECT_EQ(check({kId, kTimestamp, several}), SignatureCheck::ok);
}

TEST(StandardWebhooks, secrets_rotate_with_two_valid_at_once) {
  StandardWebhooks old_only = make({kSecret});
  StandardWebhooks both = make({kOtherSecret, kSecret});
  StandardWebhooks new_only = make({kOtherSecret});
  const SignatureHeaders by_old{kId, kTimestamp, kSignature};
  EXPECT_EQ(both.verify(by_old, kBody, kAt), SignatureCheck::ok);
  EXPECT_EQ(new_only.verify(by_old, kBody, kAt), SignatureCheck::bad_signature);
  const std::string signed_by_both = both.sign(kId, kAt, kBody);
  const SignatureHeaders by_both{kId, kTimestamp, signed_by_both};
  EXPECT_EQ(old_only.verify(by_both, kBody, kAt), SignatureCheck::ok);
  EXPECT_EQ(new_only.verify(by_both, kBody, kAt), SignatureCheck::ok);
}

TEST(StandardWebhooks, five_minutes_either_way) {
  const SignatureHeaders headers{kId, kTimestamp, kSignature};
  EXPECT_EQ(check(headers, kAt + Duration::minutes(5)), SignatureCheck::ok);
  EXPECT_EQ(check(headers, kAt - Duration::minutes(5)), SignatureCheck::ok);
  EXPECT_EQ(check(headers, kAt + Duration::minutes(5) + Duration{1}), SignatureCheck::stale);
  EXPECT_EQ(check(headers, kAt - Duration::minutes(5) - Duration{1}), SignatureCheck::stale);
}

TEST(StandardWebhooks, missing_and_malformed_headers) {
  EXPECT_EQ(check({std::nullopt, kTimestamp, kSignature}), SignatureCheck::missing_header);
  EXPECT_EQ(check({kId, std::nullopt, kSignature}), SignatureCheck::missing_header);
  EXPECT_EQ(check({kId, kTimestamp, std::nullopt}), SignatureCheck::missing_header);
  EXPECT_EQ(check({"", kTimestamp, kSignature}), SignatureCheck::missing_header);
  for (const char* timestamp : {"", "now", "1614265330.5", "-1", "+1614265330", " 1614265330",
                                "99999999999999999999", "999999999999999"}) {
    EXPECT_EQ(check({kId, timestamp, kSignature}), SignatureCheck::malformed_header) << timestamp;
  }
  EXPECT_EQ(check({kId, kTimestamp, ""}), SignatureCheck::malformed_header);
  EXPECT_EQ(check({kId, kTimestamp, "g0hM9SsE+OTPJTGt"}), SignatureCheck::malformed_header);
}

TEST(StandardWebhooks, secrets_are_checked_and_never_shown) {
  EXPECT_FALSE(StandardWebhooks::make({}));
  for (const char* secret : {"", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_AAAA",
                             "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS"}) {
    const auto made = StandardWebhooks::make({kSecret, secret});
    ASSERT_FALSE(made) << secret;
    EXPECT_EQ(made.error().detail.find("MfKQ"), std::string::npos);
    EXPECT_NE(made.error().detail.find("secret 2"), std::string::npos);
  }
}

}  // namespace
}  // namespace thaw
