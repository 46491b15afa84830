#include "app/server/api_keys.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace thaw {
namespace {

class ApiKeysTest : public testing::Test {
 protected:
  ApiKeysTest() : folder_(std::filesystem::path(testing::TempDir()) / "keys") {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  std::filesystem::path folder_;
};

TEST_F(ApiKeysTest, a_key_names_its_principal_and_is_not_stored) {
  ApiKeys keys(folder_.string());
  const auto key = keys.add("ann", {api::Role::care, api::Role::approver}, Instant{1});
  ASSERT_TRUE(key);
  const auto actor = ApiKeys(folder_.string()).find(*key);
  ASSERT_TRUE(actor);
  EXPECT_EQ(actor->principal, "ann");
  EXPECT_TRUE(actor->has({api::Role::approver}));
  EXPECT_FALSE(actor->has({api::Role::ops}));
  EXPECT_TRUE(actor->two_persons);
  const auto stored = keys.load();
  ASSERT_EQ(stored->size(), 1U);
  EXPECT_EQ(key->find(stored->front().sha256), std::string::npos);
}

TEST_F(ApiKeysTest, a_wrong_or_revoked_key_opens_nothing) {
  ApiKeys keys(folder_.string());
  const auto key = keys.add("ann", {api::Role::care}, Instant{1});
  EXPECT_FALSE(ApiKeys(folder_.string()).find(*key + "0"));
  EXPECT_FALSE(ApiKeys(folder_.string()).find(""));
  ASSERT_TRUE(keys.revoke(keys.load()->front().id));
  EXPECT_FALSE(ApiKeys(folder_.string()).find(*key));
  EXPECT_EQ(keys.revoke("k_none").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace thaw
