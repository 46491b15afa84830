#include "application/dispatch/dispatcher.h"

#include <algorithm>

#include "domain/keys.h"

namespace thaw {

namespace {

std::string make_item(const std::string& consumer, std::uint64_t sequence) {
  return consumer + ":" + std::to_string(sequence);
}

}  // namespace

Dispatcher::Dispatcher(Ledger& ledger, std::vector<Consumer*> consumers, InFlight* in_flight)
    : ledger_(ledger), in_flight_(in_flight) {
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
    if (!handle(follower, record)) break;
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

/// Only records with events can be somebody's work.
bool Dispatcher::handle(Follower& follower, const LogRecord& record) {
  if (record.events.empty()) return true;
  const std::string& name = follower.consumer->name();
  const std::string item = make_item(name, record.sequence);
  if (quarantined_.contains(item)) return set_aside(name, record);
  if (in_flight_) in_flight_->begin(Worker::consumers, item);
  const bool is_handled = follower.consumer->handle(record).has_value();
  if (in_flight_) in_flight_->end(Worker::consumers);
  return is_handled;
}

bool Dispatcher::set_aside(const std::string& consumer, const LogRecord& record) {
  // The window that the record is about, if any: a redrive does what that one needs.
  const auto about =
      std::ranges::find_if(record.events, [](const Event& event) { return !event.window.empty(); });
  const Event& event = about == record.events.end() ? record.events.front() : *about;
  const std::string sequence = std::to_string(record.sequence);
  return ledger_
      .run(Command{SetAside{consumer, sequence, event.member, event.window,
                            "the process died three times on this record of the log"},
                   {},
                   false,
                   {}})
      .has_value();
}

}  // namespace thaw
