#include "domain/cases.h"

#include "domain/keys.h"

namespace thaw {

bool is_closed(CaseState state) {
  switch (state) {
    case CaseState::open:
    case CaseState::proposed: return false;
    case CaseState::approved:
    case CaseState::rejected:
    case CaseState::closed_by_itself: return true;
  }
  return true;
}

void open_case(Work& work, ReviewCase item, const std::string& principal) {
  const std::string key = keys::review_case(item.id);
  if (const auto before = work.find<ReviewCase>(key)) {
    if (before->state != CaseState::closed_by_itself) return;
    // Its cause went away and has come back: the same case, with its history.
    work.erase(keys::case_in(before->state, item.id));
    item.steps = before->steps;
  }
  item.steps.push_back({work.recorded_at(), principal, "opened", item.detail});
  work.put(key, item);
  work.put(keys::case_in(item.state, item.id),
           CaseFacts{item.id, std::string(to_string(item.kind)), ""});
  work.emit({EventType::case_opened, item.member, item.window,
             CaseFacts{item.id, std::string(to_string(item.kind)), ""}});
}

std::string find_open_id(Work& work, const std::string& base) {
  std::string id = base;
  for (int number = 2;; ++number) {
    const auto before = work.find<ReviewCase>(keys::review_case(id));
    if (!before || !is_closed(before->state)) return id;
    id = base + "-" + std::to_string(number);
  }
}

void close_case(Work& work, const std::string& id, CaseState state, const std::string& principal,
                const std::string& note) {
  auto item = work.find<ReviewCase>(keys::review_case(id));
  if (!item || is_closed(item->state)) return;
  const CaseFacts facts{id, std::string(to_string(item->kind)), std::string(to_string(state))};
  work.erase(keys::case_in(item->state, id));
  work.put(keys::case_in(state, id), facts);
  item->state = state;
  item->steps.push_back({work.recorded_at(), principal, std::string(to_string(state)), note});
  work.put(keys::review_case(id), *item);
  work.emit({EventType::case_resolved, item->member, item->window, facts});
}

}  // namespace thaw
