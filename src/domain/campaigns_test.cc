// SPEC §2.1: versions of a campaign, who publishes them, and which files a provider is expected to
// send.

#include "domain/domain_world_for_test.h"

namespace thaw {
namespace {

class Campaigns : public DomainWorld {
 protected:
  CampaignRules make_draft(const char* name) {
    CampaignRules draft = rules_;
    draft.id = CampaignId("other");
    draft.name = name;
    draft.budget_points = 2 * draft.points;
    return draft;
  }
  ReplyCode enrol_in(const CampaignId& campaign, const char* member) {
    return code(Enrol{campaign, MemberId(member), {}, {}, ""});
  }
};

TEST_F(Campaigns, a_new_version_keeps_what_was_promised_under_the_one_before) {
  const CampaignRules draft = make_draft("first");
  run(DraftCampaign{draft});
  EXPECT_EQ(run(PublishCampaign{draft.id, {}}).campaign->published_version, 1);
  EXPECT_EQ(enrol_in(draft.id, "M1"), ReplyCode::created);
  EXPECT_EQ(code(DraftCampaign{make_draft("second")}), ReplyCode::ok);
  EXPECT_EQ(run(PublishCampaign{draft.id, {}}).campaign->published_version, 2);
  EXPECT_EQ(enrol_in(draft.id, "M2"), ReplyCode::created);
  EXPECT_EQ(enrol_in(draft.id, "M3"), ReplyCode::budget_exhausted);
}

TEST_F(Campaigns, what_the_second_person_publishes_is_what_the_first_proposed) {
  const CampaignRules draft = make_draft("proposed");
  run(DraftCampaign{draft});
  const auto propose = [&] { return run(PublishCampaign{draft.id, {}}, "ann", true); };
  const Reply first = propose();
  EXPECT_EQ(first.code, ReplyCode::awaiting_approval);
  run(DraftCampaign{make_draft("changed")});
  EXPECT_EQ(run(ResolveCase{first.case_id, true, ""}, "bob", true).code, ReplyCode::draft_changed);
  const Reply second = propose();
  EXPECT_EQ(run(ResolveCase{second.case_id, true, ""}, "bob", true).code, ReplyCode::ok);
  EXPECT_EQ(find<CampaignRules>(keys::campaign_version(draft.id, 1))->name, "changed");
}

TEST_F(Campaigns, a_provider_is_set_up_anew_where_its_rails_or_its_calendar_have_changed) {
  ProviderSettings settings{ProviderId("bankco"), {Rail::bpay}, {}};
  EXPECT_EQ(code(ConfigureProvider{settings}), ReplyCode::repeated);
  settings.expected = {{"2025-11-20", now_, now_ + Duration::days(1), now_ + Duration::days(1)}};
  EXPECT_EQ(code(ConfigureProvider{settings}), ReplyCode::ok);
  EXPECT_EQ(code(ConfigureProvider{settings}), ReplyCode::repeated);
  settings.rails = {Rail::bpay, Rail::npp};
  EXPECT_EQ(code(ConfigureProvider{settings}), ReplyCode::ok);
  const auto awaited = [&] { return find<ProviderList>(keys::provider_list())->providers; };
  EXPECT_EQ(awaited(), std::vector{settings.id});
  settings.expected.clear();
  EXPECT_EQ(code(ConfigureProvider{settings}), ReplyCode::ok);
  EXPECT_TRUE(awaited().empty());
}

}  // namespace
}  // namespace thaw
