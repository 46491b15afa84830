#include "app/demo/expectation.h"

#include <algorithm>
#include <vector>

#include "base/check.h"

namespace thaw::demo {
namespace {

constexpr std::int64_t kAccountLagDays = 5;
constexpr Duration kCardLag = Duration::days(7);

/// What somebody knows who judges: all that was recorded before `until`, and these bank files.
struct Sight {
  Instant until;
  std::vector<CivilDate> files;

  bool sees(const WebhookReport& report) const { return report.delivered_at < until; }
  bool sees(const Movement& m) const {
    return sees_record(m) || std::any_of(m.webhooks.begin(), m.webhooks.end(),
                                         [&](const WebhookReport& w) { return sees(w); });
  }
  bool sees_record(const Movement& m) const {
    if (!m.record) return false;
    if (m.record->recorded_at < until) return true;
    return !is_card(m.rail) && std::find(files.begin(), files.end(), m.record->date) != files.end();
  }
};

struct Span {
  Instant from;
  Instant until;
  bool meets(Instant a, Instant b) const { return from < b && until > a; }
  bool within(Instant a, Instant b) const { return from >= a && until <= b; }
};

/// The time as the best report gives it: a webhook's instant, else what the record states.
Span time_of(const Movement& m, bool has_webhook) {
  if (has_webhook || m.record->stated == StatedTime::instant) {
    return {m.made_at, m.made_at + Duration{1}};
  }
  if (m.record->stated == StatedTime::date) {
    const CivilDate day = sydney_date(m.made_at);
    return {start_of_sydney_day(day), start_of_sydney_day(add_days(day, 1))};
  }
  return {start_of_sydney_day(add_days(m.record->date, -kAccountLagDays)),
          start_of_sydney_day(add_days(m.record->date, 1))};
}

/// A load as it is seen.
struct Seen {
  bool has_webhook = false;
  bool has_record = false;
  std::int64_t lowest = 0;
  std::int64_t highest = 0;
  bool is_corrected = false;
};

struct Sums {
  std::int64_t counted = 0;
  std::int64_t held = 0;  // could be added
  std::int64_t out_window = 0;
  std::int64_t out_grace = 0;
  std::int64_t in_grace = 0;

  std::int64_t qualifying(std::int64_t added = 0) const {
    const std::int64_t out = out_window + std::max<std::int64_t>(0, out_grace - in_grace);
    return std::max<std::int64_t>(0, counted + added - out);
  }
  Verdict verdict() const {
    const bool reached = qualifying() >= kThresholdMinor;
    if (!reached && qualifying(held) >= kThresholdMinor) return Verdict::in_review;
    return reached ? Verdict::qualified : Verdict::not_qualified;
  }
};

/// Adds a life up as somebody sees it.
class Adding {
 public:
  Adding(const Life& life, const Sight& sight) : life_(life), sight_(sight) {}

  Sums add() {
    for (std::size_t i = 0; i < life_.movements.size(); ++i) {
      const Movement& m = life_.movements[i];
      if (!sight_.sees(m)) continue;
      if (m.kind == MovementKind::load) add_load(i, m);
      if (m.kind == MovementKind::withdrawal) add_withdrawal(i, m);
    }
    return sums_;
  }

 private:
  Seen look_at(std::size_t index, const Movement& m) const {
    Seen seen;
    seen.has_record = sight_.sees_record(m);
    for (const WebhookReport& webhook : m.webhooks) {
      if (!sight_.sees(webhook)) continue;
      seen.lowest = seen.has_webhook ? std::min(seen.lowest, webhook.minor) : webhook.minor;
      seen.highest = std::max(seen.highest, webhook.minor);
      seen.has_webhook = true;
    }
    if (!seen.has_webhook) seen.lowest = seen.highest = m.record->minor;
    for (const Movement& other : life_.movements) {
      if (other.kind != MovementKind::correction || other.of != index) continue;
      if (!sight_.sees(other)) continue;
      seen.lowest = seen.highest = other.minor;
      seen.is_corrected = true;
    }
    return seen;
  }

  std::int64_t taken_back(std::size_t index) const {
    std::int64_t sum = 0;
    for (const Movement& m : life_.movements) {
      if (m.kind == MovementKind::reversal && m.of == index && sight_.sees(m)) sum += m.minor;
    }
    return sum;
  }

  /// A record without its webhook may be a payment that is known already, under another amount:
  /// while some card payment before it lacks its record, nobody can tell.
  bool may_be_known(const Movement& record) const {
    return std::any_of(life_.movements.begin(), life_.movements.end(), [&](const Movement& m) {
      const bool is_told = std::any_of(m.webhooks.begin(), m.webhooks.end(),
                                       [&](const WebhookReport& w) { return sight_.sees(w); });
      return m.kind == MovementKind::load && is_told && !sight_.sees_record(m) &&
             m.made_at <= record.made_at && m.made_at >= record.made_at - kCardLag;
    });
  }

