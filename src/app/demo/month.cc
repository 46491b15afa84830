#include "app/demo/month.h"

#include <fmt/format.h>

#include <fstream>

#include "app/demo/mischief.h"
#include "app/demo/partner_faults.h"

namespace thaw::demo {
namespace {

constexpr std::size_t kEventsAtMost = 60;  // in a delivery
constexpr std::size_t kEventsAtMostBeforeKill = 4;
constexpr int kSettlingSteps = 3;
constexpr int kSettlingDays = 12;

/// In the middle of webhooks, and in the middle of issuing points.
Instant webhook_kill() {
  return at_utc(3, 17, 12);
}
Instant points_kill() {
  return at_utc(4, 5, 12);
}

constexpr const char* kRules = R"({
  "name": "Cold member activation", "currency": "AUD",
  "threshold": {"currency": "AUD", "minor": 50000}, "points": 2000,
  "window": "P30D", "grace": "PT48H", "settlement_wait": "P5D",
  "rails": ["debit_card", "apple_pay", "google_pay", "bpay", "bank_transfer"],
  "minimum_load": {"currency": "AUD", "minor": 2000},
  "withdrawal_policy": "deduct", "late_policy": "review", "time_zone": "Australia/Sydney",
  "enrolment_opens_at": "2026-03-03T00:00:00.000Z",
  "enrolment_closes_at": "2026-03-08T00:00:00.000Z"
})";

Status fail_by(const std::string& what, const Answer& answer) {
  return fail(ErrorCode::unavailable, fmt::format("{}: {} {}", what, answer.status, answer.body));
}

}  // namespace

Month::Month(Desk& desk, WebhookSender sender, const Population& population, std::uint64_t seed,
             View& view, Findings& findings)
    : desk_(desk),
      sender_(std::move(sender)),
      population_(population),
      view_(view),
      findings_(findings),
      random_(seed ^ 0xde5c),
      feed_(make_feed(population.lives, seed)) {}

Status Month::run() {
  if (const Status opened = open_campaign(); !opened) return opened;
  for (const Instant slot : all_slots()) {
    if (const Status stepped = step(slot); !stepped) return stepped;
    if (slot.ms % Duration::days(1).ms == 0 && slot > month_begins()) show_day(slot);
  }
  Instant now = month_ends();
  for (int day = 0; day < kSettlingDays && count_open_rewards() > 0; ++day) {
    now = now + Duration::days(1);
    if (const Status moved = move_clock(now); !moved) return moved;
  }
  conclude();
  return {};
}

Status Month::open_campaign() {
  const std::string target = fmt::format("/v1/campaigns/{}", kCampaign);
  const std::vector<HttpCallRequest> calls{
      {"PUT", target, {{"Content-Type", "application/json"}}, kRules},
      {"POST", target + "/publish", {}, ""}};
  for (const HttpCallRequest& call : calls) {
    const Answer answer = desk_.send(month_begins(), {call}, 0).front();
    if (answer.status / 100 != 2) return fail_by(call.method + " " + call.target, answer);
  }
  return {};
}

Status Month::step(Instant slot) {
  set_points_faults(slot);
  const Status moved = slot == points_kill() ? move_clock_and_kill(slot) : move_clock(slot);
  if (!moved) return moved;
  const SlotFeed& feed = feed_[slot];
  send_enrolments(slot, feed);
  if (const Status sent = send_webhooks(slot, feed); !sent) return sent;
  send_again(slot, repeats_[slot], "deliveries repeated later");
  send_files(slot, feed);
  send_mischief(slot, feed);
  return let_rewards_settle(slot);
}

Status Month::move_clock(Instant to) {
  const std::string body = fmt::format(R"({{"now":"{}"}})", to_rfc3339(to));
  for (;;) {
    const Answer answer = desk_.stage().server().post("/v1/clock", body);
    if (answer.status == 200) return {};
    if (answer.status != 202) return fail_by("POST /v1/clock " + body, answer);
    const auto json = Json::parse(answer.body);
    view_.note("the clock waits for " + (json ? text_in(*json, "progress") : answer.body));
  }
}

