#include "base/instant.h"
#include "fuzz/fuzz_target.h"

namespace thaw {

void fuzz_one(std::string_view input) {
  if (const auto at = parse_rfc3339(input)) {
    CHECK(*at >= kEarliestInstant && *at <= kLatestInstant);
    const std::string printed = to_rfc3339(*at);
    CHECK(printed.size() == 24 && printed.ends_with('Z'));
    CHECK(parse_rfc3339(printed) == at);
    CHECK(input.size() >= 20);  // nothing shorter has all its parts
  }
  if (const auto date = parse_date(input)) {
    CHECK(to_string(*date) == input);
    CHECK(civil_from_days(days_from_civil(*date)) == *date);
    CHECK(parse_rfc3339(std::string(input) + "T00:00:00Z") ==
          Instant{days_from_civil(*date) * Duration::days(1).ms});
  }
}

}  // namespace thaw
