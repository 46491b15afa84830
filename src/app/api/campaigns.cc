#include "app/api/render.h"
#include "app/api/routes.h"
#include "domain/keys.h"

namespace thaw::api {
namespace {

void read_money_field(BodyReader& body, const char* name, const CampaignRules& rules, Minor& into) {
  const auto money = body.money(name);
  if (!money) return;
  if (money->currency != rules.currency) body.fault(name, "must be in the campaign's currency");
  into = money->minor;
}

void read_rails(BodyReader& body, CampaignRules& rules) {
  const auto rails = body.any("rails", true);
  if (!rails) return;
  if (rails->type() != Json::Type::array) return body.fault("rails", "a list is wanted");
  for (const Json& item : rails->items()) {
    const auto name = item.as_text();
    const auto rail = name ? parse_rail(*name) : std::nullopt;
    if (!rail) return body.fault("rails", "not a rail");
    rules.rails.push_back(*rail);
  }
}

CampaignRules read_rules(BodyReader& body, const CampaignId& id) {
  CampaignRules rules;
  rules.id = id;
  rules.name = body.free_text("name", true).value_or("");
  rules.currency =
      body.parsed("currency", &Currency::parse, "three capital letters", true).value_or(Currency());
  if (const auto threshold = body.money("threshold", true)) {
    if (threshold->currency != rules.currency) {
      body.fault("threshold", "must be in the campaign's currency");
    }
    rules.threshold = threshold->minor;
  }
  rules.points = body.integer("points", true).value_or(0);
  rules.window = body.duration("window").value_or(rules.window);
  rules.grace = body.duration("grace").value_or(rules.grace);
  read_rails(body, rules);
  rules.withdrawal_policy =
      body.parsed("withdrawal_policy", &parse_withdrawal_policy, "deduct, ignore or disqualify")
          .value_or(rules.withdrawal_policy);
  rules.late_policy = body.parsed("late_policy", &parse_late_policy, "review, auto_issue or ignore")
                          .value_or(rules.late_policy);
  rules.late_until = body.duration("late_until").value_or(rules.late_until);
  rules.settlement_wait = body.duration("settlement_wait").value_or(rules.settlement_wait);
  rules.enrolment_opens_at = body.instant("enrolment_opens_at");
  rules.enrolment_closes_at = body.instant("enrolment_closes_at");
  rules.time_zone = body.text("time_zone").value_or(rules.time_zone);
  read_money_field(body, "minimum_load", rules, rules.minimum_load);
  if (const auto most = body.any("maximum_counted_per_load");
      most && most->type() != Json::Type::null) {
    rules.maximum_counted_per_load.emplace();
    read_money_field(body, "maximum_counted_per_load", rules, *rules.maximum_counted_per_load);
  }
  rules.budget_points = body.integer("budget_points");
  rules.segment_required = body.boolean("segment_required").value_or(false);
  rules.exclusion_group = body.text("exclusion_group").value_or("");
  return rules;
}

std::optional<CampaignId> find_campaign_id(const CallPtr& call) {
  auto id = parse_campaign_id(call->captured.front());
  if (!id) call->fail(404, "unknown_campaign", "a campaign id is [a-z0-9-]{1,32}");
  return id;
}

std::optional<CampaignRules> read_published(const CallPtr& call, const Campaign& campaign) {
  return call->read<CampaignRules>(keys::campaign_version(campaign.id, campaign.published_version));
}

Json render_reply(const CallPtr& call, const Reply& reply) {
  return render(*reply.campaign, read_published(call, *reply.campaign));
}

void put_campaign(const CallPtr& call) {
  auto id = parse_campaign_id(call->captured.front());
  if (!id) return call->fail(422, "invalid", "a campaign id is [a-z0-9-]{1,32}");
  auto parsed = parse_object(call->request);
  if (auto* problem = std::get_if<HttpResponse>(&parsed)) return call->reply(std::move(*problem));
  BodyReader body(std::get<Json>(parsed));
  CampaignRules rules = read_rules(body, *id);
  std::vector<FieldFault> faults = body.finish();
  if (call->context.knows_zone && !call->context.knows_zone(rules.time_zone)) {
    faults.push_back({"/time_zone", "not in the zone data"});
  }
  if (faults.empty()) {
    for (const CampaignFault& fault : find_faults(rules)) {
      faults.push_back({"/" + fault.field, fault.message});
    }
  }
  if (!faults.empty()) return call->fail(422, "invalid", "the campaign is not valid", faults);
  run_command(call, DraftCampaign{std::move(rules)}, [](const Reply& reply) {
    return render(*reply.campaign->draft, CampaignStatus::draft);
  });
}

void publish_campaign(const CallPtr& call) {
  const auto id = find_campaign_id(call);
  if (!id) return;
  run_command(call, PublishCampaign{*id},
              [call](const Reply& reply) { return render_reply(call, reply); });
}

void close_campaign(const CallPtr& call) {
  const auto id = find_campaign_id(call);
  if (!id) return;
  run_command(call, CloseCampaign{*id},
              [call](const Reply& reply) { return render_reply(call, reply); });
}

void get_campaign(const CallPtr& call) {
  const auto id = find_campaign_id(call);
  if (!id) return;
  const auto campaign = call->read<Campaign>(keys::campaign(*id));
  if (!campaign) return call->fail(404, "unknown_campaign", call->captured.front());
  Json json = render(*campaign, read_published(call, *campaign));
  Json versions = Json::array();
  for (std::int64_t version = 1; version <= campaign->published_version; ++version) {
    const auto rules = call->read<CampaignRules>(keys::campaign_version(*id, version));
    if (rules) versions.push(render(*rules, CampaignStatus::published));
  }
  call->answer(200, json.set("versions", versions));
}

}  // namespace

std::vector<Route> campaign_routes() {
  return {{"PUT", {"v1", "campaigns", "*"}, {Role::admin}, put_campaign},
          {"GET",
           {"v1", "campaigns", "*"},
           {Role::app, Role::care, Role::ops, Role::approver, Role::analyst},
           get_campaign},
          {"POST", {"v1", "campaigns", "*", "publish"}, {Role::approver}, publish_campaign},
          {"POST", {"v1", "campaigns", "*", "close"}, {Role::approver}, close_campaign}};
}

}  // namespace thaw::api
