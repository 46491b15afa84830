#include "sim/campaign/people.h"

#include "domain/cases.h"
#include "domain/dead_letters.h"
#include "domain/keys.h"

namespace thaw {
namespace {

template <typename Row>
std::vector<Row> read_rows(SimStore& store, const std::string& prefix) {
  std::vector<Row> rows;
  store.read([&](StateView& view) {
    for (const auto& [key, row] : view.scan(prefix, 1'000)) {
      if (auto decoded = decode<Row>(row.bytes)) rows.push_back(std::move(*decoded));
    }
  });
  return rows;
}

}  // namespace

People::People(std::uint64_t seed) : random_(seed) {
  habit_ = random_.chance(3, 5)   ? Habit::approve
           : random_.chance(1, 2) ? Habit::refuse
                                  : Habit::leave;
  redrives_ = random_.chance(3, 4);
}

void People::look(Node& node, SimStore& store, bool are_thorough) {
  if (!are_thorough && random_.chance(1, 2)) return;
  (void)node.call({SetFence{false, "looked at"}, "anna", false, {}});
  resolve_cases(node, store, are_thorough);
  if (redrives_) redrive(node, store);
  hold(node, store, are_thorough);
}

/// A member whose rewards are looked into; at the latest in the end nobody is.
void People::hold(Node& node, SimStore& store, bool are_thorough) {
  for (const Member& member : read_rows<Member>(store, "m/")) {
    const bool is_wanted = !are_thorough && random_.chance(1, 20);
    if (member.on_hold == is_wanted) continue;
    (void)node.call({HoldMember{member.id, is_wanted}, "anna", false, {}});
  }
}

void People::resolve_cases(Node& node, SimStore& store, bool are_thorough) {
  if (habit_ == Habit::leave) return;
  for (const ReviewCase& item : read_rows<ReviewCase>(store, keys::review_cases())) {
    if (item.kind != CaseKind::revision || is_closed(item.state)) continue;
    if (!are_thorough && random_.chance(1, 3)) continue;
    // Two persons: the first proposes, the second agrees.
    const ResolveCase resolve{item.id, habit_ == Habit::approve, "looked at"};
    const char* who = item.state == CaseState::proposed ? "bela" : "anna";
    (void)node.call({resolve, who, true, {}});
    if (are_thorough) (void)node.call({resolve, "bela", true, {}});
  }
}

void People::redrive(Node& node, SimStore& store) {
  for (const DeadLetter& letter : read_rows<DeadLetter>(store, keys::dead_letters())) {
    (void)node.call({RedriveDeadLetter{letter.consumer, letter.item}, "anna", false, {}});
  }
}

}  // namespace thaw
