// What may be asked of a simulation.

#include <fmt/format.h>

#include <algorithm>

#include "app/simulate/simulate.h"

namespace thaw {
namespace {

constexpr std::int64_t kMembersMost = 500;  // ids of messages are the members', a thousand each

struct Ending {
  const char* name;
  std::optional<std::int64_t> value;
};

std::optional<std::string> find_fault_of_ending(const SimulateOptions& options) {
  const char* given = nullptr;
  for (const Ending& ending : {Ending{"--seeds", options.seeds}, Ending{"--ticks", options.ticks},
                               Ending{"--hours", options.hours}}) {
    if (!ending.value) continue;
    if (*ending.value < 1) {
      return fmt::format(
          "{} {}: nothing would be run; give at least 1, or leave it out for {} seeds", ending.name,
          *ending.value, kSeedsByDefault);
    }
    if (given) {
      return fmt::format("{} and {} each say when to end: give one of them", given, ending.name);
    }
    given = ending.name;
  }
  return std::nullopt;
}

std::optional<std::string> find_fault_of_smaller_world(const SimulateOptions& options) {
  if (options.only.empty() && options.without_members.empty()) return std::nullopt;
  if (!options.seed || options.seeds || options.ticks || options.hours) {
    return "--only and --without-members are of one world: give its SEED, and no end";
  }
  WorldOptions world;
  world.members = static_cast<std::size_t>(options.members);
  for (const std::int64_t member : options.without_members) {
    if (member < 0 || member >= options.members) {
      return fmt::format("--without-members {}: members are 0 to {}", member, options.members - 1);
    }
    world.without_members.insert(static_cast<std::size_t>(member));
  }
  const World drawn = draw_world(*options.seed, world);
  for (const std::uint64_t id : options.only) {
    if (std::ranges::find(drawn.messages, id, &Message::id) != drawn.messages.end()) continue;
    return fmt::format("--only {}: no such message is sent; a trace has their ids in brackets", id);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> find_fault(const SimulateOptions& options) {
  if (options.members < 1 || options.members > kMembersMost) {
    return fmt::format("--members {}: give 1 to {}; left out, a campaign has {}", options.members,
                       kMembersMost, kMembersByDefault);
  }
  if (auto fault = find_fault_of_ending(options)) return fault;
  return find_fault_of_smaller_world(options);
}

}  // namespace thaw
