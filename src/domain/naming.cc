#include "domain/naming.h"

#include "domain/keys.h"

namespace thaw {
namespace {

/// One identity; nothing if it is not known or only named.
std::optional<Identity> find_held(Work& work, const Line& line, LineKind kind) {
  auto identity = work.find<Identity>(keys::identity(line.provider, kind, line.original->txn_id));
  if (identity && identity->member.empty()) identity.reset();
  return identity;
}

}  // namespace

std::optional<Identity> find_named(Work& work, const Line& line) {
  for (const LineKind kind : kinds_named(line)) {
    if (auto identity = find_held(work, line, kind)) return identity;
  }
  return std::nullopt;
}

bool has_final_holder(Work& work, const Line& line) {
  const auto kinds = kinds_named(line);
  if (kinds.empty()) return true;
  return find_held(work, line, kinds.front()).has_value();
}

void await_original(Work& work, const Line& line, const MemberId& member,
                    const std::string& line_key) {
  if (has_final_holder(work, line)) return;
  work.put(keys::naming(line.provider, line.original->txn_id, line_key),
           WaitingLine{member, line_key, line});
  for (const LineKind kind : kinds_named(line)) {
    const std::string identity = keys::identity(line.provider, kind, line.original->txn_id);
    if (!work.has(identity)) work.put(identity, Identity{});
  }
}

void stop_waiting(Work& work, const Line& line, const std::string& line_key) {
  if (!line.original) return;
  const std::string key = keys::naming(line.provider, line.original->txn_id, line_key);
  if (work.has(key)) work.erase(key);
}

void announce_original(Work& work, const Line& original) {
  work.put(keys::found_original(original.provider, original.txn_id),
           FoundOriginal{original.provider, original.txn_id, original.attached_at});
}

}  // namespace thaw
