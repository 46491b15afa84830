#include "base/sha256.h"

#include <gtest/gtest.h>

namespace thaw {
namespace {

TEST(Sha256, published_vectors) {
  EXPECT_EQ(to_hex(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256, pieces_are_one_message_and_finish_begins_the_next) {
  Sha256 hash;
  for (int round = 0; round < 2; ++round) {
    hash.update("a");
    hash.update("");
    hash.update("bc");
    EXPECT_EQ(hash.finish(), sha256("abc"));
  }
}

}  // namespace
}  // namespace thaw
