#pragma once

#include "domain/commands.h"
#include "domain/state.h"

namespace thaw {

/// A line kept under a reference that nobody had claimed when it came (SPEC §2.2).
struct KeptLine {
  Line line;
};
template <typename Archive>
void describe(Archive& ar, KeptLine& k) {
  ar(k.line);
}

/// Records one webhook event or file record and places it. `Reply::placed` is its outcome; refused
/// only for an unknown provider. The same file record again answers its first outcome.
WriteSet record_line(Work& work, const RecordLine& command);

WriteSet settle_member(Work& work, const SettleMember& command);

/// Why the content of a line is refused (SPEC §2.4, "rejected"), in order of precedence; nothing if
/// it is sound. `found` is what the edge found wrong already.
std::optional<Placed> find_rejection(const Line& line, const ProviderSettings& settings,
                                     Instant recorded_at, std::optional<Placed> found);

}  // namespace thaw
