#include "sim/auditor/span.h"

#include "sim/auditor/calendar.h"

namespace thaw::audit {
namespace {

Span whole_days(CivilDate first, CivilDate last, std::string_view zone) {
  return {start_of_day(first, zone), start_of_day(days_after(last, 1), zone), last, false};
}

// SPEC §3.6: only `initiated_at` with a time of day is an instant; a settlement time is a date.
Span settled_span(const Stated& settled, std::int64_t lag, std::string_view zone) {
  const CivilDate date = settled.date ? *settled.date : local_date(*settled.instant, zone);
  Span span = whole_days(days_after(date, -lag), date, zone);
  span.is_settlement_only = true;
  return span;
}

}  // namespace

std::string_view class_of_rail(std::string_view rail) {
  if (rail == "debit_card" || rail == "apple_pay" || rail == "google_pay") return "card";
  if (rail == "bpay" || rail == "bank_transfer" || rail == "npp") return "account";
  return "";
}

std::int64_t lag_days(const Provider& provider, std::string_view rail_class) {
  return rail_class == "card" ? provider.card_lag_days : provider.account_lag_days;
}

std::optional<Span> span_of(const Line& line, const Provider& provider) {
  const std::string_view zone = provider.time_zone;
  if (line.made_at.instant) {
    const Instant at = *line.made_at.instant;
    return Span{at, at + Duration::milliseconds(1), std::nullopt, false};
  }
  if (line.made_at.date) return whole_days(*line.made_at.date, *line.made_at.date, zone);
  if (!line.settled_at.is_given()) return std::nullopt;
  return settled_span(line.settled_at, lag_days(provider, class_of_rail(line.rail)), zone);
}

Lies lies_in(const Span& span, Instant from, Instant until) {
  if (span.until <= from) return Lies::before;
  if (span.from >= until) return Lies::after;
  return span.from >= from && span.until <= until ? Lies::inside : Lies::partly;
}

CivilDate date_of(const Span& span, std::string_view zone) {
  return span.date ? *span.date : local_date(span.from, zone);
}

}  // namespace thaw::audit
