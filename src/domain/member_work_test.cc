// A member at work: what is placed alone, what together, and whose an identity is (SPEC §2.4).

#include "domain/member_work.h"

#include "domain/domain_world_for_test.h"

namespace thaw {
namespace {

class MemberAtWork : public DomainWorld {
 protected:
  /// One transaction on M1.
  template <typename Change>
  void work_on_member(Change change) {
    write([&](Work& work) {
      MemberWork member(work, MemberId("M1"));
      change(member);
      return work.finish({});
    });
  }
  Placed record(const std::string& member, const Line& line, bool is_fresh = false) {
    return *run(RecordLine{MemberId(member), {}, line, {}, is_fresh}).placed;
  }
  Line load(const std::string& id) { return make_line(LineKind::load, id, 100); }
  Line make_reversal(std::optional<std::int64_t> minor, Currency currency) {
    Line line = make_line(LineKind::reversal, "r", minor.value_or(1));
    if (!minor) line.amount.reset();
    line.currency = currency;
    line.original = OriginalRef{LineKind::load, "a"};
    return line;
  }
};

TEST_F(MemberAtWork, its_lines_are_those_stored_and_those_just_added) {
  enrol("M1");
  record("M1", load("a"));
  work_on_member([&](MemberWork& member) {
    EXPECT_TRUE(member.add(load("b")));
    EXPECT_EQ(member.lines().size(), 2u);
    EXPECT_TRUE(member.add(load("c")));
    EXPECT_EQ(member.lines().size(), 3u);
    EXPECT_EQ(member.settle(), (std::vector{Placed::counted, Placed::counted}));
  });
  EXPECT_EQ(enrolment_of("M1").totals.instant, Minor::of(300));
}

TEST_F(MemberAtWork, asked_to_place_all_it_does_not_place_an_added_line_alone) {
  record("M1", load("a"));
  enrol("M1");
  work_on_member([&](MemberWork& member) {
    member.member().enrolments.front().totals = {};  // as if the enrolment had just come
    EXPECT_TRUE(member.add(load("b")));
    member.place_all();
    EXPECT_EQ(member.settle(), std::vector{Placed::counted});
  });
  EXPECT_EQ(enrolment_of("M1").totals.instant, Minor::of(200));
}

TEST_F(MemberAtWork, a_line_that_comes_while_others_are_behind_takes_them_along) {
  constexpr int kLines = 40;
  for (int i = 0; i < kLines; ++i) pay("M1", "a" + std::to_string(i), 100);
  run_one_step(Enrol{rules_.id, MemberId("M1"), {}, {}, ""});
  ASSERT_TRUE(find<Member>(keys::member(MemberId("M1")))->is_settling);
  EXPECT_EQ(run_one_step(RecordLine{MemberId("M1"), {}, load("b"), {}}).placed, Placed::counted);
  EXPECT_FALSE(find<Member>(keys::member(MemberId("M1")))->is_settling);
  EXPECT_EQ(enrolment_of("M1").totals.instant, Minor::of(100 * (kLines + 1)));
}

TEST_F(MemberAtWork, a_load_without_a_rail_is_placed_with_all_others) {
  enrol("M1");
  record("M1", load("a"));
  work_on_member([&](MemberWork& member) {
    Line line = load("b");
    line.rail.reset();
    EXPECT_TRUE(member.add(line));
    EXPECT_EQ(member.settle(), std::vector{Placed::excluded_rail});
    EXPECT_EQ(member.member().lines.other, 1);
  });
  EXPECT_EQ(enrolment_of("M1").totals.instant, Minor::of(100));
}

TEST_F(MemberAtWork, a_reversal_of_the_whole_states_no_currency_and_is_one_with_any) {
  const Currency aud = rules_.currency;
  const auto second_of = [&](const std::string& id, Line first, Line second) {
    first.txn_id = second.txn_id = id;
    record("M1", first);
    return record("M1", second);
  };
  const Line whole = make_reversal({}, {});
  const Line part = make_reversal(20, aud);
  const Line abroad = make_reversal(20, *Currency::parse("NZD"));
  EXPECT_NE(second_of("r1", whole, part), Placed::held_identity_conflict);
  EXPECT_NE(second_of("r2", part, whole), Placed::held_identity_conflict);
  EXPECT_EQ(second_of("r3", part, abroad), Placed::held_identity_conflict);
}

TEST_F(MemberAtWork, one_identity_of_another_rail_class_is_held_whole) {
  enrol("M1");
  run(ConfigureProvider{{ProviderId("cardco"), {Rail::debit_card, Rail::bpay}, {}}});
  EXPECT_EQ(record("M1", load("a")), Placed::counted);
  Line other = load("a");
  other.rail = Rail::bpay;
  EXPECT_EQ(record("M1", other), Placed::held_identity_conflict);
  EXPECT_EQ(enrolment_of("M1").totals.held, Minor::of(100));
}

TEST_F(MemberAtWork, a_files_record_again_answers_as_it_stands_and_is_stored_once) {
  enrol("M1");
  run(ConfigureProvider{{ProviderId("cardco"), {Rail::debit_card, Rail::bpay}, {}}});
  Line line = load("b");
  line.rail = Rail::bpay;
  line.path = Path::file;
  line.recorded_at = now_;
  line.file = FileFacts{.file = FileId("f"), .provider_file_id = "F", .line_number = 2};
  EXPECT_EQ(record("M1", line, true), Placed::counted);
  EXPECT_EQ(record("M1", line, true), Placed::counted) << "its application was begun anew";
  EXPECT_EQ(record("M1", line), Placed::counted) << "and resumed";
  EXPECT_EQ(enrolment_of("M1").totals.settled, Minor::of(100));
}

}  // namespace
}  // namespace thaw
