#include "reward_world.h"

#include "base/check.h"
#include "domain/keys.h"

namespace thaw {
namespace {

PointsAnswer make_answer(PointsOutcome outcome) {
  std::string result = points_result(outcome);
  return {std::move(outcome), std::move(result), {}};
}

}  // namespace

ScriptedPoints::Behaviour ScriptedPoints::next() {
  if (script.empty()) return {};
  const Behaviour behaviour = script.front();
  script.pop_front();
  return behaviour;
}

PointsAnswer ScriptedPoints::issue(const PointsIssueRequest& request) {
  calls.push_back("POST " + request.idempotency_key);
  const Behaviour behaviour = next();
  if (behaviour.acts) paid.emplace(request.idempotency_key, request.points);
  return make_answer(behaviour.answers.value_or(PointsIssued{"ref"}));
}

PointsAnswer ScriptedPoints::find(std::string_view key) {
  calls.push_back("GET " + std::string(key));
  const Behaviour behaviour = next();
  if (behaviour.answers) return make_answer(*behaviour.answers);
  if (!paid.contains(key)) return make_answer(PointsNotFound{});
  return make_answer(PointsFound{PointsState::issued, "ref"});
}

PointsAnswer ScriptedPoints::reverse(std::string_view key) {
  calls.push_back("REVERSE " + std::string(key));
  const Behaviour behaviour = next();
  if (behaviour.acts) paid.erase(paid.find(key));
  return make_answer(behaviour.answers.value_or(PointsFound{PointsState::reversed, "ref"}));
}

RewardWorld::RewardWorld() : ledger([this] { return now; }) {
  CampaignRules rules;
  rules.id = CampaignId("cold");
  rules.name = "cold";
  rules.currency = *Currency::parse("AUD");
  rules.threshold = Minor::of(10'000);
  rules.points = 2000;
  rules.rails = {Rail::debit_card};
  run(DraftCampaign{rules});
  run(PublishCampaign{rules.id});
  run(ConfigureProvider{{ProviderId("cardco"), {Rail::debit_card}, {}}});
  window = run(Enrol{rules.id, MemberId("M1"), {}, {}, ""}).enrolment->id;
  Line load;
  load.provider = ProviderId("cardco");
  load.txn_id = "p1";
  load.rail = Rail::debit_card;
  load.currency = rules.currency;
  load.amount = Minor::of(10'000);
  load.time = LineTime::at(now);
  run(RecordLine{MemberId("M1"), {}, load, {}});
  const Instant start = now;
  now = start + Duration::days(30);
  run(FireTimer{window, now, 1, 0});
  now = start + Duration::days(32);
  run(FireTimer{window, now, 2, 0});
  restart();
}

void RewardWorld::restart() {
  worker = std::make_unique<RewardWorker>(
      ledger, points, [this] { return now; }, 1, RewardWorkerOptions{});
  grants = std::make_unique<Grants>(ledger, [this](const WindowId& w) { worker->notice(w); });
  dispatcher = std::make_unique<Dispatcher>(ledger, std::vector<Consumer*>{grants.get()});
  CHECK(worker->open());
  CHECK(dispatcher->open());
}

void RewardWorld::run_for(Duration length) {
  const Instant end = now + length;
  for (;;) {
    while (*dispatcher->step() > 0) {
    }
    while (*worker->step()) {
    }
    const auto due = worker->next_due();
    if (!due || *due > end) break;
    now = std::max(*due, now + Duration{1});
  }
  now = end;
}

Reply RewardWorld::run(CommandBody body) {
  const auto reply = ledger.run(Command{std::move(body), {}, false, {}});
  CHECK(reply.has_value());
  return *reply;
}

Reward RewardWorld::reward() const {
  const auto row = ledger.rows().find(keys::reward(MemberId("M1"), window));
  return row == ledger.rows().end() ? Reward{} : *decode<Reward>(row->second.bytes);
}

std::string RewardWorld::results() const {
  std::string text;
  for (const RewardAttempt& attempt : reward().attempts) {
    text += (text.empty() ? "" : " ") + (attempt.result.empty() ? "open" : attempt.result);
  }
  return text;
}

std::size_t RewardWorld::open_cases() const {
  std::size_t count = 0;
  const std::string prefix = keys::cases_in(CaseState::open);
  for (auto row = ledger.rows().lower_bound(prefix);
       row != ledger.rows().end() && row->first.starts_with(prefix); ++row) {
    ++count;
  }
  return count;
}

}  // namespace thaw
