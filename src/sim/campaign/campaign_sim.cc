#include "sim/campaign/campaign_sim.h"

#include <fmt/format.h>

#include <memory>

#include "application/dispatch/dispatcher.h"
#include "application/rewards/grants.h"
#include "application/rewards/reward_worker.h"
#include "base/check.h"
#include "base/fnv.h"
#include "domain/keys.h"
#include "sim/campaign/crashing_ledger.h"
#include "sim/campaign/engine_store.h"

namespace thaw {
namespace {

constexpr Duration kTick = Duration::minutes(30);
constexpr int kMaxStepsPerTick = 100'000;

/// What dies with the process: everything but the ledger.
struct Process {
  Process(Ledger& ledger, Points& points, std::function<Instant()> now, std::uint64_t seed)
      : worker(ledger, points, std::move(now), seed, {}),
        grants(ledger, [this](const WindowId& window) { worker.notice(window); }),
        dispatcher(ledger, {&grants}) {}

  RewardWorker worker;
  Grants grants;
  Dispatcher dispatcher;
};

std::unique_ptr<SimStore> make_store(SimLedger kind, std::function<Instant()> now,
                                     std::uint64_t seed) {
  switch (kind) {
    case SimLedger::memory: return std::make_unique<CrashingLedger>(std::move(now), seed);
    case SimLedger::engine: return std::make_unique<EngineStore>(std::move(now), seed);
  }
  CHECK(false);
}

class CampaignSim {
 public:
  CampaignSim(std::uint64_t seed, std::size_t members, SimLedger kind)
      : random_(seed),
        store_(make_store(
            kind, [this] { return now_; }, random_.next())),
        ledger_(*store_),
        points_(random_.next(), [this] { return now_; }) {
    report_.seed = seed;
    population_ = Population::draw(random_, members);
    report_.members = static_cast<std::int64_t>(members);
  }

  SimReport run() {
    set_up();
    ledger_.crashes_per_thousand = random_.below(8);
    points_.faults = {random_.below(20), random_.below(20), random_.below(20), random_.below(15)};
    start_process();
    const Instant end = kSimStart + Duration::days(5 + 30 + 2 + 1);
    std::size_t next = 0;
    while (now_ < end && !has_ended_) {
      now_ = now_ + kTick;
      for (; next < population_.messages.size() && population_.messages[next].at <= now_; ++next) {
        deliver(population_.messages[next].command);
      }
      tick();
    }
    if (has_ended_) return std::move(report_);
    heal();
    audit();
    return std::move(report_);
  }

 private:
  void set_up() {
    CampaignRules rules;
    rules.id = CampaignId("cold");
    rules.name = "cold";
    rules.currency = *Currency::parse("AUD");
    rules.threshold = Minor::of(kSimThreshold);
    rules.points = 2000;
    rules.rails = {Rail::debit_card, Rail::apple_pay, Rail::google_pay, Rail::bpay,
                   Rail::bank_transfer};
    deliver({DraftCampaign{rules}, {}, false, {}});
    deliver({PublishCampaign{rules.id}, {}, false, {}});
    for (const char* id : {"cardco", "netset", "bankco"}) {
      deliver({ConfigureProvider{{ProviderId(id), rules.rails, {}}}, {}, false, {}});
    }
  }

  void start_process() {
    process_ = std::make_unique<Process>(ledger_, points_, [this] { return now_; }, random_.next());
    if (!process_->dispatcher.open() || !process_->worker.open()) {
      report_.violations.push_back("start failed");
    }
    (void)ledger_.run({PlaceKept{}, {}, false, {}});  // what a crash broke off, as the server does
  }

  void restart_if_down() {
    if (!ledger_.is_down()) return;
    note_what_was_torn();
    if (!ledger_.restart()) {
      report_.violations.push_back("the ledger did not come up again");
      has_ended_ = true;
      return;
    }
    start_process();
  }

  /// A producer sends until it has an answer.
  void deliver(const Command& command) {
    for (int attempt = 0; !ledger_.run(command); ++attempt) {
      if (attempt == kMaxStepsPerTick / 1000) {
        report_.violations.push_back("a producer was never answered");
        return;
      }
      report_.reached.insert("producer retried after a crash");
      restart_if_down();
    }
  }

  void tick() {
    for (int step = 0; step < kMaxStepsPerTick; ++step) {
      restart_if_down();
      if (has_ended_ || !do_something()) return;
    }
    report_.violations.push_back("a tick did not come to rest");
  }

  bool do_something() {
    if (fire_timer()) return true;
    const auto dispatched = process_->dispatcher.step();
    if (!dispatched || *dispatched > 0) return true;
    const auto worked = process_->worker.step();
    return !worked || *worked;
  }

  bool fire_timer() {
    std::vector<std::pair<std::string, StoredRow>> first;
    ledger_.read([&](StateView& view) { first = view.scan(keys::timers(), 1); });
    if (first.empty()) return false;
    const auto key = keys::parse_timer(first.front().first);
    const auto timer = decode<Timer>(first.front().second.bytes);
    if (!key || !timer || key->due > now_) return false;
    const auto shown = read_enrolment(key->window);
    (void)ledger_.run({FireTimer{key->window, key->due, timer->generation, 0}, {}, false, {}});
    if (random_.chance(1, 10)) {  // a late repeat of the same firing must change nothing
      (void)ledger_.run({FireTimer{key->window, key->due, timer->generation, 0}, {}, false, {}});
      report_.reached.insert("timer fired twice");
    }
    compare_progress(shown, read_enrolment(key->window));
    return true;
  }

