#include "sim/campaign/check_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "domain/keys.h"

namespace thaw {
namespace {

// SPEC §2.2: the longest window + grace + 48 h; and whoever clears up may be away for a while.
constexpr Duration kSlack = Duration::hours(48);
constexpr Duration kAway = Duration::days(2);

class RowCheck {
 public:
  RowCheck(const Books& books, const World& world, Instant now, const Complain& complain)
      : books_(books), world_(world), now_(now), complain_(complain) {
    for (const audit::Line& line : world.history.lines) {
      if (line.by_file) sent_in_[line.file_id].insert(line.kind + " " + line.txn_id);
    }
  }

  void check() {
    check_lists();
    for (const std::string& timer : books_.timers) complain_("a timer is left at rest: " + timer);
    for (const std::string& file : books_.files_applying) complain_("never applied: " + file);
    for (const auto& [key, member] : books_.members) {
      for (const Enrolment& enrolment : member.enrolments) check_cases_of(enrolment);
    }
    for (const auto& [key, item] : books_.cases) check_case(item);
    for (const auto& [key, reward] : books_.rewards) check_reward(reward);
    for (const auto& [key, letter] : books_.letters) check_letter(letter);
    for (const auto& [key, file] : books_.files) check_file(file);
    check_kept();
    for (const FileSeries& series : world_.series) {
      if (series.is_cumulative) check_gone(series.provider);
    }
  }

 private:
  void check_lists() {
    std::vector<std::string> enrolments;
    for (const auto& [key, member] : books_.members) {
      for (const Enrolment& e : member.enrolments) {
        enrolments.push_back(keys::enrolment_in(e.campaign, e.state, e.id));
      }
    }
    compare("enrolments by state", std::move(enrolments), books_.enrolment_list);
    std::vector<std::string> cases;
    for (const auto& [key, item] : books_.cases) {
      cases.push_back(keys::case_in(item.state, item.id));
    }
    compare("cases by state", std::move(cases), books_.case_list);
    std::vector<std::string> queued;
    for (const auto& [key, reward] : books_.rewards) {
      if (is_at_an_end(reward.state) || reward.in_case) continue;
      queued.push_back(
          keys::reward_not_final(reward.member, reward.requested_at, reward.window, reward.issue));
    }
    compare("rewards not final", std::move(queued), books_.reward_queue);
  }

  void compare(const char* what, std::vector<std::string> wanted,
               const std::vector<std::string>& listed) {
    std::sort(wanted.begin(), wanted.end());
    if (wanted == listed) return;
    complain_(fmt::format("the list of {} has {} rows, {} of them wrong or missing", what,
                          listed.size(), count_differences(wanted, listed)));
  }

  static std::size_t count_differences(const std::vector<std::string>& a,
                                       const std::vector<std::string>& b) {
    std::vector<std::string> differences;
    std::set_symmetric_difference(a.begin(), a.end(), b.begin(), b.end(),
                                  std::back_inserter(differences));
    return differences.size();
  }

  static bool is_at_an_end(RewardState state) {
    return state == RewardState::issued || state == RewardState::failed ||
           state == RewardState::cancelled || state == RewardState::reversed ||
           state == RewardState::reversal_failed;
  }

  bool is_open(const std::string& id) const {
    const ReviewCase* item = books_.find_case(id);
    return item && (item->state == CaseState::open || item->state == CaseState::proposed);
  }

  /// SPEC §2.6: what waits for people has an open case, and names it.
  void check_cases_of(const Enrolment& enrolment) {
    const std::string& window = enrolment.id.text();
    if (!enrolment.revision_case.empty() && !is_open(enrolment.revision_case)) {
      complain_(window + ": its revision waits for a case that is not open");
    }
    const bool is_in_review =
        enrolment.state == EnrolmentState::decided && enrolment.outcome == Outcome::in_review;
    if (is_in_review == enrolment.blocking_cases.empty()) {
      complain_(fmt::format("{}: {}, with {} blocking cases", window, to_string(enrolment.outcome),
                            enrolment.blocking_cases.size()));
    }
    for (const std::string& id : enrolment.blocking_cases) {
      if (!is_open(id)) complain_(window + ": blocked by a case that is not open: " + id);
      waited_for_.insert(id);
    }
    if (!enrolment.revision_case.empty()) waited_for_.insert(enrolment.revision_case);
  }

  /// An open case is about something that waits for it.
  void check_case(const ReviewCase& item) {
    if (item.steps.empty() || item.steps.front().action != "opened") {
      complain_("case " + item.id + " does not say that it was opened");
    }
    if (!is_open(item.id)) return;
    const bool blocks = item.kind == CaseKind::held_line || item.kind == CaseKind::file_missing ||
                        item.kind == CaseKind::too_many_lines || item.kind == CaseKind::revision;
    if (blocks && !waited_for_.contains(item.id)) {
      complain_("case " + item.id + " is open, and nothing waits for it");
    }
    const bool is_of_reward = item.kind == CaseKind::reward && item.pending_command.empty();
    if (is_of_reward &&
        std::none_of(books_.rewards.begin(), books_.rewards.end(), [&](const auto& row) {
          return row.second.in_case && row.second.case_id == item.id;
        })) {
      complain_("case " + item.id + " is open, and no reward is in it");
    }
  }

