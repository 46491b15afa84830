#include "domain/line_group.h"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>

namespace thaw {
namespace {

std::int64_t amount_or_all(const Line& line) {
  return line.amount ? line.amount->units() : std::numeric_limits<std::int64_t>::max();
}

/// A webhook before a file, then the lowest amount (withdrawals: the highest), then the earliest
/// time, then the content.
bool carries_before(const Line& a, const Line& b) {
  if (a.path != b.path) return a.path == Path::webhook;
  if (amount_or_all(a) != amount_or_all(b)) {
    return (amount_or_all(a) < amount_or_all(b)) == (a.kind != LineKind::withdrawal);
  }
  if (a.time.from != b.time.from) return a.time.from < b.time.from;
  // Of equals the first file's: a correction that later files repeat stands where it first stood.
  const auto created_at = [](const Line& l) {
    return l.file ? l.file->file_created_at : Instant{};
  };
  if (created_at(a) != created_at(b)) return created_at(a) < created_at(b);
  return comes_before(a, b);
}

std::optional<std::size_t> find_group(std::span<const LineGroup> groups, const ProviderId& provider,
                                      LineKind kind, const std::string& txn_id) {
  const auto key = [](const LineGroup& g) {
    return std::tie(g.carrier->kind, g.carrier->provider, g.carrier->txn_id);
  };
  const auto wanted = std::tie(kind, provider, txn_id);
  const auto found =
      std::lower_bound(groups.begin(), groups.end(), wanted,
                       [&](const LineGroup& g, const auto& w) { return key(g) < w; });
  if (found == groups.end() || key(*found) != wanted) return std::nullopt;
  return static_cast<std::size_t>(found - groups.begin());
}

std::optional<std::size_t> find_target(std::span<const LineGroup> groups, const Line& line) {
  std::optional<std::size_t> found;
  for (const LineKind kind : kinds_named(line)) {
    found = find_group(groups, line.provider, kind, line.original->txn_id);
    if (found) break;
  }
  // Without an amount it takes the whole, in whatever currency that is.
  const bool has_currency = line.amount.has_value();
  if (found && has_currency && groups[*found].carrier->currency != line.currency) {
    return std::nullopt;
  }
  return found;
}

/// Sorts the lines of one identity, the carrier first. Of lines that name different records those
/// come first whose record is there: `named` holds what can be named.
void sort_members(std::span<const Line> lines, std::span<const LineGroup> named,
                  std::vector<std::size_t>& members) {
  if (members.size() == 1) return;
  // total: carries_before ends in comes_before, which is total.
  std::sort(members.begin(), members.end(),
            [&](std::size_t a, std::size_t b) { return carries_before(lines[a], lines[b]); });
  if (!lines[members.front()].original) return;
  std::stable_partition(members.begin(), members.end(),
                        [&](std::size_t i) { return find_target(named, lines[i]).has_value(); });
}

/// A reversal that states no amount asks for the whole record.
std::optional<Minor> amount_of(const Line& line, const LineGroup& group) {
  return line.amount ? line.amount : group.whole;
}

LineGroup make_group(std::span<const Line> lines, std::span<const LineGroup> named,
                     std::vector<std::size_t> members) {
  LineGroup group;
  group.carrier = &lines[members.front()];
  const auto target = find_target(named, *group.carrier);
  const bool is_any_stated = std::any_of(
      members.begin(), members.end(), [&](std::size_t i) { return lines[i].amount.has_value(); });
  if (target && is_any_stated) group.whole = named[*target].uncorrected;
  group.lines = std::move(members);
  for (const std::size_t index : group.lines) {
    const Line& line = lines[index];
    if (line.path == Path::webhook) group.has_webhook = true;
    if (index != group.lines.front() && place_repeat(line, group) == Placed::confirmed) {
      group.is_confirmed = true;
    }
    const auto amount = amount_of(line, group);
    if (!amount) {
      group.asks_for_all = true;
      continue;
    }
    if (!group.lowest || *amount < *group.lowest) group.lowest = amount;
    if (!group.highest || *amount > *group.highest) group.highest = amount;
  }
  group.uncorrected = group.carrier->kind == LineKind::withdrawal ? group.highest : group.lowest;
  group.amount = group.uncorrected;
  return group;
}

/// What expired was kept longer than any window that had begun lasts: it counts in none.
Placed place_orphan(const Line& line) {
  return line.names_expired ? Placed::excluded_before_window : Placed::held_orphan_reversal;
}

}  // namespace

bool stands_over(const Line& a, const Line& b) {
  const auto key = [](const Line& l) {
    const FileFacts none;
    const FileFacts& file = l.file ? *l.file : none;
    return std::tuple(file.file_created_at, file.provider_file_id, file.line_number);
  };
  if (key(a) != key(b)) return key(a) > key(b);
  return comes_before(a, b);
}

Placed place_repeat(const Line& line, const LineGroup& group) {
  const Line& carrier = *group.carrier;
  if (amount_of(line, group) != amount_of(carrier, group)) return Placed::held_amount_mismatch;
  const bool beside_webhook = line.path == Path::file && carrier.path == Path::webhook;
  return beside_webhook ? Placed::confirmed : Placed::duplicate;
}

std::vector<LineGroup> group_lines(std::span<const Line> lines) {
  using Identity = std::tuple<LineKind, ProviderId, std::string>;
  std::map<Identity, std::vector<std::size_t>> by_identity;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].identity_conflict) continue;
    by_identity[{lines[i].kind, lines[i].provider, lines[i].txn_id}].push_back(i);
  }
  std::vector<LineGroup> groups;
  groups.reserve(by_identity.size());
  // Loads and withdrawals come first, in order of kind: what names them finds them.
  for (auto& [identity, members] : by_identity) {
    sort_members(lines, groups, members);
    groups.push_back(make_group(lines, groups, std::move(members)));
  }
  return groups;
}

void apply_corrections(std::span<LineGroup> groups) {
  for (std::size_t i = 0; i < groups.size(); ++i) {
    LineGroup& group = groups[i];
    const LineKind kind = group.carrier->kind;
    if (kind != LineKind::reversal && kind != LineKind::correction) continue;
    group.target = find_target(groups, *group.carrier);
    if (!group.target) {
      group.placed = place_orphan(*group.carrier);
      continue;
    }
    group.placed = Placed::applied;
    LineGroup& target = groups[*group.target];
    target.is_named = true;
    if (kind == LineKind::reversal) continue;
    if (target.correction) {
      LineGroup& standing = groups[*target.correction];
      const bool replaces = stands_over(*group.carrier, *standing.carrier);
      (replaces ? standing : group).placed = Placed::duplicate;
      if (!replaces) continue;
    }
    target.correction = i;
    target.amount = group.uncorrected;
  }
}

}  // namespace thaw
