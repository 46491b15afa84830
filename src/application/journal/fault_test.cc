// Random faults, crashes and restarts over the simulated disk; the promise of the journal, and
// nothing else, is what holds afterwards.

#include "application/journal/journal_for_test.h"
#include "application/journal/reserve.h"

namespace thaw {
namespace {

/// Drives one journal over one disk, and knows what must be in it.
class Campaign {
 public:
  explicit Campaign(std::uint64_t seed, DiskFaults faults)
      : random_(seed), disk_(random_.next()), faults_(faults) {}

  void run(int steps) {
    disk_.set_faults(faults_);
    reopen();
    for (int step = 0; step < steps && !testing::Test::HasFailure(); ++step) {
      if (random_.chance(1, 6)) disk_.cut_power_at_call(1 + random_.below(12));
      append_group();
      if (journal_->is_poisoned() || !disk_.has_power() || random_.chance(1, 8)) reopen();
    }
  }

  SimDisk& disk() { return disk_; }
  std::uint64_t whole_groups() const { return whole_groups_; }
  std::uint64_t lost_groups() const { return lost_groups_; }
  std::uint64_t refused_opens() const { return refused_opens_; }

 private:
  void append_group() {
    const Records group = random_group(random_, 6, random_.chance(1, 4) ? 3000 : 40);
    const auto receipt = append(*journal_, group);
    if (receipt) {
      durable_.insert(durable_.end(), group.begin(), group.end());
      ASSERT_EQ(receipt->last_sequence, durable_.size());
    } else if (receipt.error().code == ErrorCode::no_space) {
      ASSERT_FALSE(journal_->is_poisoned());
    } else {
      ASSERT_NE(receipt.error().code, ErrorCode::corrupt) << receipt.error().detail;
      in_doubt_ = group;
    }
  }

  /// The process ends, in order or not; perhaps the machine too; faults go on during recovery.
  void reopen() {
    const bool is_closed = journal_ && !journal_->is_poisoned() && random_.chance(1, 4) &&
                           journal_->close().has_value();
    journal_.reset();
    for (int attempt = 0;; ++attempt) {
      ASSERT_LT(attempt, 200) << "recovery does not converge";
      if (!disk_.has_power() || random_.chance(1, 2)) {
        disk_.crash();
      } else {
        disk_.restart();
      }
      if (random_.chance(1, 3)) disk_.cut_power_at_call(1 + random_.below(60));
      JournalOptions options = small_options(4 + random_.below(6));
      options.floor_sequence = random_.below(durable_.size() + 1);
      auto opened = Journal::open(disk_, options);
      if (opened) {
        journal_ = std::move(*opened);
        break;
      }
      ASSERT_NE(opened.error().code, ErrorCode::corrupt)
          << opened.error().detail << (is_closed ? " (closed)" : "");
      ++refused_opens_;
    }
    disk_.cut_power_at_call(0);
    check();
  }

  void check() {
    Result<Records> read = read_all(*journal_);
    for (int i = 0; !read && read.error().code == ErrorCode::io && i < 50; ++i) {
      read = read_all(*journal_);  // a drawn read error
    }
    ASSERT_TRUE(read) << read.error().detail;
    Records with_doubtful = durable_;
    with_doubtful.insert(with_doubtful.end(), in_doubt_.begin(), in_doubt_.end());
    if (!in_doubt_.empty()) ++(*read == with_doubtful ? whole_groups_ : lost_groups_);
    if (*read == with_doubtful) durable_ = with_doubtful;
    in_doubt_.clear();
    ASSERT_EQ(read->size(), durable_.size());
    ASSERT_TRUE(*read == durable_);
  }

