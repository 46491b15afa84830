#include "application/dispatch/dispatcher.h"

#include <algorithm>

#include "domain/keys.h"

namespace thaw {

Dispatcher::Dispatcher(Ledger& ledger, std::vector<Consumer*> consumers) : ledger_(ledger) {
  for (Consumer* consumer : consumers) followers_.push_back({consumer});
}

Status Dispatcher::open() {
  ledger_.read([&](StateView& view) {
    for (Follower& follower : followers_) {
      const auto stored = view.find(keys::consumer(follower.consumer->name()));
      const auto cursor = stored ? decode<ConsumerCursor>(stored->bytes) : std::nullopt;
      follower.cursor = cursor ? static_cast<std::uint64_t>(cursor->sequence) : 0;
      follower.saved = follower.cursor;
    }
  });
  return {};
}

Result<std::size_t> Dispatcher::step() {
  std::size_t handled = 0;
  for (Follower& follower : followers_) {
    const auto fed = feed(follower);
    if (!fed) return fed;
    handled += *fed;
  }
  return handled;
}

Result<std::size_t> Dispatcher::feed(Follower& follower) {
  const auto records = ledger_.records_after(follower.cursor, kBatch);
  if (!records) return fail_with(records);
  std::size_t handled = 0;
  for (const LogRecord& record : *records) {
    if (!follower.consumer->handle(record)) break;
    follower.cursor = record.sequence;
    ++handled;
  }
  // A batch of nothing but cursor moves would write a cursor for ever: events alone are worth one.
  const bool had_events =
      std::any_of(records->begin(), records->begin() + static_cast<std::ptrdiff_t>(handled),
                  [](const LogRecord& r) { return !r.events.empty(); });
  if (!had_events) return handled;
  const auto saved = ledger_.run(
      Command{MoveCursor{follower.consumer->name(), static_cast<std::int64_t>(follower.cursor)},
              {},
              false,
              {}});
  if (!saved) return fail_with(saved);
  follower.saved = follower.cursor;
  return handled;
}

}  // namespace thaw