  std::optional<Enrolment> read_enrolment(const WindowId& window) {
    std::optional<Enrolment> found;
    const auto parts = parse_window_id(window.text());
    ledger_.read([&](StateView& view) {
      const auto row = view.find(keys::member(parts->member));
      const auto member = row ? decode<Member>(row->bytes) : std::nullopt;
      for (const Enrolment& e : member ? member->enrolments : std::vector<Enrolment>()) {
        if (e.id == window) found = e;
      }
    });
    return found;
  }

  /// What the app showed just before the verdict is what the verdict rests on: all lines came in
  /// time.
  void compare_progress(const std::optional<Enrolment>& before,
                        const std::optional<Enrolment>& after) {
    if (!before || !after || before->state == after->state || after->revision == 0) return;
    if (before->totals != after->totals) {
      report_.violations.push_back(before->id.text() + ": progress differs from the decision");
    }
  }

  /// Names the states in which a crash was survived.
  void note_what_was_torn() {
    ledger_.read([&](StateView& view) {
      for (const auto& [key, row] : view.scan(keys::rewards_not_final(), 10'000)) {
        const auto queued = decode<QueuedReward>(row.bytes);
        const auto parts = queued ? parse_window_id(queued->window.text()) : std::nullopt;
        const auto stored =
            parts ? view.find(keys::reward(parts->member, queued->window, queued->issue))
                  : std::nullopt;
        const auto reward = stored ? decode<Reward>(stored->bytes) : std::nullopt;
        if (reward && reward->has_attempt_open) {
          report_.reached.insert("crash between attempt and answer");
        }
      }
      for (const TrueMember& member : population_.members) {
        const auto stored = view.find(keys::member(member.id));
        const auto found = stored ? decode<Member>(stored->bytes) : std::nullopt;
        for (const Enrolment& e : found ? found->enrolments : std::vector<Enrolment>()) {
          if (e.state == EnrolmentState::decided && e.outcome == Outcome::qualified &&
              !view.find(keys::reward(member.id, e.id))) {
            report_.reached.insert("crash between decision and grant");
          }
        }
      }
    });
  }

  /// Faults stop; everything must come to rest within the key's life.
  void heal() {
    ledger_.crashes_per_thousand = 0;
    points_.faults = {};
    restart_if_down();
    for (int i = 0; i < 40; ++i) {
      now_ = now_ + kTick;
      tick();
    }
  }

  void audit() {
    std::int64_t expected_paid = 0;
    for (const TrueMember& member : population_.members) {
      const WindowId window(fmt::format("cold.{}.{}", member.id.text(), member.enrols_at.ms));
      const bool should_pay = member.true_total() >= kSimThreshold;
      expected_paid += should_pay ? 1 : 0;
      audit_verdict(member, window, should_pay);
      const auto paid = points_.ledger().find("cold-activation-" + window.text());
      if (should_pay != (paid != points_.ledger().end())) {
        violate(member, should_pay ? "qualified and not paid" : "paid without right");
      } else if (should_pay &&
                 (paid->second.points != 2000 || paid->second.member != member.id.text())) {
        violate(member, "paid wrongly");
      }
    }
    if (static_cast<std::int64_t>(points_.ledger().size()) != expected_paid) {
      report_.violations.push_back(fmt::format("{} issues for {} qualified windows",
                                               points_.ledger().size(), expected_paid));
    }
    if (points_.lost_answers() > 0) report_.reached.insert("answer lost after the partner acted");
    report_.qualified = expected_paid;
    report_.crashes = ledger_.crashes();
    hash_log();
  }

  void audit_verdict(const TrueMember& member, const WindowId& window, bool should_pay) {
    std::optional<Decision> decision;
    std::optional<Reward> reward;
    ledger_.read([&](StateView& view) {
      if (const auto row = view.find(keys::decision(window, 1)))
        decision = decode<Decision>(row->bytes);
      if (const auto row = view.find(keys::reward(member.id, window)))
        reward = decode<Reward>(row->bytes);
    });
    if (!decision) return violate(member, "no decision");
    if (decision->qualifying.units() != member.true_total()) {
      violate(member, fmt::format("total {} where {} was paid in", decision->qualifying.units(),
                                  member.true_total()));
    }
    const Outcome expected = should_pay ? Outcome::qualified : Outcome::not_qualified;
    if (decision->verdict.outcome != expected) {
      violate(member, fmt::format("verdict {} ({})", to_string(decision->verdict.outcome),
                                  to_string(decision->verdict.reason)));
    }
    if (should_pay && (!reward || reward->state != RewardState::issued)) {
      violate(member, "reward not issued");
    }
    if (reward && reward->attempts.size() > 1) report_.reached.insert("reward tried again");
  }

  void violate(const TrueMember& member, const std::string& what) {
    report_.violations.push_back(member.id.text() + ": " + what);
  }

  void hash_log() {
    const auto records = ledger_.records_after(0, SIZE_MAX);
    std::uint64_t hash = fnv1a("");
    for (const LogRecord& record : *records) hash = fnv1a(encode(record), hash);
    report_.log_hash = hash;
    report_.records = static_cast<std::int64_t>(records->size());
  }

  Random random_;
  Instant now_ = kSimStart - Duration::days(10);
  std::unique_ptr<SimStore> store_;
  SimStore& ledger_;
  SimPoints points_;
  Population population_;
  std::unique_ptr<Process> process_;
  SimReport report_;
  bool has_ended_ = false;  // the ledger is lost, as a violation says
};

}  // namespace

SimReport simulate_campaign(std::uint64_t seed, std::size_t members, SimLedger kind) {
  return CampaignSim(seed, members, kind).run();
}

const std::vector<std::string>& required_points() {
  static const std::vector<std::string> kPoints{
      "producer retried after a crash",      "timer fired twice",
      "crash between decision and grant",    "crash between attempt and answer",
      "answer lost after the partner acted", "reward tried again"};
  return kPoints;
}

}  // namespace thaw
