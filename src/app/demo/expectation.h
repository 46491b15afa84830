#pragma once

#include <cstdint>

#include "app/demo/life.h"

namespace thaw::demo {

enum class Verdict { qualified, not_qualified, in_review };
const char* to_string(Verdict verdict);

/// Why a member was refused, in the words of a person who knows the whole life.
enum class Cause {
  none,
  too_little,
  taken_out,
  charged_back,
  reported_late,
  outside_window,
  several,
  other_rail,
};
const char* to_string(Cause cause);

struct Expectation {
  Verdict verdict = Verdict::not_qualified;
  std::int64_t qualifying = 0;        // minor units, at the verdict
  bool waited_for_files = false;      // the verdict came after `decides`, from the bank's files
  bool is_revision_proposed = false;  // what came later would turn the verdict round
  Cause cause = Cause::none;          // of a refusal
};

/// What a life leads to by SPEC §2.3 to §2.6, worked out from the true payments and the times of
/// their reports. It shares no code with the domain: no matching is needed where the truth is
/// known.
Expectation expect(const Life& life);

inline constexpr std::int64_t kThresholdMinor = 50'000;
inline constexpr std::int64_t kMinimumLoadMinor = 2'000;

}  // namespace thaw::demo
