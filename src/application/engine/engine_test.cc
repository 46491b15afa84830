#include "application/engine/engine.h"

#include <gtest/gtest.h>

#include "adapters/memory/memory_index.h"
#include "adapters/memory/memory_log.h"
#include "application/engine/stepped_ledger.h"
#include "base/random.h"
#include "domain/keys.h"
#include "sim/disk/late_helper.h"

namespace thaw {
namespace {

class EngineTest : public testing::Test {
 protected:
  EngineTest() { open(); }

  void open(EngineOptions options = {}) {
    engine_.reset();
    auto opened = Engine::open(log_, index_, [this] { return now_; }, options);
    ASSERT_TRUE(opened) << opened.error().detail;
    engine_ = std::move(*opened);
  }

  Result<Reply> run(CommandBody body) {
    SteppedLedger ledger(*engine_);
    return ledger.run(Command{std::move(body), {}, false, {}});
  }

  static ConfigureProvider provider(const std::string& id) {
    return {{ProviderId(id), {Rail::debit_card}, {}}};
  }
  bool has(const std::string& id) {
    bool found = false;
    engine_->read(
        [&](StateView& view) { found = view.find(keys::provider(ProviderId(id))).has_value(); });
    return found;
  }
  /// Everything that a reader can see.
  std::string picture() {
    std::string text;
    engine_->read([&](StateView& view) {
      for (const auto& [key, row] : view.scan("", SIZE_MAX)) {
        text += key + "=" + row.bytes + "@" + std::to_string(row.written_at) + "\n";
      }
    });
    return text;
  }

