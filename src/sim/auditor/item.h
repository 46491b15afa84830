#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "sim/auditor/reading.h"

namespace thaw::audit {

/// More than any sum of payments: the amount of a whole reversal whose record is not known.
inline constexpr std::int64_t kUnbounded = 1'000'000'000'000'000;

/// The valid lines of one identity, but for those that conflict with the first. SPEC §2.4.
struct Item {
  std::string_view provider;
  std::string_view kind;
  std::string_view txn_id;
  std::string_view owner;
  std::string_view currency;
  std::string_view rail;        // the carrier's
  std::string_view rail_class;  // empty: no line states a rail
  std::vector<std::size_t> lines;
  std::size_t carrier = 0;  // the line that carries the item's own placement; its time stands
  std::int64_t carrier_amount = 0;
  std::int64_t lowest = 0;
  std::int64_t highest = 0;
  Span span;
  bool has_webhook = false;
  bool is_whole = false;             // a reversal of which no line states an amount
  bool is_seen_in_file = false;      // a webhook's: by its own id and amount
  std::optional<std::size_t> names;  // reversal, correction: the item that it names

  // What the other items do to it, set by `settle_member`.
  std::int64_t effective = 0;  // after mismatch and correction, before reversals
  std::int64_t reversed = 0;
  bool is_corrected = false;
  std::optional<std::size_t> confirms;  // a record: the item of another id that it confirms
  bool is_paired = false;               // a webhook's item: confirmed by such a record
  bool is_ambiguous = false;
  bool is_possible_duplicate = false;
  std::string_view fate;   // reversal, correction: its own placement
  std::int64_t taken = 0;  // by a reversal
};

/// All lines of a history that are taken in, by identity.
struct Book {
  const History* history = nullptr;
  std::vector<Reading> readings;  // parallel to the history's lines
  std::vector<Item> items;  // loads and withdrawals, ordered by identity; then what names them
};

/// Reads all lines, gathers items and finds what each reversal and correction names.
Book open_book(const History& history, const IsTakenIn& is_taken_in);

/// The amount that a line of the item states; of a reversal without one, what its record states.
std::int64_t amount_of(const Book& book, const Item& item, const Line& line);

}  // namespace thaw::audit
