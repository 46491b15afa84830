#include "adapters/loyalty/sandbox_store.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adapters/loyalty/folder_for_test.h"

namespace thaw {
namespace {

using IssueOutcome = SandboxStore::IssueOutcome;
constexpr Instant kAt{1'792'000'000'000};
constexpr Instant kNoHorizon = Instant::min();

std::unique_ptr<SandboxStore> open(const TestFolder& folder) {
  auto store = SandboxStore::open(folder.path());
  EXPECT_TRUE(store) << store.error().detail;
  return std::move(*store);
}

PointsIssueRequest request_for(const std::string& key) {
  return {"M1", 2000, key, "cold-2025"};
}

TEST(SandboxStore, one_issue_a_key) {
  TestFolder folder;
  const auto store = open(folder);
  const auto first = store->issue(request_for("k"), kAt, kNoHorizon);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->outcome, IssueOutcome::created);
  EXPECT_EQ(first->reference, "P-1");
  const auto again = store->issue(request_for("k"), kAt + Duration{1}, kNoHorizon);
  EXPECT_EQ(again->outcome, IssueOutcome::repeated);
  EXPECT_EQ(again->reference, "P-1");
  const PointsIssueRequest others[] = {
      {"M2", 2000, "k", "cold-2025"}, {"M1", 1, "k", "cold-2025"}, {"M1", 2000, "k", "other"}};
  for (const PointsIssueRequest& other : others) {
    EXPECT_EQ(store->issue(other, kAt, kNoHorizon)->outcome, IssueOutcome::conflict);
  }
  EXPECT_EQ(store->totals()->issues, 1);
  EXPECT_EQ(store->totals()->points_issued, 2000);
}

TEST(SandboxStore, reversal_is_once_and_keeps_the_issue) {
  TestFolder folder;
  const auto store = open(folder);
  EXPECT_EQ(*store->reverse("k", kAt, kNoHorizon), std::nullopt);
  ASSERT_TRUE(store->issue(request_for("k"), kAt, kNoHorizon));
  const Instant later = kAt + Duration::hours(1);
  const auto reversed = store->reverse("k", later, kNoHorizon);
  ASSERT_TRUE(reversed && *reversed);
  EXPECT_EQ((*reversed)->state, PointsState::reversed);
  EXPECT_EQ((*reversed)->reversed_at, later);
  EXPECT_EQ(store->reverse("k", later + Duration{9}, kNoHorizon), reversed);
  EXPECT_EQ(store->find("k", kNoHorizon), reversed);
  EXPECT_EQ(store->issue(request_for("k"), later, kNoHorizon)->outcome, IssueOutcome::repeated);
  EXPECT_EQ(store->totals()->reversals, 1);
  EXPECT_EQ(store->totals()->points_reversed, 2000);
  const auto movements = *store->ledger(0, 10);
  ASSERT_EQ(movements.size(), 2U);
  EXPECT_EQ(movements[0].reference, "P-1");
  EXPECT_EQ(movements[1].reference, "R-2");
  EXPECT_TRUE(movements[1].is_reversal);
}

TEST(SandboxStore, a_forgotten_key_is_issued_again_and_counted_as_twice) {
  TestFolder folder;
  const auto store = open(folder);
  ASSERT_TRUE(store->issue(request_for("k"), kAt, kNoHorizon));
  const Instant horizon = kAt + Duration{1};
  EXPECT_EQ(*store->find("k", horizon), std::nullopt);
  const auto second = store->issue(request_for("k"), horizon, horizon);
  EXPECT_EQ(second->outcome, IssueOutcome::created);
  EXPECT_EQ(second->reference, "P-2");
  EXPECT_EQ(store->totals()->keys_issued_twice, 1);
  EXPECT_EQ((*store->find("k", horizon))->reference, "P-2");
}

TEST(SandboxStore, list_is_by_issue_or_reversal_time_and_paged) {
  TestFolder folder;
  const auto store = open(folder);
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(store->issue(request_for("k" + std::to_string(i)), Instant{i * 100}, kNoHorizon));
  }
  ASSERT_TRUE(store->reverse("k0", Instant{250}, kNoHorizon));
  const auto keys = [&](std::int64_t from, std::int64_t to, std::int64_t cursor,
                        std::int64_t limit) {
    const auto found = store->list(Instant{from}, Instant{to}, cursor, limit);
    std::string text;
    for (const auto& [number, entry] : *found) {
      text += entry.idempotency_key + " ";
    }
    return text;
  };
  EXPECT_EQ(keys(0, 1000, 0, 100), "k0 k1 k2 k3 k4 ");
  EXPECT_EQ(keys(0, 100, 0, 100), "k0 ");
  EXPECT_EQ(keys(200, 300, 0, 100), "k0 k2 ");
  EXPECT_EQ(keys(0, 1000, 0, 2), "k0 k1 ");
  EXPECT_EQ(keys(0, 1000, 2, 2), "k2 k3 ");
}

TEST(SandboxStore, all_is_there_after_reopening_and_a_folder_has_one_owner) {
  TestFolder folder;
  {
    const auto store = open(folder);
    ASSERT_TRUE(store->issue(request_for("k"), kAt, kNoHorizon));
    const auto second = SandboxStore::open(folder.path());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::locked);
  }
  const auto store = open(folder);
  EXPECT_EQ((*store->find("k", kNoHorizon))->reference, "P-1");
  EXPECT_EQ(store->issue(request_for("k"), kAt, kNoHorizon)->outcome, IssueOutcome::repeated);
  EXPECT_FALSE(SandboxStore::open("/proc/nowhere"));
}

/// Issues for ever; a byte through the pipe acknowledges each.
[[noreturn]] void issue_until_killed(const std::string& folder, int acknowledge) {
  auto store = SandboxStore::open(folder);
  for (int i = 0; store; ++i) {
    if (!(*store)->issue(request_for("k" + std::to_string(i)), kAt, kNoHorizon)) break;
    if (::write(acknowledge, "x", 1) != 1) break;
  }
  ::_exit(1);
}

TEST(SandboxStore, what_was_answered_survives_kill_9) {
  TestFolder folder;
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) issue_until_killed(folder.path(), ends[1]);
  ::close(ends[1]);
  int acknowledged = 0;
  char byte = 0;
  while (acknowledged < 50 && ::read(ends[0], &byte, 1) == 1) ++acknowledged;
  ::kill(child, SIGKILL);
  while (::read(ends[0], &byte, 1) == 1) ++acknowledged;
  ::close(ends[0]);
  int state = 0;
  ::waitpid(child, &state, 0);
  EXPECT_TRUE(WIFSIGNALED(state));
  ASSERT_GE(acknowledged, 50);
  const auto store = open(folder);
  for (int i = 0; i < acknowledged; ++i) {
    EXPECT_TRUE((*store->find("k" + std::to_string(i), kNoHorizon)).has_value()) << i;
  }
  EXPECT_LE(store->totals()->issues, acknowledged + 1);
  EXPECT_EQ(store->totals()->keys_issued_twice, 0);
}

}  // namespace
}  // namespace thaw
