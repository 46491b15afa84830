#include "application/settlement/waits.h"

#include <algorithm>
#include <set>

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
  const std::string blocked = keys::all_blocked();
  for (const auto& [key, empty] : view.scan(blocked, SIZE_MAX)) {
    windows.insert(WindowId(key.substr(blocked.size(), key.find('\x1f') - blocked.size())));
  }
  return windows;
}

}  // namespace

const std::string& SettlementWaits::name() const {
  static const std::string kName = "settlement_waits";
  return kName;
}

Status SettlementWaits::handle(const LogRecord& record) {
  for (const Event& event : record.events) {
    if (event.type != EventType::file_applied) continue;
    const auto* file = std::get_if<FileEventFacts>(&event.facts);
    if (!file) continue;
    if (const Status looked = look_again(*file); !looked) return looked;
  }
  return {};
}

/// Whether this file can be what the enrolment waits for. One in review has let its list go.
static bool may_release(const Enrolment& enrolment, const FileEventFacts& file) {
  if (enrolment.state != EnrolmentState::awaiting_settlement) return true;
  return std::any_of(enrolment.awaited.begin(), enrolment.awaited.end(),
                     [&](const AwaitedFile& awaited) {
                       return awaited.provider == file.provider || awaited.file == file.file;
                     });
}

Status SettlementWaits::look_again(const FileEventFacts& file) {
  std::vector<Command> looks;
  ledger_.read([&](StateView& view) {
    for (const WindowId& window : find_waiting(view)) {
      const auto parts = parse_window_id(window.text());
      const auto stored = parts ? view.find(keys::member(parts->member)) : std::nullopt;
      const auto member = stored ? decode<Member>(stored->bytes) : std::nullopt;
      for (const Enrolment& e : member ? member->enrolments : std::vector<Enrolment>()) {
        if (e.id != window || !may_release(e, file)) continue;
        looks.push_back(Command{FireTimer{window, Instant{}, e.generation, 0}, {}, false, {}});
      }
    }
  });
  constexpr std::size_t kBatch = 512;
  for (std::size_t at = 0; at < looks.size(); at += kBatch) {
    const std::size_t end = std::min(at + kBatch, looks.size());
    std::vector<Command> batch(looks.begin() + static_cast<std::ptrdiff_t>(at),
                               looks.begin() + static_cast<std::ptrdiff_t>(end));
    for (const auto& fired : ledger_.run_all(std::move(batch))) {
      if (!fired) return fail_with(fired);
    }
  }
  return {};
}

}  // namespace thaw
