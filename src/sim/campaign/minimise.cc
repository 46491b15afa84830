#include "sim/campaign/minimise.h"

namespace thaw {
namespace {

constexpr int kRunsMax = 1'500;

/// Leaves things out while the seed goes on failing.
class Minimiser {
 public:
  Minimiser(std::uint64_t seed, SimOptions options) : seed_(seed), options_(std::move(options)) {
    options_.trace = nullptr;
  }

  WorldOptions minimise() {
    for (std::size_t member = 0; member < options_.world.members; ++member) {
      WorldOptions smaller = options_.world;
      smaller.without_members.insert(member);
      keep_if_failing(smaller);
    }
    leave_messages_out();
    return options_.world;
  }

 private:
  bool keep_if_failing(const WorldOptions& smaller) {
    if (runs_++ >= kRunsMax) return false;
    SimOptions options = options_;
    options.world = smaller;
    if (simulate_campaign(seed_, options).violations.empty()) return false;
    options_.world = smaller;
    return true;
  }

  /// Halves, quarters, … then one by one.
  void leave_messages_out() {
    std::vector<std::uint64_t> left;
    for (const Message& message : draw_world(seed_, options_.world).messages) {
      left.push_back(message.id);
    }
    for (std::size_t size = left.size() / 2; size > 0; size /= 2) {
      for (std::size_t from = 0; from < left.size();) {
        const std::size_t until = std::min(from + size, left.size());
        WorldOptions smaller = options_.world;
        smaller.without_messages.insert(left.begin() + static_cast<std::ptrdiff_t>(from),
                                        left.begin() + static_cast<std::ptrdiff_t>(until));
        if (keep_if_failing(smaller)) {
          left.erase(left.begin() + static_cast<std::ptrdiff_t>(from),
                     left.begin() + static_cast<std::ptrdiff_t>(until));
        } else {
          from = until;
        }
      }
    }
  }

  std::uint64_t seed_;
  SimOptions options_;
  int runs_ = 0;
};

}  // namespace

WorldOptions minimise_world(std::uint64_t seed, SimOptions options) {
  return Minimiser(seed, std::move(options)).minimise();
}

}  // namespace thaw
