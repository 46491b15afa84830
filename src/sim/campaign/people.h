#pragma once

#include "base/random.h"
#include "sim/node/node.h"

namespace thaw {

/// The persons on duty: what they do with revisions is drawn once for a world, so that the judge
/// knows it. They lift fences, release clocks that were mended, and give dead letters back.
class People {
 public:
  enum class Habit { approve, refuse, leave };

  explicit People(std::uint64_t seed);

  /// A look at the queue; now and then they are busy. An error: the store died.
  void look(Node& node, SimStore& store, bool are_thorough);

  Habit habit() const { return habit_; }

 private:
  void resolve_cases(Node& node, SimStore& store, bool are_thorough);
  void redrive(Node& node, SimStore& store);
  void hold(Node& node, SimStore& store, bool are_thorough);

  Random random_;
  Habit habit_;
  bool redrives_;
};

}  // namespace thaw
