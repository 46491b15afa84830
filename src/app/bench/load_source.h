#pragma once

#include <cstdint>

#include "base/random.h"
#include "domain/commands.h"

namespace thaw {

/// The commands of the benchmark: one campaign, `members` enrolled members, and card loads that
/// processors report for members drawn evenly, each under an id of its own. The same seed makes the
/// same commands. One thread.
class LoadSource {
 public:
  LoadSource(std::uint64_t members, std::uint64_t seed) : members_(members), random_(seed) {}

  std::uint64_t members() const { return members_; }
  static MemberId member(std::uint64_t number);
  /// What must be there first: provider and published campaign.
  static std::vector<Command> setup();
  static Command enrol(std::uint64_t number, Instant now);
  /// Occurred two seconds before `now`.
  RecordLine next_load(Instant now);

 private:
  std::uint64_t members_;
  Random random_;
  std::uint64_t loads_ = 0;
};

}  // namespace thaw
