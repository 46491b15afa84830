#include "app/demo/population.h"

namespace thaw::demo {
namespace {

constexpr CardReports kPlain{.may_vary = false};
constexpr std::int64_t kDecisive = 15'033;  // lifts A$400 over the threshold of A$500

bool flip(LifeBuilder& b) {
  return b.random().chance(1, 2);
}

void load_at_the_first_instant(LifeBuilder& b) {
  pay_plainly(b, 40'000);
  const bool in_time = flip(b);
  b.pay_by_card(b.life().enrolled_at - Duration{in_time ? 0 : 1}, kDecisive, kPlain);
  b.count("loads in the window's first millisecond, or the one before");
}

void load_at_the_last_instant(LifeBuilder& b) {
  pay_plainly(b, 40'000);
  const bool in_time = flip(b);
  b.pay_by_card(b.life().window_ends() - Duration{in_time ? 1 : 0}, kDecisive, kPlain);
  b.count("loads in the window's last millisecond, or the one after");
}

/// The window ends at 03:00 when the clocks go back to 02:00: half past two comes twice, once
/// inside and once outside.
void load_in_the_hour_that_comes_twice(LifeBuilder& b) {
  b.enrol_at(summer_time_ends() - kWindow);
  pay_plainly(b, 40'000);
  const Duration half_an_hour = Duration::minutes(30);
  const Instant at =
      flip(b) ? summer_time_ends() - half_an_hour : summer_time_ends() + half_an_hour;
  b.pay_by_bank(Rail::bank_transfer, at, kDecisive, {.stated = StatedTime::instant});
  b.count("payments at half past two on the night of the DST change");
}

/// The window ends late on 5 April, a day of 25 hours. A record dated the 6th is outside, by less
/// than an hour.
void load_dated_at_the_end_of_the_long_day(LifeBuilder& b) {
  const Instant ends = start_of_sydney_day({2026, 4, 6});
  b.enrol_at(b.draw_between(ends - Duration::minutes(59), ends) - kWindow);
  pay_plainly(b, 40'000);
  const Instant at = flip(b) ? ends + Duration::hours(9) : ends - Duration::hours(9);
  b.pay_by_bank(Rail::bpay, at, kDecisive);
  b.count("records dated by days around the 25-hour day");
}

void transfer_over_easter(LifeBuilder& b) {
  b.enrol_at(b.draw_between(at_utc(3, 3, 12), at_utc(3, 5)));
  pay_plainly(b, 40'000);
  const Instant at = b.draw_between(at_utc(4, 2, 7, 30), b.life().window_ends());
  const Rail rail = flip(b) ? Rail::bpay : Rail::bank_transfer;
  b.pay_by_bank(rail, std::max(at, at_utc(4, 2, 7, 10)), kDecisive,
                {.stated = StatedTime::instant});
}

/// One payment under one id with two amounts: the lower counts, the difference is held.
void amounts_that_disagree(LifeBuilder& b) {
  pay_plainly(b, flip(b) ? 40'000 : 30'000);
  const std::size_t load = b.pay_by_card(b.draw_inside(), 5'033, kPlain);
  Movement& movement = b.movement(load);
  movement.webhooks.push_back({movement.webhooks.front().delivered_at + kSlot, kDecisive});
  b.count("repeats with another amount");
}

/// The card party settles another amount than the webhook said: perhaps a second payment.
void record_that_fits_nothing(LifeBuilder& b) {
  pay_plainly(b, flip(b) ? 40'000 : 30'000);
  const std::size_t load = b.pay_by_card(b.draw_inside(), 5'033, kPlain);
  b.movement(load).record->minor = 11'011;
  b.count("records that fit no webhook, perhaps duplicates");
}

/// Only the settlement date is known, and that leaves open whether it was paid before enrolling.
void settlement_date_at_the_start(LifeBuilder& b) {
  pay_plainly(b, flip(b) ? 40'000 : 30'000);
  b.pay_by_bank(Rail::bpay, b.life().enrolled_at + Duration::hours(6), kDecisive,
                {.stated = StatedTime::not_at_all});
  b.count("records whose time is uncertain");
}

void webhook_after_the_verdict(LifeBuilder& b) {
  pay_plainly(b, 40'000);
  const std::size_t load =
      b.pay_by_card(b.draw_inside(), kDecisive, {.has_record = false, .may_vary = false});
  b.movement(load).webhooks.front().delivered_at =
      at_utc(4, 10) + Duration{b.random().between(0, 5) * kSlot.ms};
  b.count("loads reported after the verdict");
}

void chargeback_after_the_verdict(LifeBuilder& b) {
  pay_plainly(b, 45'000);
  const std::size_t load = b.pay_by_card(b.draw_inside(), kDecisive, kPlain);
  b.reverse(load, b.draw_between(at_utc(4, 10), at_utc(4, 11)), std::nullopt, ReversalBy::webhook);
  b.count("chargebacks after the verdict");
}

void reference_claimed_later(LifeBuilder& b) {
  pay_plainly(b, 40'000);
  b.claim_later(Duration::days(b.random().between(8, 14)));
  b.pay_by_bank(flip(b) ? Rail::bpay : Rail::bank_transfer,
                b.life().enrolled_at + Duration::days(b.random().between(1, 4)), kDecisive);
}

/// The app tells of the enrolment hours later; what was loaded meanwhile is kept, then counts.
void load_known_before_the_enrolment(LifeBuilder& b) {
  const Instant slot = slot_from(b.life().enrolled_at);
  b.enrol_at(slot - Duration::minutes(b.random().between(60, 300)), 2);
  pay_plainly(b, 40'000);
  b.pay_by_card(b.life().enrolled_at + Duration::minutes(20), kDecisive, kPlain);
  b.count("loads kept until the enrolment was told of");
}

void chargeback_before_its_load(LifeBuilder& b) {
  pay_plainly(b, flip(b) ? 40'000 : 52'000);
  const std::size_t load = b.pay_by_card(b.draw_between(b.life().enrolled_at + Duration::days(2),
                                                        b.life().enrolled_at + Duration::days(25)),
                                         kDecisive, {.may_vary = false, .slots_late = 6});
  b.reverse(load, b.movement(load).made_at + Duration::hours(12), std::nullopt,
            ReversalBy::webhook);
  b.movement(load).record.reset();
  b.count("chargebacks told of before their load");
}

void withdrawal_in_grace(LifeBuilder& b) {
  pay_plainly(b, 60'000);
  const Instant ends = b.life().window_ends();
  b.withdraw(b.draw_between(ends + Duration::hours(12), ends + Duration::hours(24)), 20'011,
             flip(b));
  if (!flip(b)) return;
  b.pay_by_card(b.draw_between(ends + Duration::hours(1), ends + Duration::hours(11)), 15'022,
                kPlain);
  b.count("grace withdrawals set against grace loads");
}

void money_taken_out_again(LifeBuilder& b) {
  pay_plainly(b, 60'000);
  const Instant at = b.draw_between(b.life().enrolled_at + Duration::hours(1),
                                    b.life().enrolled_at + Duration::days(20));
  const std::size_t withdrawal = b.withdraw(at, 15'011, flip(b));
  if (!flip(b)) return;
  b.reverse(withdrawal, at + Duration::days(1), std::nullopt, ReversalBy::webhook);
}

void rail_that_does_not_count(LifeBuilder& b) {
  pay_plainly(b, 40'000);
  b.pay_by_bank(Rail::npp, b.draw_inside(), kDecisive, {.stated = StatedTime::instant});
  b.count("loads over a rail that is not in the campaign");
}

void amount_corrected_by_the_bank(LifeBuilder& b) {
  pay_plainly(b, 40'000);
  const bool upwards = flip(b);
  const Instant at = b.life().enrolled_at + Duration::days(b.random().between(2, 20));
  const std::size_t load = b.pay_by_bank(Rail::bank_transfer, at, upwards ? 5'033 : kDecisive);
  b.correct(load, upwards ? kDecisive : 5'033);
}

}  // namespace

const std::vector<Story>& stories() {
  static const std::vector<Story> kStories{
      {"first instant", 10, load_at_the_first_instant},
      {"last instant", 10, load_at_the_last_instant},
      {"the hour that comes twice", 10, load_in_the_hour_that_comes_twice},
      {"the day of 25 hours", 10, load_dated_at_the_end_of_the_long_day},
      {"transfer over Easter", 20, transfer_over_easter},
      {"amounts that disagree", 8, amounts_that_disagree},
      {"record that fits nothing", 8, record_that_fits_nothing},
      {"settlement date only", 8, settlement_date_at_the_start},
      {"reported after the verdict", 8, webhook_after_the_verdict},
      {"chargeback after the verdict", 8, chargeback_after_the_verdict},
      {"reference claimed later", 10, reference_claimed_later},
      {"enrolment told of later", 10, load_known_before_the_enrolment},
      {"chargeback before its load", 10, chargeback_before_its_load},
      {"withdrawal in grace", 12, withdrawal_in_grace},
      {"money taken out again", 12, money_taken_out_again},
      {"rail that does not count", 8, rail_that_does_not_count},
      {"corrected by the bank", 10, amount_corrected_by_the_bank},
  };
  return kStories;
}

}  // namespace thaw::demo
