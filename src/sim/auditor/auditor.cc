#include "sim/auditor/auditor.h"

#include <algorithm>
#include <array>

#include "sim/auditor/judging.h"
#include "sim/auditor/verdict.h"

namespace thaw::audit {
namespace {

using Placed = std::vector<std::string>;

// A line that came too late for the verdict, judged alone: `late` comes after what excludes it
// anyway (SPEC §2.4, order of reasons).
std::string place_late(const Window& window, const Book& book, std::size_t line) {
  const Item item = item_alone(book, line);
  if (!is_payment(item.kind)) return "excluded:late";
  const std::string_view reason = exclusion_of(window, item, item.effective);
  return "excluded:" + std::string(reason.empty() ? "late" : reason);
}

void place_all(const Window& window, const Book& book, const MemberPart& part, Placed& placed) {
  for (const std::size_t index : part.items) {
    const Item& item = book.items[index];
    for (const std::size_t line : item.lines) placed[line] = place_line(window, book, item, line);
  }
  for (std::size_t line = 0; line < placed.size(); ++line) {
    const Reading& reading = book.readings[line];
    if (reading.owner != part.member || !reading.rejection.empty()) continue;
    if (!reading.is_taken_in) {
      placed[line] = place_late(window, book, line);
    } else if (reading.is_conflict) {
      placed[line] = place_conflict(window, book, line);
    }
  }
}

void note_counted(const Window& window, const Book& book, const MemberPart& part,
                  Expected& expected) {
  for (const std::size_t index : part.items) {
    const Item& item = book.items[index];
    const std::string& placed = expected.placed[item.carrier];
    if (placed == "counted" || placed == "recovered")
      expected.counted[item.carrier] = worth_of(window, item);
  }
}

// Best first, SPEC §2.4, end; `applied`, which that does not name, stands where it counts for
// itself, as `counted` does (ADR 0034). The others are the same in all enrolments, or nearly.
std::size_t rank_of(std::string_view placed) {
  static constexpr std::array<std::string_view, 23> kOrder = {"counted",
                                                              "recovered",
                                                              "applied",
                                                              "confirmed",
                                                              "duplicate",
                                                              "held:timing_uncertain",
                                                              "held:amount_mismatch",
                                                              "held:identity_conflict",
                                                              "held:possible_duplicate",
                                                              "held:ambiguous_match",
                                                              "held:over_reversal",
                                                              "held:orphan_reversal",
                                                              "held:malformed_reference",
                                                              "excluded:not_a_load",
                                                              "excluded:rail",
                                                              "excluded:before_window",
                                                              "excluded:after_window",
                                                              "excluded:currency",
                                                              "excluded:below_minimum",
                                                              "excluded:late",
                                                              "excluded:reversed",
                                                              "excluded:reverted"};
  return static_cast<std::size_t>(std::ranges::find(kOrder, placed) - kOrder.begin());
}

}  // namespace

Expected expect(const History& history, std::size_t enrolment, const IsTakenIn& is_taken_in) {
  const Enrolment& asked = history.enrolments.at(enrolment);
  Book book = open_book(history, is_taken_in);
  const Window window = window_of(history, asked);
  MemberPart part = part_of(book, asked.member);
  part.windows = {window};  // a verdict asks whether its own totals hang on a pairing (ADR 0034)
  settle_member(book, part);
  Expected expected{Placed(history.lines.size()), std::vector<std::int64_t>(history.lines.size())};
  place_all(window, book, part, expected.placed);
  note_counted(window, book, part, expected);
  const Balance balance = sum_up(book, part, window);
  expected.totals = totals_of(*window.rules, balance);
  expected.confirmed = balance.confirmed;
  expected.bounds = bounds_of(balance);
  const Verdict verdict = decide(*window.rules, balance);
  expected.outcome = verdict.outcome;
  expected.reason = verdict.reason;
  if (verdict.outcome == "qualified") expected.owed_points = window.rules->points;
  return expected;
}

std::string_view better_of(std::string_view a, std::string_view b) {
  if (a.empty()) return b;
  return rank_of(b) < rank_of(a) ? b : a;
}

std::string expect_outcome(const History& history, std::size_t line) {
  Book book = open_book(history, [&](std::size_t i) { return !history.lines[i].is_gone; });
  const Reading& reading = book.readings.at(line);
  if (!reading.rejection.empty()) return "rejected:" + std::string(reading.rejection);
  if (reading.is_malformed_reference) return "held:malformed_reference";
  const MemberPart part = part_of(book, reading.owner);
  if (reading.owner.empty() || part.windows.empty()) return "kept";
  std::string best;
  for (const Window& window : part.windows) {
    Book own = book;
    const MemberPart alone{part.member, {window}, part.items};
    settle_member(own, alone);
    Placed placed(history.lines.size());
    place_all(window, own, alone, placed);
    best = better_of(best, placed[line]);
  }
  return best;
}

}  // namespace thaw::audit
