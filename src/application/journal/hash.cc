#include "application/journal/hash.h"

#include <algorithm>

namespace thaw {
namespace {

constexpr std::size_t kChildrenMax = 16;
// A leaf begins with its record's size, which is never this: so a node cannot pass for a record.
constexpr std::string_view kNodeTag("\xff\xff\xff\xff", 4);

}  // namespace

JournalHash Hasher::hash(std::initializer_list<std::string_view> parts) {
  for (const std::string_view part : parts) sha_.update(part);
  return sha_.finish();
}

JournalHash Hasher::merkle_root(std::vector<JournalHash>& hashes) {
  if (hashes.empty()) return {};
  std::size_t count = hashes.size();
  while (count > 1) {
    std::size_t parents = 0;
    for (std::size_t at = 0; at < count; at += kChildrenMax) {
      const std::size_t children = std::min(kChildrenMax, count - at);
      const std::string_view joined(reinterpret_cast<const char*>(hashes[at].data()),
                                    children * sizeof(JournalHash));
      hashes[parents++] = hash({kNodeTag, joined});
    }
    count = parents;
  }
  return hashes.front();
}

}  // namespace thaw
