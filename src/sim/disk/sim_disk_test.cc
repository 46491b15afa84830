#include "sim/disk/sim_disk.h"

#include <gtest/gtest.h>

namespace thaw {
namespace {

std::unique_ptr<DiskFile> make(SimDisk& disk, const std::string& name) {
  auto file = disk.open(name, OpenMode::create);
  EXPECT_TRUE(file);
  return std::move(*file);
}

/// A file whose name and content "old" are durable.
std::unique_ptr<DiskFile> make_durable(SimDisk& disk, const std::string& name) {
  auto file = make(disk, name);
  EXPECT_TRUE(file->write(0, "old"));
  EXPECT_TRUE(file->sync());
  EXPECT_TRUE(disk.sync_dir(""));
  return file;
}

bool exists(SimDisk& disk, const std::string& name) {
  return disk.open(name, OpenMode::read).has_value();
}

/// Runs `trial` under many seeds, and answers how often it was true.
template <typename Trial>
int count_true(Trial trial) {
  int hits = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SimDisk disk(seed);
    hits += trial(disk) ? 1 : 0;
  }
  return hits;
}

TEST(SimDisk, a_crash_keeps_what_was_synced) {
  EXPECT_EQ(count_true([](SimDisk& disk) {
              make_durable(disk, "a");
              disk.crash();
              return exists(disk, "a") && disk.bytes_of("a") == "old";
            }),
            200);
}

TEST(SimDisk, a_crash_may_keep_drop_or_tear_an_unsynced_write) {
  int kept = 0, dropped = 0, torn = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SimDisk disk(seed);
    const auto file = make_durable(disk, "a");
    ASSERT_TRUE(file->write(0, std::string(2048, 'x')));
    disk.crash();
    const std::string& bytes = disk.bytes_of("a");
    if (bytes == "old") {
      ++dropped;
    } else if (bytes == std::string(2048, 'x')) {
      ++kept;
    } else {
      ++torn;
    }
  }
  EXPECT_GT(kept, 20);
  EXPECT_GT(dropped, 20);
  EXPECT_GT(torn, 20);
}

TEST(SimDisk, a_crash_may_reorder_unsynced_writes) {
  const int second_alone = count_true([](SimDisk& disk) {
    const auto file = make_durable(disk, "a");
    (void)file->write(0, "1");
    (void)file->write(1, "2");
    disk.crash();
    return disk.bytes_of("a") == "o2d";
  });
  EXPECT_GT(second_alone, 5);
}

TEST(SimDisk, a_name_not_synced_may_be_lost_and_a_rename_undone) {
  const int lost = count_true([](SimDisk& disk) {
    const auto file = make(disk, "a");
    (void)file->sync();
    disk.crash();
    return !exists(disk, "a");
  });
  EXPECT_GT(lost, 50);
  EXPECT_LT(lost, 150);
  const int undone = count_true([](SimDisk& disk) {
    make_durable(disk, "a");
    (void)disk.rename("a", "b");
    disk.crash();
    EXPECT_NE(exists(disk, "a"), exists(disk, "b"));
    return exists(disk, "a");
  });
  EXPECT_GT(undone, 50);
  EXPECT_LT(undone, 150);
}

TEST(SimDisk, after_a_failed_sync_a_later_one_lies) {
  const int lost_though_synced = count_true([](SimDisk& disk) {
    const auto file = make_durable(disk, "a");
    (void)file->write(0, "new");
    disk.fail_call(1);
    EXPECT_FALSE(file->sync());
    EXPECT_TRUE(file->sync());
    EXPECT_EQ(disk.bytes_of("a"), "new");  // the page cache shows it
    disk.crash();
    return disk.bytes_of("a") == "old";
  });
  EXPECT_GT(lost_though_synced, 50);
}

TEST(SimDisk, a_restart_keeps_the_page_cache_and_kills_handles) {
  SimDisk disk(1);
  const auto file = make(disk, "a");
  ASSERT_TRUE(file->write(0, "new"));
  disk.restart();
  EXPECT_FALSE(file->write(0, "x"));
  EXPECT_FALSE(file->sync());
  EXPECT_EQ(disk.bytes_of("a"), "new");
}

TEST(SimDisk, the_named_call_fails_and_only_that) {
  SimDisk disk(1);
  const auto file = make(disk, "a");
  disk.fail_call(2);
  EXPECT_TRUE(file->write(0, "1"));
  EXPECT_FALSE(file->write(0, "2"));
  EXPECT_TRUE(file->write(0, "3"));
}

TEST(SimDisk, from_the_named_call_on_all_fail_until_a_restart) {
  SimDisk disk(1);
  const auto file = make(disk, "a");
  disk.fail_calls_from(2);
  EXPECT_TRUE(file->write(0, "1"));
  EXPECT_FALSE(file->write(0, "2"));
  EXPECT_FALSE(disk.list(""));
  disk.restart();
  EXPECT_TRUE(disk.list(""));
}

TEST(SimDisk, after_a_power_cut_everything_fails_until_the_crash_is_over) {
  SimDisk disk(1);
  const auto file = make_durable(disk, "a");
  disk.cut_power_at_call(2);
  EXPECT_TRUE(file->write(0, "1"));
  EXPECT_FALSE(file->sync());
  EXPECT_FALSE(file->sync());
  EXPECT_FALSE(disk.has_power());
  disk.crash();
  EXPECT_TRUE(exists(disk, "a"));
}

