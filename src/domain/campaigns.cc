#include "domain/campaigns.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "domain/approving.h"
#include "domain/keys.h"

namespace thaw {

WriteSet draft_campaign(Work& work, const DraftCampaign& command) {
  const std::vector<CampaignFault> faults = find_faults(command.rules);
  if (!faults.empty()) {
    return Work::refuse(ReplyCode::invalid,
                        fmt::format("{}: {}", faults.front().field, faults.front().message));
  }
  const std::string key = keys::campaign(command.rules.id);
  const auto found = work.find<Campaign>(key);
  Campaign campaign = found.value_or(Campaign{});
  campaign.id = command.rules.id;
  campaign.draft = command.rules;
  campaign.draft->version = campaign.published_version + 1;
  work.put(key, campaign);
  return work.finish({.code = found ? ReplyCode::ok : ReplyCode::created, .campaign = campaign});
}

namespace {

WriteSet propose_publish(Work& work, const Command& command, const Campaign& campaign) {
  Command proposed = command;
  proposed.body = PublishCampaign{campaign.id, encode(*campaign.draft)};
  WriteSet set =
      await_approval(work, proposed,
                     {.action = "publish",
                      .subject = fmt::format("{}-{}", campaign.id.text(), campaign.draft->version),
                      .detail = fmt::format("publish version {} of {}", campaign.draft->version,
                                            campaign.id.text()),
                      .member = {}});
  set.reply.campaign = campaign;
  return set;
}

}  // namespace

WriteSet publish_campaign(Work& work, const Command& command, const PublishCampaign& publish) {
  auto campaign = work.find<Campaign>(keys::campaign(publish.campaign));
  if (!campaign) return Work::refuse(ReplyCode::unknown_campaign);
  if (!campaign->draft) return work.finish({.code = ReplyCode::repeated, .campaign = *campaign});
  if (command.needs_second_person) return propose_publish(work, command, *campaign);
  const std::string drafted = encode(*campaign->draft);
  if (!publish.draft.empty() && publish.draft != drafted) {
    return Work::refuse(ReplyCode::draft_changed, "publish what is drafted now");
  }
  CampaignRules rules = *campaign->draft;
  work.put(keys::campaign_version(rules.id, rules.version), rules);
  campaign->draft.reset();
  campaign->published_version = rules.version;
  campaign->status = CampaignStatus::published;
  work.put(keys::campaign(rules.id), *campaign);
  if (!work.has(keys::campaign_budget(rules.id))) {
    work.put(keys::campaign_budget(rules.id), CampaignBudget{});
  }
  work.emit({EventType::campaign_published, {}, {}, CampaignFacts{rules.id, rules.version}});
  return work.finish({.campaign = *campaign});
}

WriteSet close_campaign(Work& work, const CloseCampaign& command) {
  auto campaign = work.find<Campaign>(keys::campaign(command.campaign));
  if (!campaign) return Work::refuse(ReplyCode::unknown_campaign);
  if (campaign->published_version == 0) return Work::refuse(ReplyCode::not_published);
  if (campaign->status == CampaignStatus::closed) {
    return work.finish({.code = ReplyCode::repeated, .campaign = *campaign});
  }
  campaign->status = CampaignStatus::closed;
  work.put(keys::campaign(command.campaign), *campaign);
  return work.finish({.campaign = *campaign});
}

WriteSet configure_provider(Work& work, const ConfigureProvider& command) {
  const std::string key = keys::provider(command.settings.id);
  const std::string calendar_key = keys::provider_calendar(command.settings.id);
  ProviderSettings settings = command.settings;
  const ProviderCalendar calendar{std::exchange(settings.expected, {})};
  const auto known = work.find<ProviderSettings>(key);
  const auto known_calendar = work.find<ProviderCalendar>(calendar_key);
  if (known == settings && known_calendar == calendar) {
    return work.finish({.code = ReplyCode::repeated});
  }
  work.put(key, settings);
  work.put(calendar_key, calendar);
  auto list = work.find<ProviderList>(keys::provider_list()).value_or(ProviderList{});
  std::erase(list.providers, command.settings.id);
  if (!command.settings.expected.empty()) list.providers.push_back(command.settings.id);
  std::sort(list.providers.begin(), list.providers.end());  // total: ids are unique
  work.put(keys::provider_list(), list);
  return work.finish({});
}

}  // namespace thaw
