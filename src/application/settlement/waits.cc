#include "application/settlement/waits.h"

#include <algorithm>
#include <set>

#include "domain/cases.h"
#include "domain/keys.h"

namespace thaw {
namespace {

/// The windows that a file could release.
std::set<WindowId> find_waiting(StateView& view) {
  std::set<WindowId> windows;
  for (const auto& [key, row] : view.scan(keys::campaigns(), SIZE_MAX)) {
    const auto campaign = decode<Campaign>(row.bytes);
    if (!campaign) continue;
    const std::string prefix =
        keys::enrolments_in(campaign->id, EnrolmentState::awaiting_settlement);
    for (const auto& [listed, empty] : view.scan(prefix, SIZE_MAX)) {
      windows.insert(WindowId(listed.substr(prefix.size())));
    }
  }
  for (const auto& [key, row] : view.scan(keys::cases_in(CaseState::open), SIZE_MAX)) {
    const auto facts = decode<CaseFacts>(row.bytes);
    if (!facts || facts->kind != to_string(CaseKind::file_missing)) continue;
    const auto stored = view.find(keys::review_case(facts->id));
    const auto item = stored ? decode<ReviewCase>(stored->bytes) : std::nullopt;
    if (item) windows.insert(item->window);
  }
  return windows;
}

}  // namespace

const std::string& SettlementWaits::name() const {
  static const std::string kName = "settlement_waits";
  return kName;
}

Status SettlementWaits::handle(const LogRecord& record) {
  const bool applied =
      std::any_of(record.events.begin(), record.events.end(),
                  [](const Event& event) { return event.type == EventType::file_applied; });
  return applied ? look_again() : Status{};
}

Status SettlementWaits::look_again() {
  std::vector<FireTimer> looks;
  ledger_.read([&](StateView& view) {
    for (const WindowId& window : find_waiting(view)) {
      const auto parts = parse_window_id(window.text());
      const auto stored = parts ? view.find(keys::member(parts->member)) : std::nullopt;
      const auto member = stored ? decode<Member>(stored->bytes) : std::nullopt;
      for (const Enrolment& e : member ? member->enrolments : std::vector<Enrolment>()) {
        if (e.id == window) looks.push_back({window, Instant{}, e.generation, 0});
      }
    }
  });
  for (const FireTimer& look : looks) {
    const auto fired = ledger_.run(Command{look, {}, false, {}});
    if (!fired) return fail_with(fired);
  }
  return {};
}

}  // namespace thaw
