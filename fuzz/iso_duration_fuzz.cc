#include "base/instant.h"
#include "fuzz/fuzz_target.h"

namespace thaw {

void fuzz_one(std::string_view input) {
  const auto length = parse_iso_duration(input);
  if (!length) return;
  CHECK(*length >= Duration{0} && *length <= Duration::days(36'525));
  const std::string printed = to_iso_duration(*length);
  CHECK(parse_iso_duration(printed) == length);
  CHECK(to_iso_duration(*parse_iso_duration(printed)) == printed);
  // A part that is there twice, or two texts in one, is none.
  CHECK(!parse_iso_duration(std::string(input) + std::string(input)));
}

}  // namespace thaw
