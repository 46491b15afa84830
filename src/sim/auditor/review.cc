#include "sim/auditor/review.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "sim/auditor/settling.h"

namespace thaw::audit {
namespace {

/// Provider, kind, id.
using Identity = std::tuple<std::string_view, std::string_view, std::string_view>;
using Identities = std::set<Identity>;

Identity identity_of(const Line& line) {
  return {line.provider, line.kind, line.txn_id};
}

Identity identity_of(const Item& item) {
  return {item.provider, item.kind, item.txn_id};
}

bool names_one(const Line& line, const Identities& ids) {
  return std::ranges::any_of(named_kinds(line), [&](std::string_view kind) {
    return ids.contains({line.provider, kind, line.reverses});
  });
}

/// Which record confirms which payment, by some enrolment of the member.
std::set<std::pair<Identity, Identity>> find_confirmations(const Book& book,
                                                           const MemberPart& part) {
  std::set<std::pair<Identity, Identity>> found;
  for (const Window& window : part.windows) {
    Book own = book;
    settle_member(own, {part.member, {window}, part.items});
    for (const std::size_t index : part.items) {
      const Item& item = own.items[index];
      if (item.confirms) found.emplace(identity_of(item), identity_of(own.items[*item.confirms]));
    }
  }
  return found;
}

}  // namespace

std::vector<bool> lines_of_review(const History& history, std::size_t enrolment,
                                  const IsTakenIn& of_verdict, const IsTakenIn& is_known) {
  const Book book = open_book(history, is_known);
  const MemberPart part = part_of(book, history.enrolments.at(enrolment).member);
  const auto confirmations = find_confirmations(book, part);
  Identities all;  // of the member's lines
  Identities spoken_of;
  std::vector<std::size_t> own;
  for (std::size_t i = 0; i < history.lines.size(); ++i) {
    const Reading& reading = book.readings[i];
    const bool is_own = reading.owner == part.member && reading.rejection.empty();
    if (!is_own || !reading.is_taken_in) continue;
    own.push_back(i);
    all.insert(identity_of(history.lines[i]));
    if (of_verdict(i)) spoken_of.insert(identity_of(history.lines[i]));
  }
  for (std::size_t before = 0; before != spoken_of.size();) {
    before = spoken_of.size();
    for (const auto& [record, payment] : confirmations) {
      if (!spoken_of.contains(record) && !spoken_of.contains(payment)) continue;
      spoken_of.insert({record, payment});
    }
    for (const std::size_t i : own) {
      if (names_one(history.lines[i], spoken_of)) spoken_of.insert(identity_of(history.lines[i]));
    }
  }
  std::vector<bool> lines(history.lines.size());
  for (const std::size_t i : own) {
    const Line& line = history.lines[i];
    // What names a record that came later says nothing of the others.
    const bool names_another = names_one(line, all) && !names_one(line, spoken_of);
    lines[i] = spoken_of.contains(identity_of(line)) && !names_another;
  }
  return lines;
}

}  // namespace thaw::audit
