#include "application/rewards/grants.h"

namespace thaw {

const std::string& Grants::name() const {
  static const std::string kName = "grants";
  return kName;
}

Status Grants::handle(const LogRecord& record) {
  for (const Event& event : record.events) {
    // A reward's case is closed when its dead letter is given back; a later issue comes by itself.
    const bool may_concern =
        event.type == EventType::case_resolved || event.type == EventType::reward_requested;
    if (may_concern && !event.window.text().empty()) {
      notice_(event.window);
    }
    if (event.type != EventType::eligibility_decided &&
        event.type != EventType::eligibility_revised) {
      continue;
    }
    const auto* facts = std::get_if<DecisionFacts>(&event.facts);
    if (!facts) continue;
    CommandBody body;
    if (facts->verdict.outcome == Outcome::qualified) {
      body = RequestReward{event.window};
    } else if (facts->verdict.outcome == Outcome::not_qualified && facts->revision > 1) {
      body = WithdrawReward{event.window};
    } else {
      continue;
    }
    const auto reply = ledger_.run(Command{std::move(body), {}, false, {}});
    if (!reply) return fail_with(reply);
    notice_(event.window);
  }
  return {};
}

}  // namespace thaw
