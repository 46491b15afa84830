#include "domain/recording.h"

#include <algorithm>

#include "domain/expiring.h"
#include "domain/files.h"
#include "domain/keys.h"
#include "domain/member_work.h"

namespace thaw {
namespace {

constexpr Duration kLongestAhead = Duration::minutes(5);
constexpr std::size_t kKeptPerStep = 8;
constexpr std::size_t kKeptScan = 2'000;

const ReferenceClaim* find_claim(const Reference& reference, const Line& line) {
  for (const ReferenceClaim& claim : reference.claims) {
    if (line.time.from >= claim.from && line.time.from < claim.until) return &claim;
  }
  return nullptr;
}

/// The record's entry in the list of its file.
void write_file_line(Work& work, const Line& line, FileLine entry) {
  if (!line.file) return;
  entry.line_number = line.file->line_number;
  entry.txn_id = line.txn_id;
  work.put(keys::file_line(line.file->file, line.file->line_number), entry);
}

WriteSet reject(Work& work, const RecordLine& command, Placed reason) {
  write_file_line(work, command.line, {.member = command.member, .outcome = reason});
  work.emit({EventType::line_rejected,
             command.member,
             {},
             LineEventFacts{{}, command.line, reason, reason}});
  return work.finish({.code = ReplyCode::rejected_line, .placed = reason});
}

WriteSet keep(Work& work, const RecordLine& command, const Line& line) {
  const std::string key = keys::kept_line(command.reference, line);
  if (!work.has(key)) {
    work.put(key, KeptLine{line});
    list_kept(work, line, {.reference = command.reference, .line_key = key});
    write_file_line(work, line,
                    {.kept_under = command.reference, .line_key = key, .outcome = Placed::kept});
    work.emit(
        {EventType::load_recorded, {}, {}, LineEventFacts{key, {}, Placed::kept, Placed::kept}});
  }
  return work.finish({.placed = Placed::kept});
}

WriteSet record_for(Work& work, const MemberId& id, const Line& line) {
  MemberWork member(work, id);
  if (!member.add(line)) {
    // A webhook line again: a duplicate. A file's record again: its application was resumed.
    const auto stored = work.find<LineRow>(keys::line(id, line));
    const Placed outcome =
        line.path == Path::webhook || !stored ? Placed::duplicate : stored->outcome;
    return work.finish({.placed = outcome});
  }
  const Placed outcome = member.settle().front();
  if (outcome == Placed::kept || line.file) {
    const std::string key = keys::line(id, line);
    if (outcome == Placed::kept) list_kept(work, line, {.member = id, .line_key = key});
    write_file_line(work, line, {.member = id, .line_key = key, .outcome = outcome});
  }
  WriteSet set = work.finish({.placed = outcome});
  set.next = member.find_next();
  return set;
}

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

/// Whose record a reversal or correction names; nothing if it is not known (yet). Whoever holds the
/// reference today, the money was theirs.
std::optional<MemberId> find_named_holder(Work& work, const Line& line) {
  if (!line.original) return std::nullopt;
  for (const LineKind kind : {LineKind::load, LineKind::withdrawal}) {
    if (line.original->kind && *line.original->kind != kind) continue;
    const auto holder =
        work.find<Identity>(keys::identity(line.provider, kind, line.original->txn_id));
    if (holder) return holder->member;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Placed> find_rejection(const Line& line, const ProviderSettings& settings,
                                     Instant recorded_at, std::optional<Placed> found) {
  const auto reject_as = [&found](Placed reason) {
    if (!found || reason < *found) found = reason;
  };
  if (line.time.from > recorded_at + kLongestAhead) reject_as(Placed::rejected_future);
  if (line.kind == LineKind::load && !line.rail) reject_as(Placed::rejected_malformed);
  if (line.kind == LineKind::load && line.rail &&
      std::find(settings.rails.begin(), settings.rails.end(), *line.rail) == settings.rails.end()) {
    reject_as(Placed::rejected_unknown_rail);
  }
  const bool may_lack_amount = line.kind == LineKind::reversal;
  if (!line.amount && !may_lack_amount) reject_as(Placed::rejected_malformed);
  if (line.amount && (line.amount->units() <= 0 || line.amount->units() > kLargestPayment)) {
    reject_as(Placed::rejected_amount);
  }
  const bool names_another = line.kind == LineKind::reversal || line.kind == LineKind::correction;
  if (names_another != line.original.has_value()) reject_as(Placed::rejected_malformed);
  return found;
}

WriteSet record_line(Work& work, const RecordLine& command) {
  const auto settings = work.find_shared<ProviderSettings>(keys::provider(command.line.provider));
  if (!settings) return Work::refuse(ReplyCode::unknown_provider);
  Line line = command.line;
  if (line.path == Path::webhook) line.recorded_at = work.recorded_at();
  line.attached_at = line.recorded_at;
  if (line.file && !command.is_fresh) {
    const auto applied =
        work.find<FileLine>(keys::file_line(line.file->file, line.file->line_number));
    if (applied) return work.finish({.code = ReplyCode::repeated, .placed = applied->outcome});
  }
  if (const auto reason = find_rejection(line, *settings, line.recorded_at, command.rejected)) {
    return reject(work, command, *reason);
  }
  if (const auto holder = find_named_holder(work, line)) return record_for(work, *holder, line);
  if (!command.member.empty()) return record_for(work, command.member, line);
  const auto reference =
      work.find<Reference>(keys::reference(command.reference)).value_or(Reference{});
  const ReferenceClaim* claim = find_claim(reference, line);
  if (!claim) return keep(work, command, line);
  line.attached_at = std::max(line.recorded_at, claim->claimed_at);
  return record_for(work, claim->member, line);
}

WriteSet place_kept_lines(Work& work) {
  const auto claimed = work.scan<ReferenceKey>(keys::claimed_kept_all(), 1);
  if (claimed.empty()) return work.finish({});
  const ReferenceKey reference = claimed.front().second;
  const Takeable takeable = find_takeable(work, reference);
  if (takeable.lines.size() < kKeptPerStep) work.erase(claimed.front().first);
  std::int64_t placed = 0;
  std::shared_ptr<const Command> next;
  if (!takeable.lines.empty()) {
    MemberWork member(work, takeable.member);
    std::vector<Line> added;
    for (const auto& [key, line] : takeable.lines) {
      work.erase(key);
      if (member.add(line)) added.push_back(line);
    }
    const std::vector<Placed> outcomes = member.settle();
    for (std::size_t i = 0; i < added.size(); ++i) {
      write_file_line(work, added[i],
                      {.member = takeable.member,
                       .line_key = keys::line(takeable.member, added[i]),
                       .outcome = outcomes[i]});
    }
    placed = static_cast<std::int64_t>(takeable.lines.size());
    next = member.find_next();
    // Lines of another claimant may be left: look again.
    work.put(claimed.front().first, reference);
  }
  WriteSet set = work.finish({.count = placed});
  set.next = next ? next : std::make_shared<Command>(Command{PlaceKept{}, {}, false, {}});
  return set;
}

WriteSet settle_member(Work& work, const SettleMember& command) {
  MemberWork member(work, command.member);
  if (!member.member().is_settling) return work.finish({});
  member.settle();
  WriteSet set = work.finish({});
  set.next = member.find_next();
  if (!set.next) set.next = std::make_shared<Command>(Command{PlaceKept{}, {}, false, {}});
  return set;
}

}  // namespace thaw