void Month::set_points_faults(Instant slot) {
  const std::string wanted = points_faults_at(slot);
  if (wanted == points_faults_) return;
  Exchange& points = desk_.stage().points();
  if (const auto before = Json::parse(points.get("/faults").body)) {
    const auto drawn = before->find("drawn").value_or(Json::object());
    for (const std::string& kind : drawn.names()) {
      if (kind != "none") desk_.figures().points_faults[kind] += number_in(drawn, kind);
    }
  }
  desk_.expect({"POST", "/faults", {}, wanted}, points.post("/faults", wanted), 200);
  points_faults_ = wanted;
}

void Month::send_enrolments(Instant slot, const SlotFeed& feed) {
  std::vector<HttpCallRequest> requests;
  for (const Life* life : feed.enrolments) {
    requests.push_back(make_enrolment_request(make_enrolment_body(*life)));
  }
  desk_.send(slot, requests, 201);
  desk_.figures().enrolments += static_cast<std::int64_t>(requests.size());
  std::vector<HttpCallRequest> claims;
  for (const Life* life : feed.claims) {
    claims.push_back({"PUT",
                      "/v1/members/" + life->member + "/references",
                      {{"Content-Type", "application/json"}},
                      R"({"references":)" + make_references_json(*life) + "}"});
  }
  desk_.send(slot, claims, 200);
}

std::vector<Answer> Month::deliver(Instant slot, const std::vector<Delivery>& deliveries,
                                   const std::function<void()>& on_answer) {
  std::vector<HttpCallRequest> requests;
  for (const Delivery& delivery : deliveries) {
    requests.push_back(sender_.make_request(delivery, slot));
  }
  if (!deliveries.empty()) desk_.log().write_first_delivery(slot, deliveries.front().body);
  return desk_.send(slot, requests, on_answer ? 0 : 200, on_answer);
}

Status Month::send_webhooks(Instant slot, const SlotFeed& feed) {
  const bool is_kill = slot == webhook_kill();
  const std::vector<Delivery> deliveries =
      sender_.pack(feed.events, is_kill ? kEventsAtMostBeforeKill : kEventsAtMost, random_);
  desk_.figures().events += static_cast<std::int64_t>(feed.events.size());
  if (is_kill) return send_and_kill(slot, deliveries);
  for (const Answer& answer : deliver(slot, deliveries)) {
    for (const auto& [outcome, count] : count_outcomes(answer.body)) {
      desk_.figures().event_outcomes[outcome] += count;
    }
  }
  for (const Delivery& delivery : deliveries) {
    const Instant later = slot + Duration{random_.between(1, 3) * kSlot.ms};
    if (random_.chance(5, 100) && later <= month_ends()) repeats_[later].push_back(delivery);
  }
  return {};
}

/// The same ids and bodies once more: each event must be answered as a duplicate.
void Month::send_again(Instant slot, const std::vector<Delivery>& deliveries, const char* which) {
  auto& [duplicates, all] = repeats_seen_[which];
  const std::vector<Answer> answers = deliver(slot, deliveries);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto outcomes = count_outcomes(answers[i].body);
    const auto found = outcomes.find("duplicate");
    duplicates += found == outcomes.end() ? 0 : found->second;
    all += static_cast<std::int64_t>(deliveries[i].events);
  }
}

void Month::save(const DemoFile& file) const {
  std::ofstream(desk_.stage().folder() / "files" / (file.name + ".csv")) << file.text;
}

void Month::send_files(Instant slot, const SlotFeed& feed) {
  for (const DemoFile& file : feed.files) {
    save(file);
    const HttpCallRequest request = make_upload(file);
    log_upload(slot, request, file);
    const Answer answer = desk_.stage().server().send(request);
    ++desk_.figures().requests;
    ++desk_.figures().files;
    desk_.figures().records += file.records;
    if (!desk_.expect(request, answer, 200)) continue;
    const auto body = Json::parse(answer.body);
    if (body && text_in(*body, "status") == "applied" &&
        number_in(*body, "records") == file.records) {
      continue;
    }
    desk_.expect({"POST", request.target, {}, file.name}, {0, answer.body}, 200);
  }
}

