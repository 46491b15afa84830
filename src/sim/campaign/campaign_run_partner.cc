// The points partner in a simulated campaign: who looks on when he is called, and what comes in
// while he takes his time.

#include <fmt/format.h>

#include "sim/campaign/campaign_run.h"
#include "sim/campaign/partner_watch.h"

namespace thaw {

void CampaignRun::watch_partner() {
  points_.on_issue = [this](const PointsIssueRequest& request) {
    const SimPoints::Calls& calls = points_.calls_of(request.idempotency_key);
    const std::string breach = find_breach(*store_, request, calls);
    if (!breach.empty()) complain(request.idempotency_key + ": " + breach);
    if (!has_stepped_ && is_too_soon(*store_, request, calls, clock_.now)) {
      complain(request.idempotency_key + ": sent before the time that the partner asked for");
    }
  };
  points_.on_reverse = [this](std::string_view key) {
    const std::string breach = find_reversal_breach(*store_, key);
    if (!breach.empty()) complain(std::string(key) + ": " + breach);
  };
  points_.on_call = [this](std::string_view key) {
    if (is_on_hold(*store_, key))
      complain(std::string(key) + ": called while its member is on hold");
  };
  points_.on_late = [this](std::string_view key, bool was_denied) {
    note("partner acted late");
    if (was_denied) note("partner acted after he denied it");
    trace(fmt::format("partner: acts late on {}, and nobody hears", key));
  };
}

/// The partner has acted, or not, and takes its time to say so. What comes in meanwhile (a hold, a
/// record that flips the verdict) finds an attempt without an answer.
void CampaignRun::let_partner_hang() {
  if (is_between_ || has_ended_ || store_->is_down() || !node_ || !random_.chance(1, 4)) return;
  is_between_ = true;
  clock_.now = clock_.now + Duration::seconds(random_.between(1, 60));
  if (const auto delivery = mail_.take(clock_.now)) {
    note("message between an attempt and its answer");
    deliver(*delivery);
  }
  is_between_ = false;
}

}  // namespace thaw