  void add_load(std::size_t index, const Movement& m) {
    const Seen seen = look_at(index, m);
    const Span time = time_of(m, seen.has_webhook);
    const std::int64_t net = std::max<std::int64_t>(0, seen.lowest - taken_back(index));
    const Instant ends = life_.window_ends();
    if (time.from >= ends && time.meets(ends, life_.decides())) sums_.in_grace += net;
    if (m.rail == Rail::npp || seen.lowest < kMinimumLoadMinor) return;
    if (!time.meets(life_.enrolled_at, ends)) return;
    const bool by_record_only = !seen.has_webhook;
    const bool is_uncertain = by_record_only && m.record->stated == StatedTime::not_at_all &&
                              !time.within(life_.enrolled_at, ends);
    if (is_uncertain || (by_record_only && is_card(m.rail) && may_be_known(m))) {
      sums_.held += net;
      return;
    }
    sums_.counted += net;
    sums_.held += seen.highest - seen.lowest;
    const bool record_fits =
        !seen.has_record || seen.is_corrected || by_record_only || m.record->minor == seen.lowest;
    if (!record_fits) sums_.held += m.record->minor;
  }

  void add_withdrawal(std::size_t index, const Movement& m) {
    const std::int64_t net = std::max<std::int64_t>(0, m.minor - taken_back(index));
    if (m.made_at < life_.enrolled_at || m.made_at >= life_.decides()) return;
    (m.made_at < life_.window_ends() ? sums_.out_window : sums_.out_grace) += net;
  }

  const Life& life_;
  const Sight& sight_;
  Sums sums_;
};

Sums add_up(const Life& life, const Sight& sight) {
  return Adding(life, sight).add();
}

/// The bank files of a window that arrive at or after `decides`, in order of arrival: business
/// dates from that of the enrolment to the second after that of the window's end.
std::vector<CivilDate> awaited_files(const Life& life) {
  std::vector<CivilDate> files;
  const CivilDate last = bank_day_after(bank_day_after(sydney_date(life.window_ends())));
  for (const CivilDate day : all_bank_days()) {
    if (day < sydney_date(life.enrolled_at) || day > last) continue;
    if (bank_file_arrives(day) >= life.decides()) files.push_back(day);
  }
  std::sort(files.begin(), files.end(),
            [](CivilDate a, CivilDate b) { return bank_file_arrives(a) < bank_file_arrives(b); });
  return files;
}

/// Leaves out one thing after the other and looks what would have made the difference.
Cause find_cause(const Life& life, const Sums& at_verdict) {
  if (at_verdict.counted >= kThresholdMinor) return Cause::taken_out;
  const Sight everything{Instant::max(), {}};
  const auto would_do = [&](auto change) {
    Life other = life;
    for (Movement& m : other.movements) change(m);
    return add_up(other, everything).counted >= kThresholdMinor;
  };
  const auto drop = [](Movement& m) {
    if (m.kind == MovementKind::reversal) m.minor = 0;
  };
  const Instant inside = life.enrolled_at + Duration::days(10);
  if (would_do([](Movement&) {})) return Cause::reported_late;
  if (would_do(drop)) return Cause::charged_back;
  if (would_do([&](Movement& m) { m.made_at = inside; })) return Cause::outside_window;
  if (would_do([](Movement& m) {
        if (m.rail == Rail::npp) m.rail = Rail::bank_transfer;
      })) {
    return Cause::other_rail;
  }
  std::int64_t all = 0;
  for (const Movement& m : life.movements) all += m.kind == MovementKind::load ? m.minor : 0;
  return all >= kThresholdMinor ? Cause::several : Cause::too_little;
}

}  // namespace

const char* to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::qualified: return "qualified";
    case Verdict::not_qualified: return "not_qualified";
    case Verdict::in_review: return "in_review";
  }
  CHECK(false);
}

const char* to_string(Cause cause) {
  switch (cause) {
    case Cause::none: return "";
    case Cause::too_little: return "loaded too little";
    case Cause::taken_out: return "took the money out again";
    case Cause::charged_back: return "charged back";
    case Cause::reported_late: return "reported after the verdict";
    case Cause::outside_window: return "loaded outside the window";
    case Cause::several: return "several reasons together";
    case Cause::other_rail: return "loaded over another rail";
  }
  CHECK(false);
}

Expectation expect(const Life& life) {
  Sight sight{life.decides(), {}};
  Sums sums = add_up(life, sight);
  Expectation expected;
  for (const CivilDate file : awaited_files(life)) {
    if (sums.verdict() != Verdict::not_qualified) break;
    sight.files.push_back(file);
    sums = add_up(life, sight);
    expected.waited_for_files = true;
  }
  expected.verdict = sums.verdict();
  expected.qualifying = sums.qualifying();
  const Verdict later = add_up(life, {Instant::max(), {}}).verdict();
  expected.is_revision_proposed = expected.verdict != Verdict::in_review &&
                                  later != Verdict::in_review && later != expected.verdict;
  if (expected.verdict == Verdict::not_qualified) expected.cause = find_cause(life, sums);
  return expected;
}

}  // namespace thaw::demo