  Random random_;
  SimDisk disk_;
  DiskFaults faults_;
  std::unique_ptr<Journal> journal_;
  Records durable_;
  Records in_doubt_;
  std::uint64_t whole_groups_ = 0;
  std::uint64_t lost_groups_ = 0;
  std::uint64_t refused_opens_ = 0;
};

DiskFaults draw_faults(Random& random) {
  if (random.chance(1, 3)) return {};
  const auto up_to = [&](std::uint64_t most) {
    return random.chance(1, 2) ? 0 : static_cast<std::uint32_t>(random.below(most));
  };
  DiskFaults faults;
  faults.failed_write = up_to(500);
  faults.failed_sync = up_to(500);
  faults.failed_sync_dir = up_to(500);
  faults.failed_read = up_to(100);
  faults.failed_other = up_to(200);
  faults.full = up_to(500);
  faults.full_calls = static_cast<std::uint32_t>(1 + random.below(30));
  faults.stale_room = random.chance(1, 2);
  return faults;
}

TEST(JournalFaults, what_was_acknowledged_is_there_and_a_doubtful_group_whole_or_not_at_all) {
  std::uint64_t whole = 0, lost = 0, refused = 0, torn = 0, forgotten = 0, full = 0, dropped = 0;
  constexpr std::uint64_t kSeeds = 3000;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    Random random(seed);
    const DiskFaults faults = draw_faults(random);
    Campaign campaign(random.next(), faults);
    campaign.run(20);
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
    whole += campaign.whole_groups();
    lost += campaign.lost_groups();
    refused += campaign.refused_opens();
    const DiskCounters& counters = campaign.disk().counters();
    torn += counters.writes_torn;
    forgotten += counters.writes_forgotten;
    full += counters.no_space;
    dropped += counters.names_dropped;
  }
  // A campaign that never got there proves nothing.
  for (const std::uint64_t reached : {whole, lost, refused, torn, forgotten, full, dropped}) {
    EXPECT_GT(reached, kSeeds / 10);
  }
  RecordProperty("whole", std::to_string(whole));
  RecordProperty("lost", std::to_string(lost));
}

/// A short life: open, groups over several segments, close, open again, more groups.
void live(SimDisk& disk, Records& durable, Records& in_doubt) {
  for (int run = 0; run < 2; ++run) {
    const auto journal = Journal::open(disk, small_options(5));
    if (!journal) {
      EXPECT_NE(journal.error().code, ErrorCode::corrupt) << journal.error().detail;
      return;
    }
    for (int i = 0; i < 5; ++i) {
      const Records group{std::to_string(run), std::to_string(i)};
      if (!append(**journal, group)) {
        in_doubt = group;
        return;
      }
      durable.insert(durable.end(), group.begin(), group.end());
    }
    if (run == 0 && !(*journal)->close()) return;
  }
}

TEST(JournalFaults, the_nth_call_fails_for_every_n) {
  for (const bool is_power_cut : {false, true}) {
    bool did_fail = true;
    std::uint64_t n = 1;
    for (; did_fail; ++n) {
      SimDisk disk(n);
      if (is_power_cut) {
        disk.cut_power_at_call(n);
      } else {
        disk.fail_call(n);
      }
      Records durable, in_doubt;
      live(disk, durable, in_doubt);
      did_fail = disk.counters().calls >= n;
      if (is_power_cut || n % 2 == 0) {
        disk.crash();
      } else {
        disk.restart();
      }
      for (int again = 0; again < 2; ++again) {
        JournalOptions options = small_options(5);
        options.floor_sequence = durable.size();
        const auto journal = Journal::open(disk, options);
        ASSERT_TRUE(journal) << n << ": " << journal.error().detail;
        const auto read = read_all(**journal);
        ASSERT_TRUE(read) << n << ": " << read.error().detail;
        Records with_doubtful = durable;
        with_doubtful.insert(with_doubtful.end(), in_doubt.begin(), in_doubt.end());
        if (*read == with_doubtful) durable = with_doubtful;
        in_doubt.clear();
        ASSERT_EQ(*read, durable) << n;
        disk.crash();
      }
    }
    EXPECT_GT(n, 80u);
  }
}

TEST(JournalFaults, flipped_bits_are_named_or_harmless_never_served) {
  int named = 0, harmless = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    Random random(seed);
    SimDisk disk(random.next());
    Records all;
    {
      const auto journal = open_well(disk, small_options(6));
      for (int i = 0; i < 8; ++i) {
        const Records group = random_group(random, 4, 2000);
        ASSERT_TRUE(append(*journal, group));
        all.insert(all.end(), group.begin(), group.end());
      }
    }
    disk.crash();
    for (std::uint64_t i = 0; i <= random.below(3); ++i) ASSERT_TRUE(disk.flip_random_bit());
    JournalOptions options = small_options(6);
    options.floor_sequence = all.size();  // the index knows of all
    const auto journal = Journal::open(disk, options);
    const Result<Records> read = journal ? read_all(**journal) : fail_with(journal);
    if (read) {
      ASSERT_TRUE(*read == all) << seed;  // a bit of the free room
      ++harmless;
    } else {
      ASSERT_EQ(read.error().code, ErrorCode::corrupt) << seed << read.error().detail;
      ++named;
    }
  }
  EXPECT_GT(named, 500);
  EXPECT_GT(harmless, 20);
}

TEST(JournalFaults, misdirected_writes_are_named_or_harmless_never_served) {
  int named = 0, harmless = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    Random random(seed);
    SimDisk disk(random.next());
    Records all;
    {
      const auto journal = open_well(disk, small_options(12));
      disk.set_faults({.misdirected_write = 1500});
      for (int i = 0; i < 12; ++i) {
        const Records group = random_group(random, 4, 2000);
        ASSERT_TRUE(append(*journal, group));
        all.insert(all.end(), group.begin(), group.end());
      }
      disk.set_faults({});
    }
    disk.crash();
    JournalOptions options = small_options(12);
    options.floor_sequence = all.size();
    const auto journal = Journal::open(disk, options);
    const Result<Records> read = journal ? read_all(**journal) : fail_with(journal);
    if (read) {
      ASSERT_TRUE(*read == all) << seed;
      ++harmless;
    } else {
      ASSERT_EQ(read.error().code, ErrorCode::corrupt) << seed << read.error().detail;
      ++named;
    }
  }
  EXPECT_GT(named, 300);
  EXPECT_GT(harmless, 20);
}

TEST(JournalFaults, rubbish_in_place_of_files_is_refused_without_harm) {
  SimDisk good(1);
  {
    const auto journal = open_well(good, small_options(5));
    for (int i = 0; i < 6; ++i) ASSERT_TRUE(append(*journal, {std::string(100, 'x')}));
    ASSERT_TRUE(journal->close());
  }
  const Files files = copy_files(good);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    Random random(seed);
    Files damaged = files;
    std::string& bytes = random.pick(damaged).second;
    const std::uint64_t from = random.below(bytes.size());
    const std::uint64_t length = std::min<std::uint64_t>(bytes.size() - from, random.below(9000));
    for (std::uint64_t i = from; i < from + length; ++i)
      bytes[i] = static_cast<char>(random.next());
    if (random.chance(1, 4)) bytes.resize(random.below(2 * bytes.size() + 1));
    const auto disk = make_disk(damaged);
    const auto journal = Journal::open(*disk, small_options(5));
    const Result<Records> read = journal ? read_all(**journal) : fail_with(journal);
    if (read) {
      ASSERT_EQ(*read, Records(6, std::string(100, 'x')));
    } else {
      ASSERT_NE(read.error().code, ErrorCode::io) << read.error().detail;
    }
    (void)verify_journal(*disk, "journal");
  }
}

}  // namespace
}  // namespace thaw
