#include <array>

#include "application/ports/ledger.h"
#include "base/codec.h"
#include "domain/cases.h"
#include "domain/commands.h"
#include "domain/dead_letters.h"
#include "domain/events.h"
#include "domain/files.h"
#include "domain/reward.h"
#include "domain/rows.h"
#include "fuzz/fuzz_target.h"

namespace thaw {
namespace {

/// What can be read can be written, and is then read as the same.
template <typename Row>
void check(std::string_view bytes) {
  const auto row = decode<Row>(bytes);
  if (!row) return;
  const std::string written = encode(*row);
  const auto again = decode<Row>(written);
  CHECK(again && encode(*again) == written);
  // An older reader: it passes over what a newer writer put behind.
  const auto longer = decode<Row>(written + "\x05later");
  CHECK(longer && encode(*longer) == written);
}

template <typename... Rows>
constexpr std::array<void (*)(std::string_view), sizeof...(Rows)> checks_of() {
  return {&check<Rows>...};
}

// In a saved input the first byte is a place in this list: new rows come at the end.
constexpr auto kChecks =
    checks_of<LogRecord, Command, Enrolment, Member, LineRow, Decision, Reward, ReviewCase,
              SettlementFile, Campaign, ProviderSettings, DeadLetter, Identity, Timer, FileLine,
              QueuedReward, Fence, Reference, ClockWatch>();

}  // namespace

void fuzz_one(std::string_view input) {
  InputReader reader(input);
  kChecks[reader.take_byte() % kChecks.size()](reader.rest());
}

}  // namespace thaw
