#include "domain/recording.h"

#include <algorithm>

#include "domain/cases.h"
#include "domain/expiring.h"
#include "domain/files.h"
#include "domain/keys.h"
#include "domain/member_work.h"
#include "domain/naming.h"
#include "domain/taking_in.h"

namespace thaw {
namespace {

constexpr Duration kLongestAhead = Duration::minutes(5);

WriteSet reject(Work& work, const RecordLine& command, Placed reason) {
  write_file_line(work, command.line, {.member = command.member, .outcome = reason});
  work.emit({EventType::line_rejected,
             command.member,
             {},
             LineEventFacts{{}, command.line, reason, reason}});
  return work.finish({.code = ReplyCode::rejected_line, .placed = reason});
}

bool may_send(const ProviderSettings& settings, Rail rail, Path path) {
  const auto has = [rail](const std::vector<Rail>& rails) {
    return std::find(rails.begin(), rails.end(), rail) != rails.end();
  };
  const auto& barred = path == Path::webhook ? settings.not_by_webhook : settings.not_by_file;
  return has(settings.rails) && !has(barred);
}

/// One for all such records of a file.
void open_reference_case(Work& work, const RecordLine& command) {
  const FileFacts& file = *command.line.file;
  ReviewCase item;
  item.id = "reference-" + file.file.text();
  item.kind = CaseKind::malformed_reference;
  item.subject = command.line.provider.text() + " " + file.provider_file_id;
  item.detail = "line " + std::to_string(file.line_number) +
                " of this file, perhaps further ones: no " + command.reference.type +
                " looks like that";
  open_case(work, std::move(item));
}

/// A line whose reference nobody claims, or nobody can claim.
WriteSet keep(Work& work, const RecordLine& command, const Line& line) {
  const std::string key = keys::kept_line(command.reference, line);
  const bool is_held = command.is_reference_malformed && line.file;
  const Placed outcome = is_held ? Placed::held_malformed_reference : Placed::kept;
  if (!work.has(key)) {
    if (is_held) open_reference_case(work, command);
    work.put(key, KeptLine{line});
    list_kept(work, line, {.reference = command.reference, .line_key = key});
    await_original(work, line, {}, key);
    write_file_line(work, line,
                    {.kept_under = command.reference, .line_key = key, .outcome = outcome});
    work.emit({is_held ? EventType::load_held : EventType::load_recorded,
               {},
               {},
               LineEventFacts{key, {}, outcome, outcome}});
  }
  return work.finish({.placed = outcome});
}

WriteSet record_for(Work& work, const MemberId& id, const Line& line) {
  MemberWork member(work, id);
  const Placed outcome = take_in(work, member, line);
  WriteSet set = work.finish({.placed = outcome});
  set.next = member.find_next();
  return set;
}

}  // namespace

std::optional<Placed> find_rejection(const Line& line, const ProviderSettings& settings,
                                     Instant recorded_at, std::optional<Placed> found) {
  const auto reject_as = [&found](Placed reason) {
    if (!found || reason < *found) found = reason;
  };
  if (line.time.from > recorded_at + kLongestAhead) reject_as(Placed::rejected_future);
  if (line.kind == LineKind::load && !line.rail) reject_as(Placed::rejected_malformed);
  if (line.rail && !may_send(settings, *line.rail, line.path)) {
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
  if (const auto named = find_named(work, line)) {
    line.names_expired = named->has_expired;
    return record_for(work, named->member, line);
  }
  if (!command.member.empty()) return record_for(work, command.member, line);
  const auto reference =
      work.find<Reference>(keys::reference(command.reference)).value_or(Reference{});
  const ReferenceClaim* claim = find_claim(reference, line);
  if (!claim) return keep(work, command, line);
  line.attached_at = std::max(line.recorded_at, claim->claimed_at);
  return record_for(work, claim->member, line);
}

WriteSet settle_member(Work& work, const SettleMember& command) {
  MemberWork member(work, command.member);
  if (!member.member().is_settling) return work.finish({});
  member.settle();
  WriteSet set = work.finish({});
  set.next = member.find_next_to_place();
  return set;
}

}  // namespace thaw
