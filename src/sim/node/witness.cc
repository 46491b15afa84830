#include "sim/node/witness.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace thaw {

std::string Sightings::see(const LogRecord& record) {
  std::set<std::string> members;
  for (const Event& event : record.events) members.insert(event.member.text());
  for (const std::string& member : members) {
    auto& seen = seen_[member];
    if (std::find(seen.begin(), seen.end(), record.sequence) != seen.end()) {
      ++repeats_;
      continue;
    }
    if (!seen.empty() && seen.back() > record.sequence) {
      return fmt::format("{}: record {} was seen after {}", member, record.sequence, seen.back());
    }
    seen.push_back(record.sequence);
  }
  return {};
}

void Sightings::forget_after(std::uint64_t sequence) {
  for (auto& [member, seen] : seen_) {
    std::erase_if(seen, [&](std::uint64_t one) { return one > sequence; });
  }
}

const std::string& Witness::name() const {
  static const std::string kName = "witness";
  return kName;
}

Status Witness::handle(const LogRecord& record) {
  if (read_along_) read_along_(record);
  if (std::string wrong = sightings_.see(record); !wrong.empty()) complain_(std::move(wrong));
  return {};
}

}  // namespace thaw
