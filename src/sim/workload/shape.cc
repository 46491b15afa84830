#include "sim/workload/shape.h"

namespace thaw {
namespace {

/// How often something is done, of a hundred: in one world of three never.
std::uint64_t draw_percent(Random& random, std::uint64_t most) {
  return random.chance(1, 3) ? 0 : random.below(most + 1);
}

}  // namespace

Shape::Shape(Random& random) {
  const auto draw = [&random](std::uint64_t most) { return draw_percent(random, most); };
  lost_webhook = draw(30);
  other_amount = draw(15);
  identity_conflict = draw(10);
  reversal = draw(30);
  correction = draw(20);
  withdrawal = draw(30);
  by_reference = draw(100);
  late_claim = draw(60);
  edge = draw(25);
  grace = draw(20);
  date_alone = draw(60);
  settlement_alone = draw(30);
  sent_late = draw(15);
  refused = draw(10);
  other_currency = draw(6);
  own_file = draw(50);
  overlap = draw(50);
  late_file = draw(15);
  second_campaign = draw(60);
  stranger = draw(10);
  // What was added later draws from a source of its own, so that the older draws stay as they were.
  Random later = Random(random).fork();
  const auto draw_later = [&later](std::uint64_t most) { return draw_percent(later, most); };
  cancel = draw_later(25);
  enrol_again = draw_later(60);
  hold = draw_later(20);
  no_id = draw_later(60);
  enrol_reference = draw_later(60);
  bad_reference = draw_later(6);
  passed_on = draw_later(40);
  second_processor = draw_later(60);
  gone = draw_later(40);
  one_path = draw_later(30);
}

}  // namespace thaw
