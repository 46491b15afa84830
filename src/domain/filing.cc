#include "domain/filing.h"

#include "domain/awaiting.h"
#include "domain/cases.h"
#include "domain/keys.h"

namespace thaw {
namespace {

constexpr Duration kLongestAhead = Duration::minutes(5);

std::string tell_gone(const ReportGone& report) {
  if (!report.not_compared.empty()) {
    return "whether records of the file before are gone is not known: " + report.not_compared;
  }
  const char* what = report.count == 1 ? " record of the file before is not in it:"
                                       : " records of the file before are not in it:";
  std::string detail = std::to_string(report.count) + what;
  for (const std::string& id : report.ids) detail += " " + id;
  return detail;
}

}  // namespace

WriteSet accept_file(Work& work, const AcceptFile& command) {
  if (!work.has(keys::provider(command.file.provider))) {
    return Work::refuse(ReplyCode::unknown_provider);
  }
  if (const auto known = work.find<SettlementFile>(keys::file(command.file.id))) {
    return work.finish({.code = ReplyCode::repeated, .file = *known});
  }
  if (command.file.created_at > work.recorded_at() + kLongestAhead) {
    return Work::refuse(ReplyCode::future,
                        "the file says that it was made more than 5 minutes from now: correct its "
                        "created_at, or send it when that time has come");
  }
  const std::string name_key =
      keys::provider_file(command.file.provider, command.file.provider_file_id);
  if (work.has(name_key)) {
    return Work::refuse(ReplyCode::file_id_conflict,
                        "this provider sent another file under this id");
  }
  SettlementFile file = command.file;
  file.accepted_at = work.recorded_at();
  file.status = FileStatus::applying;
  work.put(keys::file(file.id), file);
  work.put(name_key, FileEventFacts{file.id, file.provider, file.records});
  work.put(keys::file_applying(file.id), ApplyingFile{file.id, file.accepted_at});
  const std::string day_key = keys::files_of_day(file.provider, file.business_date);
  auto day = work.find<FilesOfDay>(day_key).value_or(FilesOfDay{});
  day.files.push_back(file.id);
  work.put(day_key, day);
  work.emit(
      {EventType::file_accepted, {}, {}, FileEventFacts{file.id, file.provider, file.records}});
  return work.finish({.code = ReplyCode::created, .file = file});
}

WriteSet finish_file(Work& work, const FinishFile& command) {
  auto file = work.find<SettlementFile>(keys::file(command.file));
  if (!file) return Work::refuse(ReplyCode::unknown_file);
  if (file->status != FileStatus::applying) {
    return work.finish({.code = ReplyCode::repeated, .file = *file});
  }
  file->status = FileStatus::applied;
  file->applied_records = file->records;
  file->applied_at = work.recorded_at();
  file->outcomes = command.outcomes;
  work.put(keys::file(file->id), *file);
  work.erase(keys::file_applying(file->id));
  work.emit(
      {EventType::file_applied, {}, {}, FileEventFacts{file->id, file->provider, file->records}});
  return work.finish({.file = *file});
}

WriteSet report_gone(Work& work, const ReportGone& command) {
  const auto file = work.find<SettlementFile>(keys::file(command.file));
  if (!file) return Work::refuse(ReplyCode::unknown_file);
  ReviewCase item;
  item.id = "gone-" + command.file.text() + "-" + command.before.text();
  item.kind = CaseKind::record_gone;
  item.subject = file->provider.text() + " " + file->business_date;
  item.detail = tell_gone(command);
  std::string id = item.id;
  open_case(work, std::move(item));
  return work.finish({.case_id = std::move(id)});
}

}  // namespace thaw
