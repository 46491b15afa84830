#include "adapters/disk/in_flight_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace thaw {
namespace {

/// A process that dies is a file that is opened again without an end.
class InFlightFileTest : public testing::Test {
 protected:
  InFlightFileTest() {
    std::filesystem::remove(path_);
    restart();
  }
  ~InFlightFileTest() override { std::filesystem::remove(path_); }
  void restart() {
    file_.reset();
    file_ = std::move(*InFlightFile::open(path_));
  }
  void die_on(const std::string& item, int times) {
    for (int i = 0; i < times; ++i) {
      file_->begin(Worker::timers, item);
      restart();
    }
  }
  std::string poison() const {
    const auto found = file_->find_poison();
    return found.empty() ? "" : found.front().item;
  }

  std::string path_ = testing::TempDir() + "in_flight_" +
                      testing::UnitTest::GetInstance()->current_test_info()->name();
  std::unique_ptr<InFlightFile> file_;
};

TEST_F(InFlightFileTest, names_an_item_on_which_the_process_died_three_times) {
  die_on("w1", 2);
  EXPECT_EQ(poison(), "");
  die_on("w1", 1);
  EXPECT_EQ(poison(), "w1");
  restart();
  EXPECT_EQ(poison(), "w1") << "until it has been set aside";
  file_->forget(Worker::timers);
  EXPECT_EQ(poison(), "");
}

TEST_F(InFlightFileTest, an_item_that_ends_is_no_suspect_any_more) {
  die_on("w1", 2);
  file_->begin(Worker::timers, "w1");
  file_->end(Worker::timers);
  die_on("w1", 1);
  EXPECT_EQ(poison(), "");
}

TEST_F(InFlightFileTest, deaths_on_different_items_do_not_add_up) {
  die_on("w1", 2);
  die_on("w2", 1);
  die_on("w1", 1);
  EXPECT_EQ(poison(), "");
}

TEST_F(InFlightFileTest, a_death_between_items_blames_none) {
  die_on("w1", 2);
  for (int i = 0; i < 5; ++i) restart();
  EXPECT_EQ(poison(), "");
}

TEST_F(InFlightFileTest, workers_are_apart) {
  for (int i = 0; i < 3; ++i) {
    file_->begin(Worker::timers, "w" + std::to_string(i));
    file_->begin(Worker::consumers, "grants:7");
    restart();
  }
  ASSERT_EQ(file_->find_poison().size(), 1u);
  EXPECT_EQ(file_->find_poison().front().item, "grants:7");
}

TEST_F(InFlightFileTest, a_file_that_makes_no_sense_is_begun_anew) {
  die_on("w1", 3);
  file_.reset();
  {
    std::ofstream file(path_, std::ios::binary | std::ios::in);
    file.seekp(8);
    file << "\xff\xff\xff\xff";
  }
  restart();
  EXPECT_EQ(poison(), "");
  die_on("w2", 3);
  EXPECT_EQ(poison(), "w2");
}

}  // namespace
}  // namespace thaw
