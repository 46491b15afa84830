#include "app/demo/schedule.h"

namespace thaw::demo {
namespace {

Instant utc_on(CivilDate date, int hours) {
  return Instant{} + Duration::days(days_from_civil(date)) + Duration::hours(hours);
}

}  // namespace

Instant month_begins() {
  return at_utc(3, 1);
}
Instant month_ends() {
  return at_utc(4, 12);
}
Instant enrolment_opens() {
  return at_utc(3, 3);
}
Instant enrolment_closes() {
  return at_utc(3, 8);
}

std::vector<Instant> all_slots() {
  std::vector<Instant> slots;
  for (Instant at = month_begins(); at <= month_ends(); at = at + kSlot) slots.push_back(at);
  return slots;
}

Instant slot_from(Instant at) {
  const std::int64_t slots = (at.ms + kSlot.ms - 1) / kSlot.ms;
  return Instant{slots * kSlot.ms};
}

Instant card_afternoon(CivilDate date) {
  return utc_on(date, 6);
}

Instant card_night(CivilDate date) {
  return utc_on(date, 12);
}

CivilDate card_file_date(Instant made_at) {
  return sydney_date(made_at + Duration::hours(3));  // the party closes its day at 21:00
}

CivilDate late_bank_file() {
  return {2026, 4, 8};
}

Instant bank_file_arrives(CivilDate bank_day) {
  const Instant night = utc_on(bank_day, 12);
  return bank_day == late_bank_file() ? night + Duration::hours(18) : night;
}

CivilDate bank_file_date(Instant made_at, std::int64_t days_late) {
  // The bank closes its day at 18:00.
  CivilDate date = bank_day_from(sydney_date(made_at + Duration::hours(6)));
  for (; days_late > 0; --days_late) date = bank_day_after(date);
  return date;
}

std::vector<CivilDate> all_bank_days() {
  std::vector<CivilDate> days;
  const CivilDate last{2026, 4, 10};
  for (CivilDate day = bank_day_from({2026, 3, 1}); day <= last; day = bank_day_after(day)) {
    days.push_back(day);
  }
  return days;
}

}  // namespace thaw::demo
