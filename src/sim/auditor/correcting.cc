#include "sim/auditor/correcting.h"

#include <algorithm>
#include <tuple>

namespace thaw::audit {
namespace {

auto position_of(const Book& book, std::size_t line) {
  const Line& at = *book.readings[line].line;
  return std::tie(at.file_created_at, at.file_id, at.file_line);
}

bool is_later(const Book& book, const Item& a, const Item& b) {
  return position_of(book, a.carrier) > position_of(book, b.carrier);
}

void apply_to(Book& book, const MemberPart& part, std::size_t target) {
  const auto standing = standing_correction(book, part, target);
  if (!standing) return;
  book.items[target].effective = book.items[*standing].effective;
  book.items[target].is_corrected = true;
}

}  // namespace

std::optional<std::size_t> standing_correction(const Book& book, const MemberPart& part,
                                               std::size_t target) {
  std::optional<std::size_t> standing;
  for (const std::size_t index : part.items) {
    const Item& item = book.items[index];
    if (item.kind != "correction" || target_of(book, item) != target) continue;
    if (!standing || is_later(book, item, book.items[*standing])) standing = index;
  }
  return standing;
}

void correct_left_over_loads(Book& book, const MemberPart& part, std::string_view kind) {
  for (const std::size_t index : part.items) {
    const Item& item = book.items[index];
    if (item.kind == kind && item.has_webhook && !item.is_paired) apply_to(book, part, index);
  }
}

void correct_left_over_records(Book& book, const MemberPart& part, std::string_view kind) {
  for (const std::size_t index : part.items) {
    const Item& item = book.items[index];
    if (item.kind == kind && !item.has_webhook && !item.confirms) apply_to(book, part, index);
  }
}

void correct_after_pairing(Book& book, const MemberPart& part) {
  for (const std::size_t index : part.items) {
    const Item& item = book.items[index];
    if (is_payment(item.kind) && !item.confirms) apply_to(book, part, index);
  }
  for (const std::size_t index : part.items) {
    Item& item = book.items[index];
    const auto target = target_of(book, item);
    if (item.kind != "correction" || !target) continue;
    const bool is_standing = standing_correction(book, part, *target) == index;
    item.fate = is_standing ? "applied" : "duplicate";
    // Of which payment it speaks is open as long as it is open what its record confirms.
    if (is_standing && book.items[*item.names].is_ambiguous) item.fate = "held:ambiguous_match";
  }
}

}  // namespace thaw::audit
