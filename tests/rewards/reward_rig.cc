#include "reward_rig.h"

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
  if (reversed.contains(key)) return make_answer(PointsFound{PointsState::reversed, "ref"});
  if (!paid.contains(key)) return make_answer(PointsNotFound{});
  return make_answer(PointsFound{PointsState::issued, "ref"});
}

PointsAnswer ScriptedPoints::reverse(std::string_view key) {
  calls.push_back("REVERSE " + std::string(key));
  const Behaviour behaviour = next();
  if (behaviour.acts) {
    paid.erase(std::string(key));
    reversed.emplace(key);
  }
  return make_answer(behaviour.answers.value_or(PointsFound{PointsState::reversed, "ref"}));
}

RecordLine CardLoads::next(Outcome to) {
  Line line;
  line.provider = ProviderId("cardco");
  line.currency = *Currency::parse("AUD");
  line.amount = Minor::of(10'000);
  line.time = LineTime::at(at_);
  if (to == Outcome::qualified) {
    line.txn_id = series_ + std::to_string(++count_);
    line.rail = Rail::debit_card;
  } else {
    line.kind = LineKind::reversal;
    line.original = OriginalRef{LineKind::load, series_ + std::to_string(count_)};
    line.txn_id = line.original->txn_id + " back";
  }
  return {MemberId("M1"), {}, line, {}};
}

void RewardRig::approve_case() {
  const std::string prefix = keys::cases_in(CaseState::open);
  const auto open = ledger.rows().lower_bound(prefix);
  CHECK(open != ledger.rows().end() && open->first.starts_with(prefix));
  const std::string id = decode<CaseFacts>(open->second.bytes)->id;
  for (const char* person : {"ann", "bob"}) {
    CHECK(ledger.run(Command{ResolveCase{id, true, ""}, person, true, {}}).has_value());
  }
  while (*dispatcher->step() > 0) {
  }
}

void RewardRig::revise(Outcome to) {
  run(loads_.next(to));
  approve_case();
}

void RewardRig::revise_by_itself(Outcome to) {
  run(loads_.next(to));
  while (*dispatcher->step() > 0) {
  }
}

RewardRig::RewardRig(LatePolicy late_policy) : ledger([this] { return now; }) {
  run(ConfigureProvider{{ProviderId("cardco"), {Rail::debit_card}, {}}});
  window = decide(CampaignId("cold"), late_policy, loads_);
  restart();
}

WindowId RewardRig::decide(const CampaignId& campaign, LatePolicy late_policy, CardLoads& loads) {
  CampaignRules rules;
  rules.id = campaign;
  rules.name = campaign.text();
  rules.currency = *Currency::parse("AUD");
  rules.threshold = Minor::of(10'000);
  rules.points = 2000;
  rules.late_policy = late_policy;
  rules.rails = {Rail::debit_card};
  run(DraftCampaign{rules});
  run(PublishCampaign{rules.id});
  const Enrolment enrolment = *run(Enrol{rules.id, MemberId("M1"), {}, {}, ""}).enrolment;
  run(loads.next(Outcome::qualified));
  now = enrolment.ends_at;
  run(FireTimer{enrolment.id, now, 1, 0});
  now = enrolment.decides_at;
  run(FireTimer{enrolment.id, now, 2, 0});
  return enrolment.id;
}

void RewardRig::restart() {
  worker = std::make_unique<RewardWorker>(
      ledger, points, [this] { return now; }, 1, RewardWorkerOptions{});
  grants = std::make_unique<Grants>(ledger, [this](const WindowId& w) { worker->notice(w); });
  dispatcher = std::make_unique<Dispatcher>(ledger, std::vector<Consumer*>{grants.get()});
  CHECK(worker->open());
  CHECK(dispatcher->open());
}

void RewardRig::run_for(Duration length) {
  const Instant end = now + length;
  for (;;) {
    while (*dispatcher->step() > 0) {
    }
    while (*worker->step()) {
    }
    if (*dispatcher->step() > 0) continue;
    const auto due = worker->next_due();
    if (!due || *due > end) break;
    now = std::max(*due, now + Duration{1});
  }
  now = end;
}

Reply RewardRig::run(CommandBody body) {
  const auto reply = ledger.run(Command{std::move(body), {}, false, {}});
  CHECK(reply.has_value());
  return *reply;
}

Reward RewardRig::reward() const {
  const auto last = find_last_issue([&](std::int64_t issue) -> std::optional<Reward> {
    const auto row = ledger.rows().find(keys::reward(MemberId("M1"), window, issue));
    if (row == ledger.rows().end()) return std::nullopt;
    return decode<Reward>(row->second.bytes);
  });
  return last.value_or(Reward{});
}

std::string RewardRig::results() const {
  std::string text;
  for (const RewardAttempt& attempt : reward().attempts) {
    text += (text.empty() ? "" : " ") + (attempt.result.empty() ? "open" : attempt.result);
  }
  return text;
}

std::size_t RewardRig::open_cases() const {
  std::size_t count = 0;
  const std::string prefix = keys::cases_in(CaseState::open);
  for (auto row = ledger.rows().lower_bound(prefix);
       row != ledger.rows().end() && row->first.starts_with(prefix); ++row) {
    ++count;
  }
  return count;
}

}  // namespace thaw
