#include "domain/expiring.h"

#include <algorithm>

#include "domain/keys.h"
#include "domain/member_work.h"
#include "domain/naming.h"
#include "domain/recording.h"

namespace thaw {
namespace {

constexpr Duration kSlack = Duration::hours(48);

std::optional<Duration> longest_life(Work& work) {
  std::optional<Duration> longest;
  for (const auto& [key, rules] : work.scan<CampaignRules>(keys::campaign_versions(), 100'000)) {
    const Duration life = rules.window + rules.grace + kSlack;
    if (!longest || life > *longest) longest = life;
  }
  return longest;
}

void emit_expired(Work& work, const MemberId& member, const Line& line) {
  work.emit(
      {EventType::line_expired, member, {}, LineEventFacts{{}, line, Placed::kept, Placed::kept}});
}

/// Its identity stays taken, and says that what it stood for is gone.
/// A line in conflict is not kept, and so does not expire.
void mark_expired(Work& work, const Line& line) {
  const std::string key = keys::identity(line);
  auto identity = work.find<Identity>(key).value_or(Identity{});
  identity.has_expired = true;
  work.put(key, identity);
}

void expire_line(Work& work, const KeptEntry& entry) {
  if (entry.member.empty()) {
    const auto kept = work.find<KeptLine>(entry.line_key);
    if (!kept) return;
    work.erase(entry.line_key);
    stop_waiting(work, kept->line, entry.line_key);
    emit_expired(work, {}, kept->line);
    return;
  }
  const auto row = work.find<LineRow>(entry.line_key);
  if (!row) return;
  MemberWork member(work, entry.member);
  if (!member.drop_kept(*row)) return;
  work.erase(entry.line_key);
  mark_expired(work, row->line);
  member.note_expired(row->line);
  stop_waiting(work, row->line, entry.line_key);
  emit_expired(work, entry.member, row->line);
}

}  // namespace

void list_kept(Work& work, const Line& line, KeptEntry entry) {
  work.put(keys::kept_since(line.recorded_at, entry.line_key), entry);
}

WriteSet expire_kept(Work& work) {
  const auto oldest = work.scan<KeptEntry>(keys::kept_by_age(), 1);
  if (oldest.empty()) return work.finish({});
  const auto life = longest_life(work);
  const auto since = keys::parse_kept_since(oldest.front().first);
  if (!life || !since || *since + *life > work.recorded_at()) return work.finish({});
  expire_line(work, oldest.front().second);
  work.erase(oldest.front().first);
  WriteSet set = work.finish({.count = 1});
  set.next = follow_with(ExpireKept{});
  return set;
}

}  // namespace thaw
