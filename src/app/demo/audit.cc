#include "app/demo/audit.h"

#include <fmt/format.h>

#include <set>

#include "app/demo/feed.h"

namespace thaw::demo {
namespace {

constexpr std::int64_t kPoints = 2'000;

struct Expected {
  const Life* life;
  Expectation expectation;
};

/// One audit: what is expected by window, and what has been found so far.
class Audit {
 public:
  Audit(Stage& stage, const Population& population, Findings& findings)
      : stage_(stage), findings_(findings) {
    for (const Life& life : population.lives) {
      expected_[life.window_id(kCampaign)] = {&life, expect(life)};
    }
  }

  Result<Results> run() {
    for (const auto part :
         {&Audit::compare_enrolments, &Audit::compare_decisions, &Audit::compare_rewards,
          &Audit::compare_ledger, &Audit::compare_revisions, &Audit::count_file_cases}) {
      if (const Status done = (this->*part)(); !done) return fail_with(done);
    }
    pick_member();
    return std::move(results_);
  }

 private:
  void miss(std::vector<std::string>& examples, const std::string& window,
            const std::string& what) const {
    const auto found = expected_.find(window);
    const char* story = found == expected_.end() ? "unknown" : found->second.life->story;
    examples.push_back(fmt::format("{} ({}): {}", window, story, what));
  }

  Status compare_enrolments() {
    const auto listed =
        stage_.server().get_all(fmt::format("/v1/enrolments?campaign={}", kCampaign));
    if (!listed) return fail_with(listed);
    std::vector<std::string> examples;
    std::set<std::string> seen;
    for (const Json& item : *listed) {
      const std::string window = text_in(item, "window_id");
      if (!seen.insert(window).second) miss(examples, window, "listed twice");
      if (text_in(item, "state") != "decided") {
        miss(examples, window, "is " + text_in(item, "state"));
      }
      if (!expected_.contains(window)) miss(examples, window, "nobody enrolled so");
    }
    results_.enrolled = static_cast<std::int64_t>(seen.size());
    findings_.check(examples.empty() && seen.size() == expected_.size(),
                    fmt::format("{} of {} enrolments are there, once, and decided", seen.size(),
                                expected_.size()),
                    examples);
    return {};
  }

  Status compare_decisions() {
    std::vector<HttpCallRequest> requests;
    for (const auto& [window, expected] : expected_) {
      requests.push_back({"GET", "/v1/decisions/" + window, {}, ""});
    }
    const std::vector<Answer> answers = stage_.server().send_all(requests);
    std::vector<std::string> verdicts;
    std::vector<std::string> totals;
    std::size_t at = 0;
    for (const auto& [window, expected] : expected_) {
      const auto decision = Json::parse(answers[at++].body);
      if (!decision) return fail(ErrorCode::unavailable, "decision " + window);
      compare_decision(window, expected.expectation, *decision, verdicts, totals);
    }
    const std::size_t all = expected_.size();
    findings_.check(verdicts.empty(),
                    fmt::format("{} of {} verdicts are what the true lives lead to",
                                all - verdicts.size(), all),
                    verdicts);
    findings_.check(
        totals.empty(),
        fmt::format("{} of {} qualifying totals are right to the cent", all - totals.size(), all),
        totals);
    return {};
  }

  void compare_decision(const std::string& window, const Expectation& expected,
                        const Json& decision, std::vector<std::string>& verdicts,
                        std::vector<std::string>& totals) {
    const std::string outcome = text_in(decision, "outcome");
    const std::string reason = text_in(decision, "reason");
    ++results_.outcomes[outcome];
    ++results_.reasons[outcome + " " + reason];
    if (outcome == "qualified") qualified_.insert(window);
    if (expected.cause != Cause::none) ++results_.causes[to_string(expected.cause)];
    results_.waited_for_files += expected.waited_for_files ? 1 : 0;
    if (outcome != to_string(expected.verdict)) {
      miss(verdicts, window,
           fmt::format("{} {} instead of {}", outcome, reason, to_string(expected.verdict)));
    }
    const auto total = decision.find("qualifyingTotal");
    const std::int64_t minor = total ? number_in(*total, "minor") : -1;
    if (minor != expected.qualifying) {
      miss(totals, window, fmt::format("{} instead of {}", minor, expected.qualifying));
    }
  }

