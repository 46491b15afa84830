// SPEC §2.2: when a member may enrol, and who holds which reference from when to when.

#include "domain/domain_world_for_test.h"

namespace thaw {
namespace {

class Enrolling : public DomainWorld {
 protected:
  CampaignId publish(const char* id, auto change) {
    CampaignRules rules = rules_;
    rules.id = CampaignId(id);
    change(rules);
    run(DraftCampaign{rules});
    run(PublishCampaign{rules.id, {}});
    return rules.id;
  }
  Reply enrol_in(const CampaignId& campaign, const char* member) {
    return run(Enrol{campaign, MemberId(member), {}, {}, ""});
  }
  Instant day(int days) const { return start_ + Duration::days(days); }
  /// Claims `key_` from one day to the other; no day: without end.
  ReplyCode claim(const char* member, std::optional<int> from, std::optional<int> until) {
    ReferenceChange change{key_, {}, {}};
    if (from) change.from = day(*from);
    if (until) change.until = day(*until);
    return code(ChangeReferences{MemberId(member), {change}, {}});
  }
  ReplyCode end(const char* member, int at) {
    return code(ChangeReferences{MemberId(member), {}, {{key_, {}, day(at)}}});
  }

  const Instant start_ = now_;
  const ReferenceKey key_{"bpay_crn", "hash"};
};

TEST_F(Enrolling, is_open_from_its_first_instant_to_before_its_last) {
  const CampaignId id = publish("short", [&](CampaignRules& rules) {
    rules.enrolment_opens_at = day(1);
    rules.enrolment_closes_at = day(2);
  });
  now_ = day(1) - Duration{1};
  EXPECT_EQ(enrol_in(id, "M1").code, ReplyCode::enrolment_not_open);
  now_ = day(1);
  EXPECT_EQ(enrol_in(id, "M1").code, ReplyCode::created);
  now_ = day(2) - Duration{1};
  EXPECT_EQ(enrol_in(id, "M2").code, ReplyCode::created);
  now_ = day(2);
  EXPECT_EQ(enrol_in(id, "M3").code, ReplyCode::enrolment_not_open);
}

TEST_F(Enrolling, a_cancelled_enrolment_leaves_its_group_to_another) {
  const auto in_group = [](CampaignRules& rules) { rules.exclusion_group = "summer"; };
  const CampaignId first = publish("first", in_group);
  const CampaignId second = publish("second", in_group);
  enrol("M1");  // of no group: it does not stand in the way
  const Reply enrolled = enrol_in(first, "M1");
  EXPECT_EQ(enrolled.code, ReplyCode::created);
  EXPECT_EQ(enrol_in(second, "M1").code, ReplyCode::exclusion_group_taken);
  run(CancelEnrolment{enrolled.enrolment->id});
  EXPECT_EQ(enrol_in(second, "M1").code, ReplyCode::created);
}

TEST_F(Enrolling, cancelled_its_loads_are_kept_for_another_one) {
  const Enrolment enrolment = enrol("M1");
  pay("M1", "a", 100);
  EXPECT_EQ(code(CancelEnrolment{enrolment.id}), ReplyCode::ok);
  EXPECT_EQ(enrolment_of("M1").totals, Totals{});
  const CampaignId other = publish("other", [](CampaignRules&) {});
  EXPECT_EQ(enrol_in(other, "M1").code, ReplyCode::created);
  const auto member = find<Member>(keys::member(MemberId("M1")));
  EXPECT_EQ(member->enrolments.back().totals.instant, Minor::of(100));
}

TEST_F(Enrolling, a_load_beside_a_cancelled_enrolment_is_kept_or_another_ones) {
  run(CancelEnrolment{enrol("M1").id});
  EXPECT_EQ(pay("M1", "a", 100).placed, Placed::kept);
  const CampaignId other = publish("other", [](CampaignRules&) {});
  enrol_in(other, "M1");
  EXPECT_EQ(pay("M1", "b", 100).placed, Placed::counted);
  const auto member = find<Member>(keys::member(MemberId("M1")));
  EXPECT_EQ(member->enrolments.front().totals, Totals{});
  EXPECT_EQ(member->enrolments.back().totals.instant, Minor::of(200));
}

TEST_F(Enrolling, claims_of_one_reference_may_touch_but_not_overlap) {
  EXPECT_EQ(claim("M1", 10, 20), ReplyCode::ok);
  EXPECT_EQ(claim("M2", 5, 11), ReplyCode::reference_taken);
  EXPECT_EQ(claim("M2", 19, 25), ReplyCode::reference_taken);
  EXPECT_EQ(claim("M2", 10, 20), ReplyCode::reference_taken) << "another member's";
  EXPECT_EQ(claim("M2", 5, 10), ReplyCode::ok);
  EXPECT_EQ(claim("M2", 20, {}), ReplyCode::ok);
}

TEST_F(Enrolling, a_claim_repeated_is_taken_as_done_and_one_of_another_span_is_not) {
  EXPECT_EQ(claim("M1", 10, 20), ReplyCode::ok);
  EXPECT_EQ(claim("M1", 10, 20), ReplyCode::ok);
  EXPECT_EQ(claim("M1", 11, 20), ReplyCode::reference_taken);
  EXPECT_EQ(claim("M1", 10, 21), ReplyCode::reference_taken);
  EXPECT_EQ(find<Reference>(keys::reference(key_))->claims.size(), 1u);
}

TEST_F(Enrolling, a_claim_is_ended_by_its_member_and_once) {
  EXPECT_EQ(claim("M1", 10, {}), ReplyCode::ok);
  EXPECT_EQ(end("M2", 15), ReplyCode::unknown_reference) << "another member's";
  EXPECT_EQ(end("M1", 10), ReplyCode::unknown_reference) << "it has not begun by then";
  EXPECT_EQ(end("M1", 15), ReplyCode::ok);
  EXPECT_EQ(end("M1", 15), ReplyCode::ok) << "said again";
  EXPECT_EQ(end("M1", 16), ReplyCode::unknown_reference) << "it has ended before";
  EXPECT_EQ(find<Reference>(keys::reference(key_))->claims.front().until, day(15));
}

TEST_F(Enrolling, a_move_of_a_reference_waits_for_a_second_person_unless_it_cannot_be) {
  const auto claim_both = [&](int from) {
    return run(
        ChangeReferences{
            MemberId("M2"), {{{"bpay_crn", "new"}, {}, {}}, {key_, day(from), {}}}, {}},
        "ann", true);
  };
  EXPECT_EQ(claim("M1", {}, 15), ReplyCode::ok);
  EXPECT_EQ(claim_both(14).code, ReplyCode::reference_taken);
  const Reply proposed = claim_both(15);
  EXPECT_EQ(proposed.code, ReplyCode::awaiting_approval);
  EXPECT_EQ(run(ResolveCase{proposed.case_id, true, ""}, "bob", true).code, ReplyCode::ok);
  EXPECT_EQ(find<Reference>(keys::reference(key_))->claims.back().member, MemberId("M2"));
}

TEST_F(Enrolling, names_a_reference_that_is_the_members_own_already) {
  EXPECT_EQ(claim("M1", -3, {}), ReplyCode::ok);
  EXPECT_EQ(code(Enrol{rules_.id, MemberId("M1"), {}, {key_}, ""}), ReplyCode::created);
  EXPECT_EQ(code(Enrol{rules_.id, MemberId("M2"), {}, {key_}, ""}), ReplyCode::reference_taken);
}

TEST_F(Enrolling, names_a_reference_that_the_member_ended_from_then_on) {
  EXPECT_EQ(claim("M1", -3, -2), ReplyCode::ok);
  EXPECT_EQ(claim("M1", -9, -5), ReplyCode::ok);
  EXPECT_EQ(code(Enrol{rules_.id, MemberId("M1"), {}, {key_}, ""}), ReplyCode::created);
  EXPECT_EQ(find<Reference>(keys::reference(key_))->claims.back().from, day(-2));
}

TEST_F(Enrolling, names_no_reference_that_another_has_had_since_the_member_ended_it) {
  EXPECT_EQ(claim("M1", -3, -2), ReplyCode::ok);
  EXPECT_EQ(claim("M2", -2, -1), ReplyCode::ok);
  EXPECT_EQ(code(Enrol{rules_.id, MemberId("M1"), {}, {key_}, ""}), ReplyCode::reference_taken);
}

TEST_F(Enrolling, names_no_reference_that_will_be_the_members_own) {
  EXPECT_EQ(claim("M1", 1, {}), ReplyCode::ok);
  EXPECT_EQ(code(Enrol{rules_.id, MemberId("M1"), {}, {key_}, ""}), ReplyCode::reference_taken);
}

}  // namespace
}  // namespace thaw
