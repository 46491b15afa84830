#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/demo/demo.h"
#include "app/demo/desk.h"
#include "app/demo/feed.h"
#include "app/demo/population.h"
#include "app/demo/view.h"
#include "app/demo/webhook_sender.h"

namespace thaw::demo {

/// Drives the month from slot to slot: moves the clock, then sends what comes in. Driven by one
/// thread.
class Month {
 public:
  Month(Desk& desk, WebhookSender sender, const Population& population, std::uint64_t seed,
        View& view, Findings& findings);

  /// Fails if the server or the partner cannot be reached; all else becomes findings.
  Status run();

 private:
  Status open_campaign();
  Status step(Instant slot);
  Status move_clock(Instant to);
  Status move_clock_and_kill(Instant to);
  Status restart(Instant to);
  void set_points_faults(Instant slot);
  void send_enrolments(Instant slot, const SlotFeed& feed);
  Status send_webhooks(Instant slot, const SlotFeed& feed);
  Status send_and_kill(Instant slot, const std::vector<Delivery>& deliveries);
  void send_again(Instant slot, const std::vector<Delivery>& deliveries, const char* which);
  std::vector<Answer> deliver(Instant slot, const std::vector<Delivery>& deliveries,
                              const std::function<void()>& on_answer = {});
  void send_files(Instant slot, const SlotFeed& feed);
  void send_mischief(Instant slot, const SlotFeed& feed);
  void log_upload(Instant slot, HttpCallRequest request, const DemoFile& file);
  Status let_rewards_settle(Instant slot);
  void show_day(Instant slot);
  std::int64_t count_issues();
  std::int64_t count_open_rewards();
  void conclude();
  void save(const DemoFile& file) const;

  Desk& desk_;
  WebhookSender sender_;
  const Population& population_;
  View& view_;
  Findings& findings_;
  Random random_;
  std::map<Instant, SlotFeed> feed_;
  std::map<Instant, std::vector<Delivery>> repeats_;
  std::string points_faults_ = "{}";
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> refusals_;  // as due, all
  std::vector<std::string> wrong_refusals_;
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> repeats_seen_;  // duplicates, all
  std::int64_t verdicts_ = 0;
};

}  // namespace thaw::demo