TEST(SimDisk, a_full_disk_refuses_new_room_and_takes_writes_into_old) {
  SimDisk disk(1);
  disk.set_capacity(100);
  const auto file = make(disk, "a");
  ASSERT_TRUE(file->preallocate(80));
  const auto other = make(disk, "b");
  const Status refused = other->preallocate(30);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::no_space);
  EXPECT_TRUE(file->write(0, std::string(80, 'x')));
  EXPECT_FALSE(other->write(0, std::string(30, 'x')));
  EXPECT_EQ(disk.free_bytes(), 20u);
  ASSERT_TRUE(disk.remove("a"));
  EXPECT_TRUE(other->preallocate(30));
}

TEST(SimDisk, a_drawn_full_disk_is_full_for_a_while) {
  SimDisk disk(1);
  disk.set_faults({.full = 10'000, .full_calls = 5});
  EXPECT_FALSE(disk.open("a", OpenMode::create));
  disk.set_faults({});
  int refused = 0;
  while (!disk.open("a", OpenMode::create)) ++refused;
  EXPECT_EQ(refused, 4);
}

TEST(SimDisk, stale_room_shows_bytes_of_removed_files) {
  SimDisk disk(1);
  disk.set_faults({.stale_room = true});
  make_durable(disk, "a");
  ASSERT_TRUE(disk.remove("a"));
  const auto file = make(disk, "b");
  ASSERT_TRUE(file->preallocate(5));
  EXPECT_EQ(disk.bytes_of("b"), std::string("old\0\0", 5));
}

TEST(SimDisk, faults_are_drawn_and_counted) {
  SimDisk disk(1);
  const auto file = make(disk, "a");
  disk.set_faults(
      {.failed_write = 2000, .failed_sync = 2000, .failed_read = 2000, .misdirected_write = 2000});
  char into[4];
  for (int i = 0; i < 300; ++i) {
    (void)file->write(0, "xxxx");
    (void)file->read(0, into);
    (void)file->sync();
  }
  const DiskCounters& counters = disk.counters();
  EXPECT_EQ(counters.writes, 300u);
  for (const std::uint64_t count : {counters.failed_writes, counters.failed_syncs,
                                    counters.failed_reads, counters.misdirected_writes}) {
    EXPECT_GT(count, 20u);
    EXPECT_LT(count, 150u);
  }
}

TEST(SimDisk, a_flipped_bit_is_flipped_for_good) {
  SimDisk disk(1);
  make_durable(disk, "a");
  ASSERT_TRUE(disk.flip_bit("a", 1, 0));
  EXPECT_FALSE(disk.flip_bit("a", 3, 0));
  EXPECT_EQ(disk.bytes_of("a"), "omd");
  disk.crash();
  EXPECT_EQ(disk.bytes_of("a"), "omd");
  EXPECT_TRUE(disk.flip_random_bit());
}

TEST(SimDisk, one_seed_one_course_of_events) {
  const auto run = [](std::uint64_t seed) {
    SimDisk disk(seed);
    disk.set_faults({.failed_write = 500, .failed_sync = 500, .failed_other = 500, .full = 100});
    std::string log;
    for (int i = 0; i < 100; ++i) {
      const std::string name = "f" + std::to_string(i % 7);
      auto file = disk.open(name, i < 7 ? OpenMode::create : OpenMode::write);
      log += file ? "o" : "-";
      if (file) log += (*file)->write(static_cast<std::uint64_t>(i), name) ? "w" : "-";
      if (file && i % 3 == 0) log += (*file)->sync() ? "s" : "-";
      if (i % 20 == 19) disk.crash();
    }
    for (const std::string& name : disk.all_names()) log += name + disk.bytes_of(name);
    return log;
  };
  EXPECT_EQ(run(7), run(7));
  EXPECT_NE(run(7), run(8));
}

TEST(SimDisk, a_write_that_went_elsewhere_is_put_right_as_from_a_mirror) {
  SimDisk disk(5);
  const auto file = disk.open("a", OpenMode::create);
  ASSERT_TRUE((*file)->write(0, std::string(8192, 'x')));
  EXPECT_FALSE(disk.is_misdirected());
  disk.set_faults({.misdirected_write = 10'000});
  ASSERT_TRUE((*file)->write(4096, "here"));
  disk.set_faults({});
  ASSERT_TRUE((*file)->write(100, "and there"));
  ASSERT_TRUE((*file)->sync());
  ASSERT_TRUE(disk.sync_dir(""));
  EXPECT_TRUE(disk.is_misdirected());
  EXPECT_NE(disk.bytes_of("a").substr(4096, 4), "here");
  disk.crash();
  disk.mend();
  EXPECT_FALSE(disk.is_misdirected());
  EXPECT_EQ(disk.bytes_of("a").substr(4096, 4), "here");
  EXPECT_EQ(disk.bytes_of("a").substr(100, 9), "and there");
  EXPECT_EQ(disk.bytes_of("a").size(), 8192u);
}

}  // namespace
}  // namespace thaw
