#include <sys/resource.h>

#include "adapters/metrics/metrics.h"
#include "app/server/server.h"
#include "domain/keys.h"
#include "domain/reward.h"

namespace thaw {
namespace {

constexpr Duration kStuckAfter = Duration::minutes(15);  // SPEC §2.7
constexpr std::size_t kRowsLookedAt = 10'000;

struct RewardCounts {
  std::int64_t open = 0;
  std::int64_t stuck = 0;
  std::int64_t dead_letters = 0;
  std::int64_t is_fenced = 0;
};

RewardCounts count_rewards(EngineHost& host, Instant now) {
  RewardCounts counts;
  host.read([&](StateView& view) {
    for (const auto& [key, row] : view.scan(keys::rewards_not_final(), kRowsLookedAt)) {
      const auto queued = decode<QueuedReward>(row.bytes);
      const auto parts = queued ? parse_window_id(queued->window.text()) : std::nullopt;
      const auto stored =
          parts ? view.find(keys::reward(parts->member, queued->window, queued->issue))
                : std::nullopt;
      const auto reward = stored ? decode<Reward>(stored->bytes) : std::nullopt;
      ++counts.open;
      if (reward && reward->requested_at + kStuckAfter <= now) ++counts.stuck;
    }
    const auto fence = view.find(keys::fence());
    counts.is_fenced = fence && decode<Fence>(fence->bytes).value_or(Fence{true, {}, {}}).is_up;
    counts.dead_letters =
        static_cast<std::int64_t>(view.scan(keys::dead_letters(), kRowsLookedAt).size());
  });
  return counts;
}

std::int64_t resident_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss * 1024;
}

template <typename Number>
std::int64_t whole(Number number) {
  return static_cast<std::int64_t>(number);
}

}  // namespace

std::string Server::metrics() {
  std::vector<MetricSample> samples;
  const auto gauge = [&](const char* name, const char* help, std::int64_t value) {
    samples.push_back({name, help, false, value, {}});
  };
  const auto counter = [&](const char* name, const char* help, std::int64_t value) {
    samples.push_back({name, help, true, value, {}});
  };
  Engine& engine = host_->engine();
  const HttpServerCounters http = http_->counters();
  const Effects::Figures effects = effects_->figures();
  const RewardCounts rewards = count_rewards(*host_, clock_->now());
  gauge("thaw_up", "1 while the engine can write.", engine.is_dead() ? 0 : 1);
  counter("thaw_journal_records_total", "Records in the journal.", whole(engine.last_sequence()));
  counter("thaw_journal_bytes_total", "Bytes of all group frames.",
          whole(host_->journal_head().position));
  gauge("thaw_journal_segments", "Segment files.", whole(host_->segment_count()));
  gauge("thaw_journal_reserve", "1 if room is kept for a start on a full disk.",
        host_->has_reserve() ? 1 : 0);
  gauge("thaw_overlay_full", "1 while the writer waits for the indexer.",
        engine.is_overlay_full() ? 1 : 0);
  for (const auto& [lane, name] :
       {std::pair(Lane::requests, "requests"), std::pair(Lane::timers, "timers"),
        std::pair(Lane::rewards, "rewards"), std::pair(Lane::import, "import")}) {
    samples.push_back({"thaw_lane_waiting",
                       "Commands that wait for the writer.",
                       false,
                       whole(engine.waiting(lane)),
                       {{"lane", name}}});
  }
  gauge("thaw_timer_lag_milliseconds", "Age of the oldest timer that is due.",
        effects.timer_lag.ms);
  gauge("thaw_consumer_lag_records", "Records that some consumer has not seen.",
        whole(effects.consumer_lag));
  gauge("thaw_rewards_open", "Rewards that are not final.", rewards.open);
  gauge("thaw_rewards_stuck", "Rewards open for more than 15 minutes.", rewards.stuck);
  gauge("thaw_rewards_paused", "1 while the points partner refuses our access.",
        effects.is_paused ? 1 : 0);
  gauge("thaw_rewards_circuit_open", "1 while calls to the points partner fail in a row.",
        effects.is_circuit_open ? 1 : 0);
  gauge("thaw_rewards_fenced", "1 while rewards are asked for, not sent.", rewards.is_fenced);
  gauge("thaw_clock_held", "1 while timers wait because the clock was set forward.",
        effects.is_clock_held ? 1 : 0);
  gauge("thaw_dead_letters", "Dead letters.", rewards.dead_letters);
  counter("thaw_http_requests_total", "Requests with a complete head.", whole(http.requests));
  gauge("thaw_http_connections", "Open connections.", whole(http.connections_active));
  counter("thaw_http_connections_refused_total", "Connections over the limit.",
          whole(http.connections_refused));
  counter("thaw_http_timeouts_total", "Connections closed for being slow.", whole(http.timeouts));
  counter("thaw_http_protocol_errors_total", "Requests that the server itself refused.",
          whole(http.protocol_errors));
  gauge("thaw_resident_bytes_max", "Most memory that the process has held.", resident_bytes());
  return render_metrics(samples);
}

}  // namespace thaw