  /// SPEC §2.7: never silence. A reward that a machine gave up has a case and a dead letter.
  void check_reward(const Reward& reward) {
    const bool has_letter =
        books_.letters.contains(keys::dead_letter(kRewardLetters, reward.idempotency_key));
    if (reward.in_case != has_letter) {
      complain_(fmt::format("{}: {} in a case, {} a dead letter", reward.idempotency_key,
                            reward.in_case ? "is" : "is not", has_letter ? "with" : "without"));
    }
    if (reward.in_case && !is_open(reward.case_id)) {
      complain_(reward.idempotency_key + ": in a case that is not open");
    }
    const bool was_issued =
        reward.state == RewardState::issued || reward.state == RewardState::reversed;
    if (was_issued && !reward.reference.ends_with("-" + reward.idempotency_key)) {
      complain_(reward.idempotency_key + ": the partner's reference is not kept");
    }
    if (reward.has_attempt_open) complain_(reward.idempotency_key + ": an attempt has no result");
  }

  void check_letter(const DeadLetter& letter) {
    if (!letter.case_id.empty() && !is_open(letter.case_id)) {
      complain_("dead letter " + letter.item + ": its case is not open");
    }
  }

  /// Every record has one outcome, and the file counts them all (SPEC §2.4).
  void check_file(const SettlementFile& file) {
    std::int64_t records = 0;
    for (const OutcomeCount& outcome : file.outcomes) records += outcome.records;
    if (records == file.records) return;
    complain_(
        fmt::format("{}: {} records, {} outcomes", file.provider_file_id, file.records, records));
  }

  /// SPEC §2.4: what is gone from a later file of a day has a case; nothing else has. Of files that
  /// came out of order one may have been held against another than its neighbour.
  void check_gone(const std::string& provider) {
    std::map<std::string, std::vector<const SettlementFile*>> days;
    for (const auto& [key, file] : books_.files) {
      if (file.provider.text() == provider) days[file.business_date].push_back(&file);
    }
    for (auto& [day, files] : days) {
      std::ranges::sort(files, {}, [](const SettlementFile* file) {
        return std::pair(file->created_at, file->id.text());  // total: ids are unique
      });
      bool was_any_gone = false;
      for (std::size_t i = 1; i < files.size(); ++i) {
        const bool is_gone = lacks_some(*files[i], *files[i - 1]);
        for (std::size_t j = 0; j < i; ++j) was_any_gone |= lacks_some(*files[i], *files[j]);
        const bool has_case = is_any_gone_case_of(*files[i]);
        if (has_case ? was_any_gone : !is_gone) continue;
        complain_(fmt::format("{}: of the files before some record is {}gone, {} a case",
                              files[i]->provider_file_id, was_any_gone ? "" : "not ",
                              has_case ? "with" : "without"));
      }
    }
  }

  bool is_any_gone_case_of(const SettlementFile& file) const {
    const std::string prefix = "gone-" + file.id.text() + "-";
    return std::ranges::any_of(books_.cases,
                               [&](const auto& row) { return row.second.id.starts_with(prefix); });
  }

  bool lacks_some(const SettlementFile& later, const SettlementFile& earlier) {
    return !std::ranges::includes(sent_in_[later.provider_file_id],
                                  sent_in_[earlier.provider_file_id]);
  }

  void check_kept() {
    Duration life{};
    for (const CampaignRules& rules : world_.campaigns) {
      life = std::max(life, rules.window + rules.grace + kSlack);
    }
    const auto is_overdue = [&](const Line& line) {
      return line.recorded_at + life + kAway < now_;
    };
    for (const auto& [key, kept] : books_.kept) {
      if (is_overdue(kept.line)) complain_("kept for ever: " + key);
    }
    std::set<std::string> enrolled;  // a cancelled enrolment is one, too
    for (const auto& [key, member] : books_.members) {
      if (!member.enrolments.empty()) enrolled.insert(keys::lines_of(member.id));
    }
    for (const auto& [key, row] : books_.lines) {
      const bool is_kept = row.outcome == Placed::kept && row.placements.empty();
      const bool is_strangers = !enrolled.contains(key.substr(0, key.find('\x1f') + 1));
      if (is_kept && is_strangers && is_overdue(row.line)) complain_("kept for ever: " + key);
    }
  }

  const Books& books_;
  const World& world_;
  Instant now_;
  const Complain& complain_;
  std::set<std::string> waited_for_;                      // cases
  std::map<std::string, std::set<std::string>> sent_in_;  // kinds and ids of records, by file id
};

}  // namespace

void check_rows(const Books& books, const World& world, Instant now, const Complain& complain) {
  RowCheck(books, world, now, complain).check();
}

}  // namespace thaw
