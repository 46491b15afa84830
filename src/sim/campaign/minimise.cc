#include "sim/campaign/minimise.h"

#include <algorithm>
#include <vector>

namespace thaw {
namespace {

constexpr int kRunsMax = 1'500;

/// Leaves things out while the seed goes on failing in the same way.
class Minimiser {
 public:
  Minimiser(std::uint64_t seed, WorldOptions world, std::string_view complaint,
            const FindComplaint& find_complaint)
      : seed_(seed),
        world_(std::move(world)),
        kind_(kind_of(complaint)),
        find_complaint_(find_complaint) {}

  WorldOptions minimise() {
    for (std::size_t member = 0; member < world_.members; ++member) {
      WorldOptions smaller = world_;
      smaller.without_members.insert(member);
      keep_if_alike(std::move(smaller));
    }
    leave_messages_out();
    return world_;
  }

 private:
  bool keep_if_alike(WorldOptions smaller) {
    if (runs_++ >= kRunsMax || kind_of(find_complaint_(smaller)) != kind_) return false;
    world_ = std::move(smaller);
    return true;
  }

  /// Halves, quarters, … then one by one; one is always left.
  void leave_messages_out() {
    std::vector<std::uint64_t> left;
    for (const Message& message : draw_world(seed_, world_).messages) left.push_back(message.id);
    for (std::size_t size = left.size() / 2; size > 0; size /= 2) {
      for (std::size_t from = 0; from < left.size() && left.size() > 1;) {
        const std::size_t until = std::min(from + size, left.size());
        std::vector<std::uint64_t> rest = left;
        rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(from),
                   rest.begin() + static_cast<std::ptrdiff_t>(until));
        WorldOptions smaller = world_;
        smaller.only_messages = {rest.begin(), rest.end()};
        if (!rest.empty() && keep_if_alike(std::move(smaller))) {
          left = std::move(rest);
        } else {
          from = until;
        }
      }
    }
  }

  std::uint64_t seed_;
  WorldOptions world_;
  std::string kind_;
  const FindComplaint& find_complaint_;
  int runs_ = 0;
};

bool has_digit(std::string_view word) {
  return std::ranges::any_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string kind_of(std::string_view complaint) {
  std::string kind;
  while (!complaint.empty()) {
    const std::size_t end = std::min(complaint.find(' '), complaint.size());
    const std::string_view word = complaint.substr(0, end);
    kind += has_digit(word) ? "#" : word;
    kind += ' ';
    complaint.remove_prefix(std::min(end + 1, complaint.size()));
  }
  return kind;
}

WorldOptions minimise_world(std::uint64_t seed, WorldOptions world, std::string_view complaint,
                            const FindComplaint& find_complaint) {
  return Minimiser(seed, std::move(world), complaint, find_complaint).minimise();
}

}  // namespace thaw
