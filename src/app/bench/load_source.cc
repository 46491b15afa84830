#include "app/bench/load_source.h"

#include <fmt/format.h>

namespace thaw {
namespace {

CampaignRules make_rules() {
  CampaignRules rules;
  rules.id = CampaignId("cold-2025");
  rules.name = "Cold member activation";
  rules.currency = *Currency::parse("AUD");
  rules.threshold = Minor::of(50'000);
  rules.points = 2'000;
  rules.rails = {Rail::debit_card, Rail::apple_pay, Rail::google_pay, Rail::bpay,
                 Rail::bank_transfer};
  return rules;
}

}  // namespace

MemberId LoadSource::member(std::uint64_t number) {
  return MemberId(fmt::format("m-{:010}", number));
}

std::vector<Command> LoadSource::setup() {
  const ProviderSettings provider{
      ProviderId("cardco"), {Rail::debit_card, Rail::apple_pay, Rail::google_pay}, {}};
  const CampaignRules rules = make_rules();
  std::vector<Command> commands;
  commands.push_back({ConfigureProvider{provider}, {}, false, {}});
  commands.push_back({DraftCampaign{rules}, {}, false, {}});
  commands.push_back({PublishCampaign{rules.id}, {}, false, {}});
  return commands;
}

Command LoadSource::enrol(std::uint64_t number, Instant now) {
  const std::string hash = fmt::format("{:016x}", number);
  return {Enrol{CampaignId("cold-2025"), member(number), now, {}, hash}, {}, false, {}};
}

RecordLine LoadSource::next_load(Instant now) {
  RecordLine load;
  load.member = member(random_.below(members_));
  Line& line = load.line;
  line.provider = ProviderId("cardco");
  line.kind = LineKind::load;
  // As processors make them up: no order in them, and each once.
  const std::uint64_t mixed = random_.next();
  line.txn_id = fmt::format("pi_{:016x}{:08x}", mixed, static_cast<std::uint32_t>(++loads_));
  line.rail = Rail::apple_pay;
  line.currency = *Currency::parse("AUD");
  line.amount = Minor::of(static_cast<std::int64_t>(500 + mixed % 20'000));
  line.time = LineTime::at(now - Duration::seconds(2));
  return load;
}

}  // namespace thaw
