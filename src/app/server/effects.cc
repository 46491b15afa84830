#include "app/server/effects.h"

#include <algorithm>

#include "domain/dead_letters.h"

namespace thaw {
namespace {

constexpr Duration kTimerPoll = Duration::milliseconds(20);
constexpr Duration kWait = Duration::milliseconds(200);
constexpr Duration kHousekeeping = Duration::hours(1);
constexpr Duration kAfterFailure = Duration::seconds(1);

Command make_command(CommandBody body) {
  return {std::move(body), {}, false, {}};
}

}  // namespace

Effects::Effects(EngineHost& host, const Clock& clock, std::function<void()> on_day)
    : host_(host),
      clock_(clock),
      on_day_(std::move(on_day)),
      effects_ledger_(host, Lane::rewards),
      rewards_ledger_(host, Lane::rewards),
      grants_(effects_ledger_,
              [this](const WindowId& window) {
                if (worker_) worker_->notice(window);
                rewards_.ring();
              }),
      waits_(effects_ledger_),
      dispatcher_(effects_ledger_, {&grants_, &waits_}, &host.in_flight()),
      clock_guard_(effects_ledger_, [this] { return clock_.read(); }),
      timers_([&host](const auto& reader) { host.read(reader); },
              [&host](Command command, auto done) {
                return host.submit(Lane::timers, std::move(command), std::move(done));
              }) {}

Result<std::unique_ptr<Effects>> Effects::make(EngineHost& host, const Clock& clock,
                                               const LoyaltyConfig& loyalty,
                                               std::function<void()> on_day, std::uint64_t seed) {
  std::unique_ptr<Effects> effects(new Effects(host, clock, std::move(on_day)));
  if (loyalty.url.empty()) return effects;
  HttpClientOptions options;
  options.url = loyalty.url;
  options.connect_timeout = std::min(options.connect_timeout, loyalty.timeout);
  options.idle_connections_max = loyalty.threads;
  auto http = HttpClient::make(options);
  if (!http) return fail_with(http);
  effects->http_ = std::move(*http);
  const auto now = [&clock] { return clock.now(); };
  effects->points_ = std::make_unique<PointsClient>(
      *effects->http_, PointsClientOptions{loyalty.api_key, loyalty.timeout, now});
  RewardWorkerOptions worker = loyalty.worker;
  // With a manual clock each reward that is due is tried at once: nobody is there to be spared.
  if (clock.read().boot.empty()) worker.pace.failures_max = 0;
  effects->worker_ = std::make_unique<RewardWorker>(effects->rewards_ledger_, *effects->points_,
                                                    now, seed, worker, &monotonic_ms);
  effects->reward_threads_ = loyalty.threads;
  return effects;
}

/// What killed the process three times is not touched again before a person has looked.
Status Effects::set_poison_aside() {
  for (const InFlightFile::Poison& poison : host_.in_flight().find_poison()) {
    if (poison.worker == Worker::consumers) {
      dispatcher_.quarantine(poison.item);
      continue;  // set aside when the consumer comes to it
    }
    const auto timer = parse_timer_item(poison.item);
    const auto parts = timer ? parse_window_id(timer->window.text()) : std::nullopt;
    if (!parts) continue;
    const auto done = effects_ledger_.run(
        make_command(SetAside{kTimerLetters, poison.item, parts->member, timer->window,
                              "the process died three times while this timer was fired"}));
    if (!done) return fail_with(done);
    host_.in_flight().forget(Worker::timers);
  }
  return {};
}

Status Effects::start() {
  if (const Status aside = set_poison_aside(); !aside) return aside;
  if (const Status opened = dispatcher_.open(); !opened) return opened;
  if (worker_) {
    if (const Status opened = worker_->open(); !opened) return opened;
  }
  threads_.emplace_back([this] { fire_timers(); });
  threads_.emplace_back([this] { dispatch(); });
  for (std::size_t i = 0; i < reward_threads_; ++i) {
    threads_.emplace_back([this] { send_rewards(); });
  }
  return {};
}

void Effects::stop() {
  is_stopping_ = true;
  time_.ring();
  rewards_.ring();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Effects::fire_timers() {
  while (!is_stopping()) {
    const std::uint64_t seen = time_.rings();
    const bool fires = may_fire();
    if (fires) keep_house();
    if (!fires || timers_.step(clock_.now()) == 0) time_.wait_beyond(seen, kTimerPoll);
  }
}

bool Effects::may_fire() {
  const auto allowed = clock_guard_.allows_timers();
  if (!allowed) return false;  // the engine has died
  is_clock_held_ = !*allowed;
  return *allowed;
}

/// Lets old kept lines go, and goes on with what a crash broke off.
void Effects::keep_house() {
  const std::int64_t now = clock_.now().ms;
  const std::int64_t last = house_kept_at_ms_;
  if (last >= 0 && now < last + kHousekeeping.ms) return;
  if (last < 0 || now / Duration::days(1).ms != last / Duration::days(1).ms) on_day_();
  (void)effects_ledger_.run(make_command(PlaceKept{}));
  (void)effects_ledger_.run(make_command(ExpireKept{}));
  house_kept_at_ms_ = now;
}

void Effects::dispatch() {
  while (!is_stopping()) {
    const std::uint64_t seen = host_.committed().rings();
    const std::uint64_t end = host_.engine().last_sequence();
    const auto handled = dispatcher_.step();
    if (!handled) {
      if (host_.engine().is_dead()) return;
      host_.committed().wait_beyond(seen, kAfterFailure);
    } else if (*handled == 0) {
      dispatched_ = end;
      host_.committed().wait_beyond(seen, kWait);
    }
  }
}

void Effects::send_rewards() {
  while (!is_stopping()) {
    const std::uint64_t seen = rewards_.rings();
    ++sending_;
    const auto did = worker_->step();
    --sending_;
    if (!did && host_.engine().is_dead()) return;
    if (did && *did) continue;
    rewards_.wait_beyond(seen, did ? kTimerPoll : kAfterFailure);
  }
}

std::string Effects::find_unsettled() {
  const Instant now = clock_.now();
  if (is_clock_held_) return "clock";
  if (house_kept_at_ms_ < now.ms - kHousekeeping.ms) return "housekeeping";
  // What memory can tell comes first: the look at the timer rows is a scan.
  if (dispatched_ < host_.engine().last_sequence()) return "consumers";
  if (worker_) {
    if (sending_ > 0) return "rewards";
    const auto due = worker_->next_due();
    if (due && *due <= now) return "rewards";
  }
  if (!timers_.is_idle(now)) return "timers";
  return dispatched_ < host_.engine().last_sequence() ? "consumers" : "";
}

Effects::Figures Effects::figures() {
  Figures figures;
  const Instant now = clock_.now();
  if (const auto due = timers_.first_due(); due && *due < now) figures.timer_lag = now - *due;
  const std::uint64_t end = host_.engine().last_sequence();
  figures.consumer_lag = end - std::min<std::uint64_t>(end, dispatched_);
  figures.is_clock_held = is_clock_held_;
  figures.is_paused = worker_ && worker_->is_paused();
  figures.is_circuit_open = worker_ && worker_->is_circuit_open();
  return figures;
}

}  // namespace thaw
