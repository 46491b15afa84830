// SPEC §2.2: kept lines expire, counted from their recording, by the longest published campaign.

#include "domain/expiring.h"

#include <algorithm>
#include <map>

#include "domain/domain_world_for_test.h"
#include "domain/member_work.h"
#include "domain/recording.h"

namespace thaw {
namespace {

class Expiring : public DomainWorld {
 protected:
  Line keep_under_reference(const std::string& id) {
    const Line line = make_line(LineKind::load, id, 100);
    EXPECT_EQ(run(RecordLine{{}, key_, line, {}}).placed, Placed::kept);
    return line;
  }
  /// What a damaged or hand-mended store has lost.
  void lose(const std::string& key) {
    write([&](Work& work) {
      work.erase(key);
      return work.finish({});
    });
  }
  bool is_listed() {
    const auto row = ledger_.rows().lower_bound(keys::kept_by_age());
    return row != ledger_.rows().end() && row->first.starts_with(keys::kept_by_age());
  }
  std::int64_t expire() { return run(ExpireKept{}).count; }

  const ReferenceKey key_{"bpay_crn", "hash"};
  const Duration life_ = rules_.window + rules_.grace + Duration::hours(48);
};

TEST_F(Expiring, nothing_expires_where_nothing_is_kept) {
  EXPECT_EQ(expire(), 0);
}

TEST_F(Expiring, the_longest_campaign_counts_whichever_was_published_last) {
  const auto publish = [&](const char* id, int days) {
    CampaignRules rules = rules_;
    rules.id = CampaignId(id);
    rules.window = Duration::days(days);
    run(DraftCampaign{rules});
    run(PublishCampaign{rules.id, {}});
  };
  publish("a-long-one", 60);
  publish("z-short-one", 10);
  keep_under_reference("a");
  now_ = now_ + Duration::days(64) - Duration{1};
  EXPECT_EQ(expire(), 0);
  now_ = now_ + Duration{1};
  EXPECT_EQ(expire(), 1);
}

TEST_F(Expiring, nothing_expires_while_no_campaign_says_how_long_a_line_may_matter) {
  keep_under_reference("a");
  lose(keys::campaign_version(rules_.id, 1));
  now_ = now_ + Duration::days(1000);
  EXPECT_EQ(expire(), 0);
  EXPECT_TRUE(is_listed());
}

TEST_F(Expiring, an_entry_whose_line_has_gone_only_leaves_the_list) {
  const Line under_reference = keep_under_reference("a");
  pay("M1", "b", 100);
  lose(keys::kept_line(key_, [&] {
    Line line = under_reference;
    line.recorded_at = now_;
    return line;
  }()));
  lose(keys::line(MemberId("M1"), make_line(LineKind::load, "b", 100)));
  now_ = now_ + life_;
  EXPECT_EQ(expire(), 1);
  EXPECT_FALSE(is_listed());
}

TEST_F(Expiring, an_entry_that_cannot_be_read_stays) {
  write([&](Work& work) {
    work.put(keys::kept_by_age() + "rubbish", KeptEntry{MemberId("M1"), {}, "l/M1"});
    return work.finish({});
  });
  now_ = now_ + Duration::days(1000);
  EXPECT_EQ(expire(), 0);
  EXPECT_TRUE(is_listed());
}

TEST_F(Expiring, a_line_that_came_after_its_member_had_cancelled_expires) {
  run(CancelEnrolment{enrol("M1").id});
  EXPECT_EQ(pay("M1", "a", 100).placed, Placed::kept);
  now_ = now_ + life_;
  EXPECT_EQ(expire(), 1);
  EXPECT_EQ(find<Member>(keys::member(MemberId("M1")))->lines.all, 0);
}

class ExpiredRecord : public Expiring {
 protected:
  Reply reverse_any(const std::string& id, const std::string& original) {
    Line line = make_line(LineKind::reversal, id, 1);
    line.original = OriginalRef{{}, original};
    return run(RecordLine{MemberId("M1"), {}, line, {}});
  }
  /// Of M1's lines, by id.
  std::map<std::string, bool> names_expired() {
    std::map<std::string, bool> told;
    for (const auto& [key, row] : ledger_.rows()) {
      if (!key.starts_with(keys::lines_of(MemberId("M1")))) continue;
      const auto line = decode<LineRow>(row.bytes)->line;
      if (line.original) told[line.txn_id] = line.names_expired;
    }
    return told;
  }
  bool has_expired(const std::string& load) {
    return find<Identity>(keys::identity(make_line(LineKind::load, load, 1)))->has_expired;
  }
  void expire_all() {
    now_ = now_ + life_;
    while (expire() > 0) {
    }
  }
};

TEST_F(ExpiredRecord, is_known_to_what_names_it_and_to_nothing_else) {
  pay("M1", "a", 100);
  pay("M1", "a", 200);  // another amount: a row of its own, of the same identity
  reverse_any("r", "q");
  now_ = now_ + Duration::days(1);
  reverse_any("of a", "a");
  reverse_any("of r", "r");  // a reversal is no payment
  now_ = now_ - Duration::days(1);
  expire_all();
  EXPECT_TRUE(has_expired("a"));
  EXPECT_EQ(names_expired(), (std::map<std::string, bool>{{"of a", true}, {"of r", false}}));
}

TEST_F(ExpiredRecord, of_an_identity_that_another_member_has_does_not_expire) {
  pay("M1", "a", 100);
  pay("M2", "a", 100);
  const Line line = make_line(LineKind::load, "a", 100);
  lose(keys::line(MemberId("M1"), line));
  expire_all();
  EXPECT_FALSE(has_expired("a"));
  EXPECT_TRUE(find<LineRow>(keys::line(MemberId("M2"), line)));
}

TEST_F(ExpiredRecord, is_told_to_so_many_lines_as_one_step_may_write) {
  pay("M1", "a", 100);
  now_ = now_ + Duration::days(1);
  for (std::size_t i = 0; i <= MemberWork::kMaxLineRows; ++i) {
    reverse_any("r" + std::to_string(i), "a");
  }
  now_ = now_ - Duration::days(1);
  expire_all();
  const auto told = names_expired();
  EXPECT_EQ(std::ranges::count_if(told, [](const auto& one) { return one.second; }),
            static_cast<std::ptrdiff_t>(MemberWork::kMaxLineRows));
}

}  // namespace
}  // namespace thaw