/// The body is on disk already.
void Month::log_upload(Instant slot, HttpCallRequest request, const DemoFile& file) {
  request.body = "@files/" + file.name + ".csv";
  desk_.log().write(slot, request);
}

void Month::send_mischief(Instant slot, const SlotFeed& feed) {
  std::vector<DemoFile> bad_files;
  const auto attempts = make_mischief(slot, population_.lives, feed, sender_, bad_files);
  for (const DemoFile& file : bad_files) {
    save(file);
    log_upload(slot, make_upload(file), file);
  }
  for (const Attempt& attempt : attempts) {
    if (!attempt.request.target.starts_with("/v1/files")) {
      desk_.log().write(slot, attempt.request);
    }
    const Answer answer = desk_.stage().server().send(attempt.request);
    ++desk_.figures().requests;
    const auto body = Json::parse(answer.body);
    const std::string code = body ? text_in(*body, "code") : "";
    const bool is_due = answer.status == attempt.status && code == attempt.code;
    auto& [as_due, all] = refusals_[attempt.what];
    as_due += is_due ? 1 : 0;
    ++all;
    if (answer.status / 100 == 4 && attempt.request.target == "/v1/enrolments") {
      ++desk_.figures().refused_at_the_door[code];
    }
    if (!is_due) {
      wrong_refusals_.push_back(fmt::format("{}: {} {} instead of {} {}", attempt.what,
                                            answer.status, answer.body, attempt.status,
                                            attempt.code));
    }
  }
}

/// While the partner is ill, retries come due between the slots.
Status Month::let_rewards_settle(Instant slot) {
  if (points_faults_ == "{}") return {};
  for (int i = 1; i <= kSettlingSteps && count_open_rewards() > 0; ++i) {
    if (const Status moved = move_clock(slot + Duration::minutes(15 * i)); !moved) return moved;
  }
  return {};
}

std::int64_t Month::count_open_rewards() {
  const Answer answer = desk_.stage().server().get("/metrics");
  const std::size_t at = answer.body.find("\nthaw_rewards_open ");
  return at == std::string::npos ? 0 : std::stoll(answer.body.substr(answer.body.find(' ', at)));
}

std::int64_t Month::count_issues() {
  const auto ledger = Json::parse(desk_.stage().points().get("/ledger?limit=1").body);
  const auto totals = ledger ? ledger->find("totals") : std::nullopt;
  return totals ? number_in(*totals, "issues") : 0;
}

void Month::show_day(Instant slot) {
  const auto members = static_cast<std::int64_t>(population_.lives.size());
  if (slot > at_utc(4, 4) && verdicts_ < members) {
    const auto decided = desk_.stage().server().get_all(
        fmt::format("/v1/enrolments?campaign={}&state=decided", kCampaign));
    if (decided) verdicts_ = static_cast<std::int64_t>(decided->size());
  }
  const Figures& figures = desk_.figures();
  view_.day({slot, figures.enrolments, figures.events, figures.files, verdicts_,
             slot > at_utc(4, 4) ? count_issues() : 0});
}

void Month::conclude() {
  findings_.check(
      desk_.surprise_count() == 0,
      fmt::format("each of {} requests was answered as it should be", desk_.figures().requests),
      desk_.surprises());
  for (const auto& [which, seen] : repeats_seen_) {
    findings_.check(
        seen.first == seen.second,
        fmt::format("{}: {} of {} events answered as duplicates", which, seen.first, seen.second));
  }
  bool all_refused = true;
  std::string text;
  for (const auto& [what, counts] : refusals_) {
    all_refused = all_refused && counts.first == counts.second;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", counts.second, what);
  }
  findings_.check(all_refused, "refused, or changed nothing: " + text, wrong_refusals_);
}

}  // namespace thaw::demo