  Status compare_rewards() {
    const auto rewards = stage_.server().get_all("/v1/rewards");
    if (!rewards) return fail_with(rewards);
    std::vector<std::string> examples;
    std::set<std::string> issued;
    for (const Json& reward : *rewards) {
      const std::string window = text_in(reward, "window_id");
      const std::string state = text_in(reward, "state");
      if (state != "issued") miss(examples, window, "its reward is " + state);
      if (number_in(reward, "points") != kPoints) miss(examples, window, "other points");
      if (!issued.insert(window).second) miss(examples, window, "two rewards");
      if (!qualified_.contains(window)) miss(examples, window, "rewarded, not qualified");
    }
    for (const std::string& window : qualified_) {
      if (!issued.contains(window)) miss(examples, window, "qualified, no reward");
    }
    findings_.check(examples.empty(),
                    fmt::format("{} rewards issued, one for each of {} qualified windows",
                                issued.size(), qualified_.size()),
                    examples);
    return {};
  }

  /// The partner's own books: the last word on what was paid.
  Status compare_ledger() {
    const auto movements = stage_.points().get_all("/ledger");
    if (!movements) return fail_with(movements);
    std::vector<std::string> examples;
    std::set<std::string> paid;
    for (const Json& movement : *movements) {
      static constexpr std::string_view kKey = "cold-activation-";
      const std::string key = text_in(movement, "idempotencyKey");
      const std::string window = key.starts_with(kKey) ? key.substr(kKey.size()) : key;
      if (text_in(movement, "kind") != "issue") miss(examples, window, "taken back");
      if (!paid.insert(window).second) miss(examples, window, "paid twice");
      if (!qualified_.contains(window)) miss(examples, window, "paid, not qualified");
      if (number_in(movement, "points") != kPoints) miss(examples, window, "other points");
      const auto found = expected_.find(window);
      if (found != expected_.end() && text_in(movement, "memberId") != found->second.life->member) {
        miss(examples, window, "paid to " + text_in(movement, "memberId"));
      }
      results_.points_issued += number_in(movement, "points");
    }
    for (const std::string& window : qualified_) {
      if (!paid.contains(window)) miss(examples, window, "qualified, not paid");
    }
    results_.issued = static_cast<std::int64_t>(paid.size());
    findings_.check(
        examples.empty(),
        fmt::format("the partner's own ledger: {} issues of {} points, exactly one for each "
                    "qualified window and none else",
                    paid.size(), kPoints),
        examples);
    return {};
  }

  Status compare_revisions() {
    const auto cases = stage_.server().get_all("/v1/cases?kind=revision&state=open");
    if (!cases) return fail_with(cases);
    std::vector<std::string> examples;
    std::set<std::string> proposed;
    for (const Json& item : *cases) {
      const std::string window = text_in(item, "window_id");
      proposed.insert(window);
      const auto found = expected_.find(window);
      if (found == expected_.end() || !found->second.expectation.is_revision_proposed) {
        miss(examples, window, "a revision is proposed, and nothing speaks for it");
      }
    }
    for (const auto& [window, expected] : expected_) {
      if (expected.expectation.is_revision_proposed && !proposed.contains(window)) {
        miss(examples, window, "no revision is proposed, though the verdict would turn");
      }
    }
    results_.revisions_proposed = static_cast<std::int64_t>(proposed.size());
    findings_.check(examples.empty(),
                    fmt::format("{} revisions proposed to a person, for what came after a verdict "
                                "and would turn it; none else",
                                proposed.size()),
                    examples);
    return {};
  }

  Status count_file_cases() {
    const auto cases = stage_.server().get_all("/v1/cases?kind=file_missing");
    if (!cases) return fail_with(cases);
    std::set<std::string> windows;
    std::vector<std::string> open;
    for (const Json& item : *cases) {
      windows.insert(text_in(item, "window_id"));
      if (text_in(item, "state") == "open") miss(open, text_in(item, "window_id"), "still open");
    }
    results_.short_of_a_file = static_cast<std::int64_t>(windows.size());
    findings_.check(open.empty(),
                    fmt::format("{} members were in review for want of the bank's late file, and "
                                "left it when that came",
                                windows.size()),
                    open);
    return {};
  }

  /// The busiest of those who were waited for and got the points: there is something to see.
  void pick_member() {
    std::size_t most = 0;
    for (const auto& [window, expected] : expected_) {
      const bool is_rich = expected.expectation.waited_for_files &&
                           expected.expectation.verdict == Verdict::qualified;
      const std::size_t worth = (is_rich ? 1'000 : 0) + expected.life->movements.size();
      if (worth < most) continue;
      most = worth;
      results_.member_to_look_at = expected.life->member;
      results_.window_to_look_at = window;
    }
  }

  Stage& stage_;
  Findings& findings_;
  std::map<std::string, Expected> expected_;
  std::set<std::string> qualified_;
  Results results_;
};

}  // namespace

Result<Results> audit(Stage& stage, const Population& population, Findings& findings) {
  return Audit(stage, population, findings).run();
}

}  // namespace thaw::demo
