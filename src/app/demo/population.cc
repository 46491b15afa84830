#include "app/demo/population.h"

#include <algorithm>

namespace thaw::demo {
namespace {

constexpr std::int64_t kThreshold = 50'000;
constexpr std::int64_t kSmallestPart = 2'100;  // above the campaign's minimum load

std::int64_t draw_total(Random& random) {
  if (random.chance(2, 100)) return kThreshold;
  if (random.chance(2, 100)) return kThreshold - 1;
  if (random.chance(62, 100)) return random.between(kThreshold, 140'000);
  return random.between(kSmallestPart, kThreshold - 1);
}

std::vector<std::int64_t> split(Random& random, std::int64_t total, std::int64_t most) {
  const std::int64_t parts = random.between(1, std::clamp<std::int64_t>(total / 4'000, 1, most));
  std::vector<std::int64_t> amounts;
  for (std::int64_t left = parts; left > 1; --left) {
    const std::int64_t spare = total - left * kSmallestPart;
    amounts.push_back(kSmallestPart + random.between(0, 2 * spare / left));
    total -= amounts.back();
  }
  amounts.push_back(total);
  return amounts;
}

/// What a member is given to.
struct Habits {
  std::uint64_t bank_percent = 0;
};

Habits draw_habits(Random& random) {
  if (random.chance(55, 100)) return {0};
  return {random.chance(1, 3) ? 100U : 50U};
}

void pay_by_bank_somehow(LifeBuilder& b, Instant at, std::int64_t minor) {
  Random& random = b.random();
  const Rail rail = random.chance(1, 2) ? Rail::bpay : Rail::bank_transfer;
  BankReports reports;
  if (rail == Rail::bank_transfer && random.chance(1, 2)) reports.stated = StatedTime::instant;
  if (random.chance(15, 100)) reports.days_late = 1;
  const bool is_far_inside = at > b.life().enrolled_at + Duration::days(8) &&
                             at < b.life().window_ends() - Duration::days(8);
  if (is_far_inside && random.chance(5, 100)) {
    reports.stated = StatedTime::not_at_all;
    b.count("records that give the settlement date only");
  }
  b.pay_by_bank(rail, at, minor, reports);
}

void pay_somehow(LifeBuilder& b, const Habits& habits, Instant at, std::int64_t minor) {
  if (b.random().chance(habits.bank_percent, 100)) {
    pay_by_bank_somehow(b, at, minor);
  } else {
    b.pay_by_card(at, b.make_distinct(minor));
  }
}

/// Two real payments of one amount on one day: both count.
void pay_twins(LifeBuilder& b, const Habits& habits) {
  Random& random = b.random();
  const CivilDate day = sydney_date(b.life().enrolled_at + Duration::days(random.between(2, 27)));
  const Instant morning = start_of_sydney_day(day) + Duration::hours(9);
  const Instant first = b.draw_between(morning, morning + Duration::hours(2));
  const Instant second = b.draw_between(first + Duration::minutes(1), first + Duration::hours(5));
  const std::int64_t minor = b.make_distinct(random.between(25, 150) * 100);
  if (habits.bank_percent > 0) {
    BankReports reports;
    reports.has_id = random.chance(1, 2);
    if (!reports.has_id) b.count("equal payments to which the bank gives no id");
    b.pay_by_bank(Rail::bpay, first, minor, reports);
    b.pay_by_bank(Rail::bpay, second, minor, reports);
  } else {
    const CardReports plain{.may_vary = false};
    b.pay_by_card(first, minor, plain);
    b.pay_by_card(second, minor, plain);
  }
  b.count("pairs of equal genuine payments on one day");
}

void pay_outside(LifeBuilder& b, const Habits& habits) {
  Random& random = b.random();
  const Life& life = b.life();
  if (random.chance(15, 100)) {
    const Instant from = std::max(month_begins(), life.enrolled_at - Duration::days(3));
    pay_somehow(b, habits, b.draw_between(from, life.enrolled_at - Duration::hours(1)),
                random.between(30, 400) * 100);
    b.count("loads of members not enrolled yet, kept");
  }
  if (random.chance(10, 100)) {
    const Instant from = life.window_ends() + Duration::hours(1);
    b.pay_by_card(b.draw_between(from, from + Duration::days(3)),
                  b.make_distinct(random.between(30, 400) * 100));
    b.count("loads after the window");
  }
  if (random.chance(10, 100)) {
    b.pay_by_card(b.draw_inside(), b.make_distinct(random.between(500, 1'999)));
    b.count("loads below the minimum");
  }
}

void take_money_out(LifeBuilder& b) {
  Random& random = b.random();
  const Life& life = b.life();
  if (!random.chance(12, 100)) return;
  const bool in_grace = random.chance(1, 4);
  const Instant at = in_grace ? b.draw_between(life.window_ends() + Duration::hours(1),
                                               life.decides() - Duration::hours(1))
                              : b.draw_inside();
  b.withdraw(at, b.make_distinct(random.between(10, 300) * 100), random.chance(1, 2));
}

void charge_back(LifeBuilder& b) {
  Random& random = b.random();
  const std::size_t loads = b.life().movements.size();
  if (loads == 0 || !random.chance(8, 100)) return;
  const std::size_t of = random.below(loads);
  const Movement& load = b.life().movements[of];
  if (load.kind != MovementKind::load || !is_card(load.rail) || !load.record) return;
  const Instant at = load.made_at + Duration::hours(random.between(48, 240));
  if (at > at_utc(4, 10)) return;
  const bool is_part = random.chance(1, 2) && load.minor > 1'000;
  const std::optional<std::int64_t> minor =
      is_part ? std::optional(load.minor / 100 * random.between(10, 90)) : std::nullopt;
  ReversalBy by = ReversalBy::file;
  if (!load.webhooks.empty() && random.chance(70, 100)) {
    by = random.chance(1, 3) ? ReversalBy::both : ReversalBy::webhook;
  }
  b.reverse(of, at, minor, by);
}

}  // namespace

void live_ordinarily(LifeBuilder& b) {
  Random& random = b.random();
  const Habits habits = draw_habits(random);
  for (const std::int64_t minor : split(random, draw_total(random), 6)) {
    pay_somehow(b, habits, b.draw_inside(), minor);
  }
  if (random.chance(8, 100)) pay_twins(b, habits);
  pay_outside(b, habits);
  charge_back(b);
  take_money_out(b);
}

void pay_plainly(LifeBuilder& b, std::int64_t minor) {
  const CardReports plain{.may_vary = false};
  const std::int64_t first = minor / 2 + 137;
  b.pay_by_card(b.draw_inside(), b.make_distinct(first), plain);
  b.pay_by_card(b.draw_inside(), b.make_distinct(minor - first), plain);
}

Population make_population(std::uint64_t seed, std::size_t members) {
  Population population;
  population.lives.resize(members);
  Random root(seed);
  for (std::size_t i = 0; i < members; ++i) {
    Random own = root.fork();
    Life& life = population.lives[i];
    LifeBuilder builder(life, i + 1, own, population.situations);
    std::uint64_t draw = own.below(1000);
    const Story* chosen = nullptr;
    for (const Story& story : stories()) {
      if (draw < story.per_mille) {
        chosen = &story;
        break;
      }
      draw -= story.per_mille;
    }
    life.story = chosen ? chosen->name : "ordinary";
    (chosen ? chosen->live : &live_ordinarily)(builder);
  }
  return population;
}

}  // namespace thaw::demo
