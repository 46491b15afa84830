// Rows as a command reads and writes them: decoded once for many, never out of date, and a damaged
// one is reported (DESIGN §4).

#include "domain/state.h"

#include <gtest/gtest.h>

#include <map>

#include "domain/rows.h"

namespace thaw {
namespace {

/// A store of a few rows that keeps decoded ones from one command to the next.
class Store final : public StateView {
 public:
  explicit Store(bool has_memo) : has_memo_(has_memo) {}

  std::optional<StoredRow> find(const std::string& key) override {
    ++reads;
    const auto found = rows.find(key);
    return found == rows.end() ? std::nullopt : std::optional(found->second);
  }
  using StateView::scan;
  std::vector<std::pair<std::string, StoredRow>> scan(const std::string& prefix, std::size_t limit,
                                                      const std::string&) override {
    std::vector<std::pair<std::string, StoredRow>> found;
    for (auto row = rows.lower_bound(prefix);
         row != rows.end() && row->first.starts_with(prefix) && found.size() < limit; ++row) {
      found.emplace_back(*row);
    }
    return found;
  }
  RowMemo* memo() override { return has_memo_ ? &memo_ : nullptr; }

  std::map<std::string, StoredRow> rows;
  int reads = 0;

 private:
  bool has_memo_;
  RowMemo memo_;
};

std::string points(std::int64_t number) {
  return encode(CampaignBudget{number});
}

TEST(Work, reads_a_shared_row_once_for_many_commands_and_notes_its_version_each_time) {
  Store store(true);
  store.rows["a"] = {points(5), 7};
  for (int command = 0; command < 3; ++command) {
    Work work(store, Instant{});
    EXPECT_EQ(work.find_shared<CampaignBudget>("a")->reserved_points, 5);
    work.put("a", CampaignBudget{6});
    EXPECT_EQ(work.finish({}).rows.front().expected, 7u);
  }
  EXPECT_EQ(store.reads, 1);
}

TEST(Work, shares_nothing_where_the_store_keeps_nothing_and_nothing_that_it_wrote_itself) {
  Store forgetful(false);
  forgetful.rows["a"] = {points(5), 7};
  for (int command = 0; command < 2; ++command) {
    Work work(forgetful, Instant{});
    EXPECT_EQ(work.find_shared<CampaignBudget>("a")->reserved_points, 5);
    EXPECT_FALSE(work.find_shared<CampaignBudget>("none"));
  }
  EXPECT_EQ(forgetful.reads, 4);
  Store store(true);
  store.rows["a"] = {points(5), 7};
  Work writer(store, Instant{});
  writer.put("a", CampaignBudget{6});
  EXPECT_EQ(writer.find_shared<CampaignBudget>("a")->reserved_points, 6);
  Work next(store, Instant{});
  EXPECT_EQ(next.find_shared<CampaignBudget>("a")->reserved_points, 5) << "it was never committed";
}

TEST(Work, reports_a_damaged_row_however_it_is_read_and_writes_nothing) {
  Store store(true);
  store.rows["a"] = {"\xff", 7};
  const auto finish_after = [&](auto read) {
    Work work(store, Instant{});
    work.put("b", CampaignBudget{1});
    read(work);
    EXPECT_TRUE(work.is_damaged());
    const WriteSet set = work.finish({});
    EXPECT_TRUE(set.is_empty());
    EXPECT_EQ(set.reply.code, ReplyCode::damaged_state);
  };
  finish_after([](Work& work) { EXPECT_FALSE(work.find<CampaignBudget>("a")); });
  finish_after([](Work& work) { EXPECT_FALSE(work.find_shared<CampaignBudget>("a")); });
  finish_after([](Work& work) { EXPECT_TRUE(work.scan<CampaignBudget>("a", 9).empty()); });
}

TEST(RowMemo, forgets_what_is_written_and_all_when_there_is_too_much_of_it) {
  RowMemo memo;
  std::uint64_t written_at = 0;
  const auto keep = [&](const std::string& key) {
    memo.keep(key, std::make_shared<const CampaignBudget>(CampaignBudget{1}), 3);
  };
  memo.forget("a");
  keep("a");
  EXPECT_TRUE(memo.find<CampaignBudget>("a", written_at));
  EXPECT_EQ(written_at, 3u);
  memo.forget("a");
  EXPECT_FALSE(memo.find<CampaignBudget>("a", written_at));
  for (int i = 0; i < 1025; ++i) keep(std::to_string(i));
  EXPECT_FALSE(memo.find<CampaignBudget>("0", written_at));
  EXPECT_TRUE(memo.find<CampaignBudget>("1024", written_at));
}

}  // namespace
}  // namespace thaw
