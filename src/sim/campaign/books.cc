#include "sim/campaign/books.h"

#include "domain/keys.h"

namespace thaw {
namespace {

template <typename Row>
std::map<std::string, Row> read_table(StateView& view, const std::string& prefix) {
  std::map<std::string, Row> table;
  for (const auto& [key, row] : view.scan(prefix, SIZE_MAX)) {
    if (auto decoded = decode<Row>(row.bytes)) table.emplace(key, std::move(*decoded));
  }
  return table;
}

std::vector<std::string> read_list(StateView& view, const std::string& prefix) {
  std::vector<std::string> list;
  for (const auto& [key, row] : view.scan(prefix, SIZE_MAX)) list.push_back(key);
  return list;
}

template <typename Row>
const Row* find_in(const std::map<std::string, Row>& table, const std::string& key) {
  const auto found = table.find(key);
  return found == table.end() ? nullptr : &found->second;
}

}  // namespace

Books Books::read(SimStore& store) {
  Books books;
  store.read([&](StateView& view) {
    books.members = read_table<Member>(view, "m/");
    books.lines = read_table<LineRow>(view, "l/");
    books.kept = read_table<KeptLine>(view, "k/");
    books.decisions = read_table<Decision>(view, "d/");
    books.decision_lines = read_table<DecisionLines>(view, "dl/");
    books.cases = read_table<ReviewCase>(view, keys::review_cases());
    books.rewards = read_table<Reward>(view, keys::rewards());
    books.letters = read_table<DeadLetter>(view, keys::dead_letters());
    books.files = read_table<SettlementFile>(view, keys::files());
    books.enrolment_list = read_list(view, "es/");
    books.case_list = read_list(view, "qs/");
    books.reward_queue = read_list(view, keys::rewards_not_final());
    books.timers = read_list(view, keys::timers());
    books.files_applying = read_list(view, keys::files_applying());
  });
  return books;
}

const ReviewCase* Books::find_case(const std::string& id) const {
  return find_in(cases, keys::review_case(id));
}

const Decision* Books::find_decision(const WindowId& window, std::int64_t revision) const {
  return find_in(decisions, keys::decision(window, revision));
}

}  // namespace thaw