  Instant now_ = *parse_rfc3339("2025-11-01T00:00:00Z");
  MemoryLog log_;
  MemoryIndex index_;
  LateHelper helper_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(EngineTest, an_identity_of_before_the_start_is_known_with_and_without_its_filter) {
  ASSERT_TRUE(run(provider("cardco")));
  const auto record = [this](const std::string& txn_id) {
    RecordLine load;
    load.member = MemberId("m1");
    load.line.provider = ProviderId("cardco");
    load.line.txn_id = txn_id;
    load.line.rail = Rail::debit_card;
    load.line.currency = *Currency::parse("AUD");
    load.line.amount = Minor::of(100);
    load.line.time = LineTime::at(now_);
    return run(load)->placed;
  };
  EXPECT_EQ(record("before"), Placed::kept);
  open();
  EXPECT_EQ(record("before"), Placed::duplicate);
  EXPECT_EQ(record("between"), Placed::kept);
  EXPECT_FALSE(*engine_->filter_step());  // nothing is left to read
  for (const char* known : {"before", "between"}) EXPECT_EQ(record(known), Placed::duplicate);
  EXPECT_EQ(record("after"), Placed::kept);
  EXPECT_EQ(record("after"), Placed::duplicate);
  EXPECT_FALSE(*engine_->filter_step());
}

/// With a helper, and a group for each command.
class OverlapTest : public EngineTest {
 protected:
  OverlapTest() {
    EngineOptions options;
    options.helper = &helper_;
    options.group_commands_max = 1;
    open(options);
  }
  void submit(const std::string& id) {
    engine_->submit(Lane::requests, Command{provider(id), {}, false, {}},
                    [this](Result<Reply> reply) {
                      answers_.push_back(reply ? std::string(to_string(reply->code)) : "failed");
                    });
  }
  std::vector<std::string> answers_;
};

TEST_F(OverlapTest, a_group_is_decided_on_one_that_nobody_else_sees_yet) {
  submit("same");
  submit("same");
  submit("other");
  EXPECT_EQ(*engine_->write_step(), 1u);
  EXPECT_EQ(helper_.left(), 1u);
  EXPECT_FALSE(has("same"));
  EXPECT_EQ(engine_->last_sequence(), 0u);
  EXPECT_TRUE(engine_->records_after(0, 10)->empty());
  EXPECT_EQ(*engine_->index_step(), 0u);
  EXPECT_TRUE(answers_.empty());

  EXPECT_EQ(*engine_->write_step(), 1u);  // decided beside the sync; waits for it in turn
  EXPECT_EQ(helper_.left(), 2u);
  EXPECT_TRUE(answers_.empty());

  EXPECT_EQ(*engine_->write_step(), 1u);
  EXPECT_EQ(answers_, (std::vector<std::string>{"ok"}));
  EXPECT_TRUE(has("same"));
  EXPECT_FALSE(has("other"));
  while (engine_->has_work()) ASSERT_TRUE(engine_->write_step());
  EXPECT_EQ(answers_, (std::vector<std::string>{"ok", "repeated", "ok"}));
  EXPECT_EQ(log_.last_sequence(), 2u);
}

TEST_F(OverlapTest, a_failed_sync_answers_the_group_that_was_decided_on_it_too) {
  log_.fail_after(0, /*keeps_group=*/true);
  for (const char* id : {"a", "a", "c"}) submit(id);
  for (int decided = 0; decided < 2; ++decided) EXPECT_TRUE(engine_->write_step());
  EXPECT_FALSE(engine_->write_step());
  EXPECT_TRUE(engine_->is_dead());
  EXPECT_EQ(answers_, (std::vector<std::string>{"failed", "failed", "failed"}));
  EXPECT_FALSE(has("a"));
  EXPECT_FALSE(engine_->write_step());
}

TEST_F(OverlapTest, what_was_sent_after_a_failure_is_not_written) {
  log_.fail_after(0, /*keeps_group=*/false);
  for (const char* id : {"a", "b", "c"}) submit(id);
  for (int decided = 0; decided < 2; ++decided) EXPECT_TRUE(engine_->write_step());
  helper_.do_early();
  log_.recover();  // it would take "b" now, in the place of "a"
  EXPECT_FALSE(engine_->write_step());
  EXPECT_EQ(answers_, (std::vector<std::string>{"failed", "failed", "failed"}));
  EXPECT_EQ(log_.last_sequence(), 0u);
}

TEST_F(OverlapTest, groups_that_are_through_are_answered_without_waiting_for_the_next) {
  for (const char* id : {"a", "b", "c"}) submit(id);
  EXPECT_TRUE(engine_->write_step());
  helper_.do_early();
  EXPECT_TRUE(engine_->write_step());
  EXPECT_EQ(answers_.size(), 1u);
}

TEST_F(OverlapTest, a_full_overlay_does_not_hold_up_the_answers_of_a_group_on_its_way) {
  EngineOptions options;
  options.helper = &helper_;
  options.group_commands_max = 1;
  options.overlay_bytes_max = 1;
  open(options);
  for (const char* id : {"a", "b", "c"}) submit(id);
  for (int taken = 0; taken < 3; ++taken) EXPECT_EQ(*engine_->write_step(), 1u);
  EXPECT_EQ(answers_.size(), 1u);
  submit("d");
  for (int finished = 0; finished < 2; ++finished) EXPECT_EQ(*engine_->write_step(), 1u);
  EXPECT_EQ(answers_.size(), 3u);  // full: d waits
  EXPECT_EQ(*engine_->write_step(), 0u);
  ASSERT_TRUE(engine_->index_step());
  EXPECT_EQ(*engine_->write_step(), 1u);
  EXPECT_EQ(answers_.size(), 4u);
}

TEST_F(OverlapTest, an_engine_that_goes_away_waits_for_its_helper) {
  for (const char* id : {"a", "b", "c"}) submit(id);
  for (int decided = 0; decided < 2; ++decided) EXPECT_TRUE(engine_->write_step());
  engine_.reset();
  EXPECT_EQ(helper_.left(), 0u);
}

TEST_F(EngineTest, writes_are_seen_before_and_after_they_reach_the_index) {
  ASSERT_TRUE(run(provider("cardco")));
  EXPECT_TRUE(has("cardco"));
  EXPECT_EQ(index_.position(), 0u);
  const std::string before = picture();
  ASSERT_TRUE(engine_->index_step());
  EXPECT_EQ(index_.position(), 1u);
  EXPECT_EQ(picture(), before);
}

TEST_F(EngineTest, a_start_brings_the_index_up_to_the_log_by_rows_alone) {
  for (const char* id : {"a", "b", "c"}) ASSERT_TRUE(run(provider(id)));
  const std::string before = picture();
  open();
  EXPECT_EQ(index_.position(), 3u);
  EXPECT_EQ(picture(), before);
  MemoryIndex fresh;  // the index is derived: from nothing it comes out the same
  const auto rebuilt = Engine::open(log_, fresh, [this] { return now_; }, {});
  ASSERT_TRUE(rebuilt);
  engine_ = std::move(const_cast<std::unique_ptr<Engine>&>(*rebuilt));
  EXPECT_EQ(picture(), before);
}

TEST_F(EngineTest, an_index_beyond_the_log_is_refused) {
  const IndexWrite write{"x", "y"};
  ASSERT_TRUE(index_.apply(std::span(&write, 1), 9));
  const auto opened = Engine::open(log_, index_, [this] { return now_; }, {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::corrupt);
  EXPECT_NE(opened.error().detail.find("9"), std::string::npos);
}

TEST_F(EngineTest, a_failed_write_answers_every_command_and_the_engine_is_dead) {
  ASSERT_TRUE(run(provider("a")));
  log_.fail_after(0, /*keeps_group=*/false);
  int errors = 0;
  for (const char* id : {"b", "c"}) {
    engine_->submit(Lane::requests, Command{provider(id), {}, false, {}},
                    [&](const Result<Reply>& reply) { errors += reply ? 0 : 1; });
  }
  EXPECT_FALSE(engine_->write_step());
  EXPECT_EQ(errors, 2);
  EXPECT_TRUE(engine_->is_dead());
  EXPECT_FALSE(run(provider("d")));
  log_.recover();
  open();
  EXPECT_TRUE(has("a"));
  EXPECT_FALSE(has("b"));
}

TEST_F(EngineTest, a_group_whose_answer_was_lost_is_there_whole_and_its_retry_is_consistent) {
  log_.fail_after(0, /*keeps_group=*/true);
  EXPECT_FALSE(run(provider("a")));
  EXPECT_FALSE(has("a"));  // not acknowledged: nobody sees it before the restart
  log_.recover();
  open();
  EXPECT_TRUE(has("a"));
  EXPECT_EQ(run(provider("a"))->code, ReplyCode::repeated);
}

TEST_F(EngineTest, commands_of_one_group_see_each_other_and_share_one_append) {
  std::vector<ReplyCode> codes;
  for (int i = 0; i < 3; ++i) {
    engine_->submit(Lane::requests, Command{provider("same"), {}, false, {}},
                    [&](const Result<Reply>& reply) { codes.push_back(reply->code); });
  }
  EXPECT_EQ(*engine_->write_step(), 3u);
  EXPECT_EQ(codes, (std::vector{ReplyCode::ok, ReplyCode::repeated, ReplyCode::repeated}));
  EXPECT_EQ(log_.last_sequence(), 1u);
}

TEST_F(EngineTest, recorded_at_never_goes_back_not_even_over_a_restart) {
  ASSERT_TRUE(run(provider("a")));
  const Instant first = engine_->last_recorded_at();
  now_ = now_ - Duration::hours(1);
  ASSERT_TRUE(run(provider("b")));
  EXPECT_EQ(engine_->last_recorded_at(), first);
  ASSERT_TRUE(engine_->index_step());
  ASSERT_TRUE(engine_->flush_index());
  open();
  EXPECT_EQ(engine_->last_recorded_at(), first);
  ASSERT_TRUE(run(provider("c")));
  EXPECT_EQ((*engine_->records_after(2, 10)).front().recorded_at, first);
}

TEST_F(EngineTest, a_full_overlay_makes_the_writer_wait) {
  EngineOptions options;
  options.overlay_bytes_max = 1;
  open(options);
  for (const char* id : {"a", "b"}) {
    engine_->submit(Lane::requests, Command{provider(id), {}, false, {}}, [](const auto&) {});
    if (id[0] == 'a') {
      EXPECT_EQ(*engine_->write_step(), 1u);
    }
  }
  EXPECT_EQ(*engine_->write_step(), 0u);
  ASSERT_TRUE(engine_->index_step());
  EXPECT_EQ(*engine_->write_step(), 1u);
}

TEST_F(EngineTest, whatever_the_index_lost_a_start_gives_the_same_state) {
  Random random(11);
  for (int round = 0; round < 200; ++round) {
    const std::string id = "p" + std::to_string(random.below(20));
    ProviderSettings settings{ProviderId(id), {}, {}};
    if (random.chance(1, 2)) settings.rails.push_back(Rail::bpay);
    ASSERT_TRUE(run(ConfigureProvider{settings}));
    if (random.chance(1, 4)) {
      ASSERT_TRUE(engine_->index_step());
    }
    if (random.chance(1, 10)) {
      ASSERT_TRUE(engine_->flush_index());
    }
    if (!random.chance(1, 8)) continue;
    const std::string before = picture();
    index_.lose_unflushed();
    open();
    ASSERT_EQ(picture(), before) << "round " << round;
  }
}

}  // namespace
}  // namespace thaw
