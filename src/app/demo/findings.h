#pragma once

#include <map>
#include <string>
#include <vector>

namespace thaw::demo {

struct Finding {
  bool holds = true;
  std::string text;
  std::vector<std::string> examples;  // of what is wrong; a few
};

inline constexpr std::size_t kExamplesAtMost = 10;

/// What was checked, and how it came out.
class Findings {
 public:
  void check(bool holds, std::string text, std::vector<std::string> examples = {}) {
    if (examples.size() > kExamplesAtMost) examples.resize(kExamplesAtMost);
    items_.push_back({holds, std::move(text), std::move(examples)});
  }
  const std::vector<Finding>& items() const { return items_; }
  bool all_hold() const {
    for (const Finding& finding : items_) {
      if (!finding.holds) return false;
    }
    return true;
  }

 private:
  std::vector<Finding> items_;
};

/// What was sent and how it was answered.
struct Figures {
  std::int64_t requests = 0;
  std::int64_t enrolments = 0;
  std::int64_t events = 0;
  std::int64_t files = 0;
  std::int64_t records = 0;
  std::map<std::string, std::int64_t> event_outcomes;
  std::map<std::string, std::int64_t> refused_at_the_door;  // by problem code
  std::map<std::string, std::int64_t> points_faults;        // by kind
};

}  // namespace thaw::demo
