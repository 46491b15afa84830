#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "app/demo/month.h"

// kill -9, twice: what was acknowledged must be there afterwards, and what was not is sent again.

namespace thaw::demo {
namespace {

constexpr std::int64_t kIssuesBeforeKill = 20;

}  // namespace

Status Month::restart(Instant to) {
  if (const Status started = desk_.stage().start_server_again(); !started) return started;
  return move_clock(to);
}

/// The server dies when about half of the deliveries are answered. The processor sends those again
/// that got no answer; the demo also sends those that did, and wants each event known.
Status Month::send_and_kill(Instant slot, const std::vector<Delivery>& deliveries) {
  Stage& stage = desk_.stage();
  std::atomic<std::size_t> answered{0};
  const std::size_t enough = (deliveries.size() + 1) / 2;
  std::atomic<bool> is_dead{false};
  const auto kill_at_half = [&] {
    if (++answered == enough && !is_dead.exchange(true)) stage.kill_server();
  };
  const std::vector<Answer> answers = deliver(slot, deliveries, kill_at_half);
  if (!is_dead) stage.kill_server();
  std::vector<Delivery> known;
  std::vector<Delivery> unanswered;
  for (std::size_t i = 0; i < deliveries.size(); ++i) {
    (answers[i].status == 200 ? known : unanswered).push_back(deliveries[i]);
  }
  if (const Status restarted = restart(slot); !restarted) return restarted;
  view_.note(
      fmt::format("kill -9 in the middle of webhooks: {} deliveries answered, {} not, these "
                  "are sent again",
                  known.size(), unanswered.size()));
  deliver(slot, unanswered);
  send_again(slot, known, "deliveries acknowledged before kill -9");
  return {};
}

/// The clock's move makes verdicts and rewards fall due; the server dies while it issues them.
Status Month::move_clock_and_kill(Instant to) {
  Stage& stage = desk_.stage();
  const std::int64_t before = count_issues();
  std::atomic<bool> is_over{false};
  std::thread mover([&] {
    stage.server().post("/v1/clock", fmt::format(R"({{"now":"{}"}})", to_rfc3339(to)));
    is_over = true;
  });
  std::int64_t issued = before;
  while (!is_over && issued < before + kIssuesBeforeKill) issued = count_issues();
  stage.kill_server();
  mover.join();
  if (const Status restarted = restart(to); !restarted) return restarted;
  view_.note(
      fmt::format("kill -9 in the middle of issuing points: {} of that move's had been "
                  "issued, {} are now",
                  issued - before, count_issues() - before));
  return {};
}

}  // namespace thaw::demo
