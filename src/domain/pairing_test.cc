// SPEC §2.4, docs/adr/0020: when a record that a reversal or correction names could be another
// load's as well.

#include "domain/pairing.h"

#include <gtest/gtest.h>

namespace thaw {
namespace {

const ProviderId kCards("cardco");

PairingLoad make_load(std::int64_t at, const char* id, std::size_t effect) {
  return {Instant{at}, kCards, id, effect};
}

/// Confirms loads of `from` to before `until`.
PairingRecord make_record(std::int64_t at, const char* id, std::int64_t from, std::int64_t until,
                          bool is_named) {
  return {Instant{at}, ProviderId("netset"), id, Instant{from}, Instant{until}, {kCards}, 1,
          is_named};
}

/// Whether the first record is ambiguous.
bool is_first_ambiguous(const std::vector<PairingLoad>& loads,
                        const std::vector<PairingRecord>& records) {
  const Pairing pairing = pair_records(loads, records);
  EXPECT_EQ(pairing.load_of[0].has_value(), !pairing.is_ambiguous[0]);
  return pairing.is_ambiguous[0];
}

TEST(Pairing, without_loads_every_record_is_left_over_and_none_is_in_doubt) {
  const Pairing pairing = pair_records({}, std::vector{make_record(1, "r", 0, 9, true)});
  EXPECT_FALSE(pairing.load_of[0]);
  EXPECT_FALSE(pairing.is_ambiguous[0]);
}

TEST(Pairing, a_record_confirms_only_loads_of_providers_that_it_settles) {
  const std::vector loads{PairingLoad{Instant{1}, ProviderId("other"), "a", 1},
                          make_load(2, "b", 1)};
  const Pairing pairing = pair_records(loads, std::vector{make_record(3, "r", 0, 9, false)});
  EXPECT_EQ(pairing.load_of[0], 1u);
}

TEST(Pairing, a_named_record_is_in_doubt_if_a_load_of_another_effect_is_free) {
  const auto with_effect = [](std::size_t effect, std::int64_t until) {
    return is_first_ambiguous({make_load(1, "a", 1), make_load(2, "b", effect)},
                              {make_record(3, "r", 0, until, true)});
  };
  EXPECT_TRUE(with_effect(2, 9));
  EXPECT_FALSE(with_effect(1, 9)) << "whichever is meant, the totals are the same";
  EXPECT_FALSE(with_effect(2, 2)) << "it cannot be the other's";
}

TEST(Pairing, a_record_that_nothing_names_is_not) {
  EXPECT_FALSE(is_first_ambiguous({make_load(1, "a", 1), make_load(2, "b", 2)},
                                  {make_record(3, "r", 0, 9, false)}));
}

TEST(Pairing, a_named_record_is_in_doubt_if_the_other_loads_record_can_take_its_own) {
  const std::vector loads{make_load(1, "a", 1), make_load(2, "b", 2)};
  const PairingRecord named = make_record(3, "r", 0, 9, true);
  EXPECT_TRUE(is_first_ambiguous(loads, {named, make_record(4, "s", 0, 9, false)}));
  EXPECT_FALSE(is_first_ambiguous(loads, {named, make_record(4, "s", 2, 9, false)}))
      << "the other record can be the second load's only";
}

TEST(Pairing, a_named_record_is_in_doubt_if_others_can_move_on_to_a_free_load) {
  // The second record holds b; it can move to c, whose record can move to d or, without d, nowhere.
  const PairingRecord named = make_record(5, "r", 0, 3, true);
  const PairingRecord second = make_record(6, "s", 2, 4, false);
  const PairingRecord third = make_record(7, "t", 3, 5, false);
  const std::vector three{make_load(1, "a", 1), make_load(2, "b", 2), make_load(3, "c", 2)};
  EXPECT_FALSE(is_first_ambiguous(three, {named, second, third}));
  std::vector four = three;
  four.push_back(make_load(4, "d", 2));
  EXPECT_TRUE(is_first_ambiguous(four, {named, second, third}));
}

TEST(Pairing, a_named_record_is_in_doubt_if_one_that_was_left_over_can_take_its_own) {
  // The second record can be b only; the third has nothing, and could have a.
  const std::vector loads{make_load(1, "a", 1), make_load(2, "b", 2)};
  const PairingRecord named = make_record(3, "r", 0, 9, true);
  const PairingRecord second = make_record(4, "s", 2, 3, false);
  const PairingRecord left_over = make_record(5, "t", 0, 2, false);
  EXPECT_FALSE(is_first_ambiguous(loads, {named, second}));
  EXPECT_TRUE(is_first_ambiguous(loads, {named, second, left_over}));
}

}  // namespace
}  // namespace thaw
