// What is durable of the domain: every command and event is read as it was written.

#include <gtest/gtest.h>

#include "base/codec.h"
#include "domain/commands.h"
#include "domain/events.h"

namespace thaw {
namespace {

template <typename Variant, typename Wrap, std::size_t... Is>
void for_each_alternative(Wrap check, std::index_sequence<Is...>) {
  (check(Variant(std::in_place_index<Is>)), ...);
}

template <typename Variant, typename Check>
void for_each_alternative(Check check) {
  for_each_alternative<Variant>(check, std::make_index_sequence<std::variant_size_v<Variant>>());
}

TEST(DomainCodec, every_command_is_read_as_it_was_written) {
  for_each_alternative<CommandBody>([](const CommandBody& body) {
    Command command{body, "ann", true, IdempotencyKey{"POST /v1", "key", "hash"}};
    const std::string bytes = encode(command);
    const auto read = decode<Command>(bytes);
    ASSERT_TRUE(read) << body.index();
    EXPECT_EQ(read->body.index(), body.index());
    EXPECT_EQ(encode(*read), bytes);
    EXPECT_FALSE(decode<Command>(std::string_view(bytes).substr(0, bytes.size() - 1)));
  });
}

TEST(DomainCodec, every_event_is_read_as_it_was_written) {
  for_each_alternative<EventFacts>([](const EventFacts& facts) {
    const Event event{EventType::case_opened, MemberId("M1"), WindowId("w"), facts};
    const std::string bytes = encode(event);
    const auto read = decode<Event>(bytes);
    ASSERT_TRUE(read) << facts.index();
    EXPECT_EQ(read->facts.index(), facts.index());
    EXPECT_EQ(encode(*read), bytes);
  });
}

TEST(DomainCodec, lists_inside_of_rows_are_read_as_they_were_written) {
  ProviderCalendar calendar;
  calendar.expected = {{"2025-11-03", Instant{1}, Instant{2}, Instant{3}}};
  EXPECT_EQ(decode<ProviderCalendar>(encode(calendar))->expected, calendar.expected);
  Enrolment enrolment;
  enrolment.awaited = {{ProviderId("bankco"), "2025-11-03", FileId("f")}};
  EXPECT_EQ(*decode<Enrolment>(encode(enrolment)), enrolment);
  const CampaignBudget budget{4000};
  EXPECT_EQ(decode<CampaignBudget>(encode(budget))->reserved_points, 4000);
  SettlementFile file;
  file.outcomes = {{Placed::counted, 3}};
  EXPECT_EQ(decode<SettlementFile>(encode(file))->outcomes.front().records, 3);
}

}  // namespace
}  // namespace thaw
