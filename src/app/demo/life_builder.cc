#include "app/demo/life_builder.h"

#include <fmt/format.h>

#include <algorithm>

namespace thaw::demo {
namespace {

const CivilDate kLastCardFile{2026, 4, 11};
constexpr std::size_t kLoadsAtMost = 40;

/// Easter: what was paid before Good Friday's night or on the days off, and settles after them.
bool is_settled_over_easter(Instant made_at, CivilDate file) {
  return made_at >= at_utc(4, 2, 7) && made_at < at_utc(4, 6, 14) && file >= CivilDate{2026, 4, 7};
}

}  // namespace

LifeBuilder::LifeBuilder(Life& life, std::size_t number, Random& random, Situations& situations)
    : life_(life),
      number_(number),
      random_(random),
      situations_(situations),
      loses_webhooks_(random.chance(12, 100)) {
  life_.member = fmt::format("M{:05}", number);
  life_.crn = fmt::format("70{:06}", number);
  life_.account = fmt::format("062-000-1{:06}", number);
  life_.movements.reserve(kLoadsAtMost);
  enrol_at(draw_between(enrolment_opens(), enrolment_closes()), random_.chance(1, 5) ? 1 : 0);
}

void LifeBuilder::enrol_at(Instant at, std::int64_t slots_late) {
  life_.enrolled_at = at;
  life_.posted_at = slot_from(at) + Duration{slots_late * kSlot.ms};
  life_.claimed_at = life_.posted_at;
}

void LifeBuilder::claim_later(Duration after_enrolment) {
  life_.claimed_at = slot_from(life_.enrolled_at + after_enrolment);
  count("bank references claimed days after the enrolment");
}

Instant LifeBuilder::draw_between(Instant from, Instant until) {
  return from + Duration{random_.between(0, (until - from).ms - 1)};
}

Instant LifeBuilder::draw_inside() {
  return draw_between(life_.enrolled_at + Duration::hours(1),
                      life_.window_ends() - Duration::hours(1));
}

std::int64_t LifeBuilder::make_distinct(std::int64_t minor) {
  while (!amounts_.insert(minor).second) ++minor;
  return minor;
}

Movement& LifeBuilder::add(MovementKind kind, Rail rail, Instant at, std::int64_t minor) {
  Movement& movement = life_.movements.emplace_back();
  movement.kind = kind;
  movement.rail = rail;
  movement.made_at = at;
  movement.minor = minor;
  return movement;
}

std::string LifeBuilder::make_id(const char* prefix) const {
  return fmt::format("{}_{:05}{:02}", prefix, number_, life_.movements.size());
}

void LifeBuilder::report_by_webhook(Movement& movement, std::int64_t slots_late, bool may_repeat) {
  const Instant first = slot_from(movement.made_at) + Duration{slots_late * kSlot.ms};
  movement.webhooks.push_back({first, movement.minor});
  if (slots_late > 0) count("webhooks that came late, behind others");
  if (!may_repeat || !random_.chance(10, 100)) return;
  const Instant again = first + Duration{random_.between(0, 4) * kSlot.ms};
  movement.webhooks.push_back({again, movement.minor});
  count("webhooks sent twice under two event ids");
}

void LifeBuilder::report_in_card_file(Movement& movement, bool is_next_day) {
  FileReport record;
  record.id = make_id("st");
  record.date = card_file_date(movement.made_at);
  record.minor = movement.minor;
  if (is_next_day) record.date = add_days(record.date, 1);
  if (record.date > kLastCardFile) return;
  const Instant afternoon = card_afternoon(record.date);
  const bool in_both = movement.made_at < afternoon - Duration::hours(1);
  record.recorded_at = in_both ? afternoon : card_night(record.date);
  if (in_both) count("records in two overlapping files");
  movement.record = std::move(record);
}

std::size_t LifeBuilder::pay_by_card(Instant at, std::int64_t minor, CardReports reports) {
  static constexpr Rail kCards[] = {Rail::debit_card, Rail::apple_pay, Rail::google_pay};
  Movement& load = add(MovementKind::load, kCards[random_.below(3)], at, minor);
  load.id = make_id("pi");
  if (reports.may_vary && random_.chance(8, 100)) reports.slots_late = random_.between(1, 6);
  const bool is_lost = reports.may_vary && loses_webhooks_ && random_.chance(40, 100);
  if (is_lost) count("webhooks that never came");
  if (reports.has_webhook && !is_lost) {
    report_by_webhook(load, reports.slots_late, reports.may_vary);
  }
  // A lost webhook's record could be any unconfirmed payment's: so no record of theirs is late.
  const bool is_next_day = reports.may_vary && !loses_webhooks_ && random_.chance(20, 100);
  if (reports.has_record) report_in_card_file(load, is_next_day);
  return life_.movements.size() - 1;
}

std::size_t LifeBuilder::pay_by_bank(Rail rail, Instant at, std::int64_t minor,
                                     BankReports reports) {
  Movement& load = add(MovementKind::load, rail, at, minor);
  FileReport record;
  if (reports.has_id) record.id = make_id("bk");
  record.date = bank_file_date(at, reports.days_late);
  record.recorded_at = bank_file_arrives(record.date);
  record.stated = reports.stated;
  record.minor = minor;
  record.is_in_next_file = reports.has_id && random_.chance(25, 100);
  if (record.is_in_next_file) count("records in two overlapping files");
  if (is_settled_over_easter(at, record.date)) count("loads that settled late, over Easter");
  load.record = std::move(record);
  return life_.movements.size() - 1;
}

std::size_t LifeBuilder::withdraw(Instant at, std::int64_t minor, bool has_record) {
  Movement& withdrawal = add(MovementKind::withdrawal, Rail::debit_card, at, minor);
  withdrawal.id = make_id("wd");
  report_by_webhook(withdrawal, 0, true);
  if (has_record) report_in_card_file(withdrawal, false);
  count(at < life_.window_ends() ? "withdrawals in the window" : "withdrawals in grace");
  return life_.movements.size() - 1;
}

std::size_t LifeBuilder::reverse(std::size_t of, Instant at, std::optional<std::int64_t> minor,
                                 ReversalBy by) {
  const std::int64_t whole = life_.movements[of].minor;
  Movement& reversal =
      add(MovementKind::reversal, life_.movements[of].rail, at, minor.value_or(whole));
  reversal.id = make_id("cb");
  reversal.of = of;
  reversal.is_whole = !minor.has_value();
  if (by != ReversalBy::file) report_by_webhook(reversal, 0, true);
  if (by != ReversalBy::webhook) report_in_card_file(reversal, false);
  if (life_.movements[of].kind == MovementKind::withdrawal) {
    count("withdrawals given back");
  } else {
    count(minor ? "chargebacks of a part" : "chargebacks of the whole");
  }
  return life_.movements.size() - 1;
}

void LifeBuilder::correct(std::size_t of, std::int64_t minor) {
  const Movement& load = life_.movements[of];
  const Instant at = load.made_at + Duration::days(2);
  Movement& correction = add(MovementKind::correction, load.rail, at, minor);
  correction.of = of;
  FileReport record;
  record.id = make_id("co");
  record.date = bank_day_after(bank_day_after(life_.movements[of].record->date));
  record.recorded_at = bank_file_arrives(record.date);
  record.stated = StatedTime::date;
  record.minor = minor;
  correction.record = std::move(record);
  count("corrections by the bank");
}

}  // namespace thaw::demo
