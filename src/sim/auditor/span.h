#pragma once

#include <optional>
#include <string_view>

#include "base/instant.h"
#include "sim/auditor/auditor.h"

namespace thaw::audit {

/// When a line was made, as far as its sender says: [from, until). SPEC §2.3.
struct Span {
  Instant from;
  Instant until;
  std::optional<CivilDate> date;    // stated as a date: compared as one (SPEC §2.4)
  bool is_settlement_only = false;  // the days of the lag before a settlement date
};

/// How a span lies to the half-open interval [from, until).
enum class Lies { before, partly, inside, after };

/// "card", "account", or nothing for a rail that is not known. SPEC §1.
std::string_view class_of_rail(std::string_view rail);

/// The lag of a class at a provider, in days; without a class that of accounts.
std::int64_t lag_days(const Provider& provider, std::string_view rail_class);

/// Nothing if the line states no time at all.
std::optional<Span> span_of(const Line& line, const Provider& provider);

/// Where the span lies; a part on either side is `partly`.
Lies lies_in(const Span& span, Instant from, Instant until);

/// The local date that stands for the span when dates are compared.
CivilDate date_of(const Span& span, std::string_view zone);

}  // namespace thaw::audit
