#include "domain/kept_lines.h"

#include <algorithm>

#include "domain/expiring.h"
#include "domain/keys.h"
#include "domain/member_work.h"
#include "domain/naming.h"
#include "domain/recording.h"
#include "domain/taking_in.h"

namespace thaw {
namespace {

constexpr std::size_t kKeptPerStep = 8;
constexpr std::size_t kKeptScan = 2'000;
constexpr std::size_t kLineRowsWhenTwo = 8;  // of each of the two members of a move

/// The kept lines that one member can take now.
struct Takeable {
  MemberId member;
  std::vector<std::pair<std::string, Line>> lines;
};

Takeable find_takeable(Work& work, const ReferenceKey& key) {
  Takeable takeable;
  const auto reference = work.find<Reference>(keys::reference(key)).value_or(Reference{});
  for (auto& [row_key, kept] : work.scan<KeptLine>(keys::kept_under(key), kKeptScan)) {
    const ReferenceClaim* claim = find_claim(reference, kept.line);
    if (!claim || (!takeable.lines.empty() && claim->member != takeable.member)) continue;
    takeable.member = claim->member;
    kept.line.attached_at = std::max(kept.line.recorded_at, claim->claimed_at);
    takeable.lines.emplace_back(row_key, std::move(kept.line));
    if (takeable.lines.size() == kKeptPerStep) break;
  }
  return takeable;
}

/// Returns what must follow for the member.
std::shared_ptr<const Command> take_claimed(Work& work, const Takeable& takeable) {
  MemberWork member(work, takeable.member);
  std::vector<Line> added;
  for (const auto& [key, line] : takeable.lines) {
    work.erase(key);
    stop_waiting(work, line, key);
    if (member.add(line)) added.push_back(line);
  }
  const std::vector<Placed> outcomes = member.settle();
  for (std::size_t i = 0; i < added.size(); ++i) {
    const std::string key = keys::line(takeable.member, added[i]);
    // Claimed by somebody who is not enrolled: kept there, and its time runs on.
    if (outcomes[i] == Placed::kept) {
      list_kept(work, added[i], {.member = takeable.member, .line_key = key});
    }
    write_file_line(work, added[i],
                    {.member = takeable.member, .line_key = key, .outcome = outcomes[i]});
  }
  return member.find_next_to_place();
}

/// A line that waited, and the member who holds what it names.
struct Move {
  std::string waiting_key;
  WaitingLine waiting;
  MemberId holder;
};

/// Drops the lines that stand where they belong, and finds one that does not: first those whose own
/// identity is undisputed, as they would have come first to the holder.
std::optional<Move> find_move(Work& work, const FoundOriginal& found) {
  std::optional<Move> move;
  std::size_t dropped = 0;
  for (auto& [key, waiting] :
       work.scan<WaitingLine>(keys::naming_all(found.provider, found.txn_id), kKeptScan)) {
    const auto named = find_named(work, waiting.line);
    if (!named) continue;
    if (named->member != waiting.member) {
      const bool is_first =
          !move || (move->waiting.line.identity_conflict && !waiting.line.identity_conflict);
      if (is_first) move = Move{key, std::move(waiting), named->member};
    } else if (dropped < kKeptPerStep && has_final_holder(work, waiting.line)) {
      work.erase(key);
      ++dropped;
    }
  }
  return move;
}

/// The line's identity, if it is its present member's and not somebody else's: it goes along.
std::optional<Identity> find_own_identity(Work& work, const Move& move) {
  auto identity = work.find<Identity>(keys::identity(move.waiting.line));
  if (identity && identity->member != move.waiting.member) identity.reset();
  return identity;
}

/// Takes the line from where it stands; nothing if it has gone from there.
std::optional<Line> take_away(Work& work, const Move& move, MemberWork* from) {
  const std::string& key = move.waiting.line_key;
  if (!from) {
    const auto kept = work.find<KeptLine>(key);
    if (!kept) return std::nullopt;
    work.erase(key);
    return kept->line;
  }
  const auto row = work.find<LineRow>(key);
  if (!row) return std::nullopt;
  from->remove(key, *row);
  from->settle();
  work.emit({EventType::line_moved,
             move.waiting.member,
             {},
             LineEventFacts{{}, row->line, row->outcome, row->outcome}});
  return row->line;
}

WriteSet finish_with(Work& work, std::int64_t count,
                     std::shared_ptr<const Command> next = follow_with(PlaceKept{})) {
  WriteSet set = work.finish({.count = count});
  set.next = std::move(next);
  return set;
}

/// Both members change in one transaction.
WriteSet carry_out(Work& work, const Move& move, Instant found_at) {
  std::optional<MemberWork> from;
  if (!move.waiting.member.empty()) from.emplace(work, move.waiting.member, kLineRowsWhenTwo);
  if (from && from->member().is_settling) return finish_with(work, 0, from->find_next_to_place());
  MemberWork to(work, move.holder, kLineRowsWhenTwo);
  auto identity = find_own_identity(work, move);
  if (identity && !to.end_conflicts(move.waiting.line)) {
    to.settle();
    return finish_with(work, 0, to.find_next_to_place());
  }
  work.erase(move.waiting_key);
  auto line = take_away(work, move, from ? &*from : nullptr);
  if (!line) return finish_with(work, 0);
  if (identity) {
    identity->member = move.holder;
    work.put(keys::identity(*line), *identity);
  }
  line->identity_conflict = false;
  line->attached_at = std::max(line->recorded_at, found_at);
  take_in(work, to, *line);
  const bool is_from_behind = from && from->member().is_settling;
  return finish_with(work, 1, (is_from_behind ? *from : to).find_next_to_place());
}

WriteSet place_named(Work& work, const std::string& found_key, const FoundOriginal& found) {
  if (const auto move = find_move(work, found)) return carry_out(work, *move, found.found_at);
  work.erase(found_key);
  return finish_with(work, 0);
}

WriteSet place_claimed(Work& work, const std::string& claimed_key, const ReferenceKey& reference) {
  const Takeable takeable = find_takeable(work, reference);
  if (takeable.lines.empty()) {
    work.erase(claimed_key);
    return finish_with(work, 0);
  }
  auto next = take_claimed(work, takeable);
  return finish_with(work, static_cast<std::int64_t>(takeable.lines.size()), std::move(next));
}

}  // namespace

WriteSet place_kept_lines(Work& work) {
  // What is found goes to its holder before the claimant of a reference could take it.
  const auto found = work.scan<FoundOriginal>(keys::found_originals(), 1);
  if (!found.empty()) return place_named(work, found.front().first, found.front().second);
  const auto claimed = work.scan<ReferenceKey>(keys::claimed_kept_all(), 1);
  if (!claimed.empty()) return place_claimed(work, claimed.front().first, claimed.front().second);
  return work.finish({});
}

}  // namespace thaw
