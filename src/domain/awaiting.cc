#include "domain/awaiting.h"

#include <algorithm>

#include "domain/files.h"
#include "domain/keys.h"

namespace thaw {
namespace {

/// Files expected for business dates from that of `enrolled_at` to the second after that of
/// `ends_at`.
std::vector<ExpectedFile> files_of_window(const ProviderCalendar& calendar,
                                          const Enrolment& enrolment) {
  std::vector<ExpectedFile> files;
  int after_end = 0;
  for (const ExpectedFile& expected : calendar.expected) {
    if (expected.day_until <= enrolment.enrolled_at) continue;
    if (expected.day_from > enrolment.ends_at && ++after_end > 2) break;
    files.push_back(expected);
  }
  return files;
}

}  // namespace

Awaited find_awaited(Work& work, const Enrolment& enrolment) {
  Awaited awaited;
  std::vector<FileId> applying;
  for (const auto& [key, file] : work.scan<ApplyingFile>(keys::files_applying(), 10'000)) {
    applying.push_back(file.file);
    if (file.accepted_at < enrolment.decides_at) awaited.applying.push_back({{}, {}, file.file});
  }
  const auto list = work.find<ProviderList>(keys::provider_list());
  for (const ProviderId& id : list ? list->providers : std::vector<ProviderId>()) {
    const auto calendar = work.find<ProviderCalendar>(keys::provider_calendar(id));
    if (!calendar) continue;
    for (const ExpectedFile& expected : files_of_window(*calendar, enrolment)) {
      const auto day = work.find<FilesOfDay>(keys::files_of_day(id, expected.business_date));
      if (!day || day->files.empty()) {
        awaited.missing.push_back({id, expected.business_date, {}});
        continue;
      }
      // The first file of the day is the awaited one; accepted in time, it is not waited for.
      const auto head = work.find<SettlementFile>(keys::file(day->files.front()));
      if (!head || head->accepted_at < enrolment.decides_at) continue;
      if (std::find(applying.begin(), applying.end(), head->id) == applying.end()) {
        awaited.arrived.push_back(head->id);
        awaited.complete_at = std::max(awaited.complete_at, head->applied_at);
      } else {
        awaited.missing.push_back({id, expected.business_date, head->id});
      }
    }
  }
  for (const AwaitedFile& file : enrolment.awaited) {
    const auto head = work.find<SettlementFile>(keys::file(file.file));
    if (head) awaited.complete_at = std::max(awaited.complete_at, head->applied_at);
  }
  return awaited;
}

}  // namespace thaw
