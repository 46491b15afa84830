#include "sim/campaign/check_verdicts.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "domain/keys.h"

namespace thaw {
namespace {

// Whoever decides may be away for a while, and over a restart for longer.
constexpr Duration kAway = Duration::days(1);
constexpr Duration kLate = Duration::days(2);

class VerdictCheck {
 public:
  VerdictCheck(const Books& books, const World& world, const std::vector<LogRecord>& log,
               const std::function<bool(Instant)>& is_excused, const Complain& complain)
      : books_(books), world_(world), is_excused_(is_excused), complain_(complain) {
    for (const LogRecord& record : log) {
      for (const Event& event : record.events) read(event);
    }
  }

  void check() {
    for (const auto& [key, member] : books_.members) {
      for (std::size_t i = 0; i < member.enrolments.size(); ++i) {
        check_events(member.enrolments[i]);
        if (member.enrolments[i].state == EnrolmentState::decided) check(member, i);
        if (member.enrolments[i].state == EnrolmentState::cancelled) {
          check_cancelled(member.enrolments[i]);
        }
      }
    }
    for (const auto& [key, reward] : books_.rewards) check_events_of(reward);
    for (const auto& [key, item] : books_.cases) check_events_of(item);
  }

 private:
  void read(const Event& event) {
    if (const auto* facts = std::get_if<RewardFacts>(&event.facts)) {
      ++told_[{event.type, facts->idempotency_key}];
    } else if (const auto* item = std::get_if<CaseFacts>(&event.facts)) {
      ++told_[{event.type, item->id}];
    } else {
      ++told_[{event.type, event.window.text()}];
    }
    if (const auto* decided = std::get_if<DecisionFacts>(&event.facts)) {
      facts_[keys::decision(event.window, decided->revision)] = *decided;
    }
  }

  std::int64_t count(EventType type, const std::string& of) const {
    const auto found = told_.find({type, of});
    return found == told_.end() ? 0 : found->second;
  }

  void want(EventType type, const std::string& of, std::int64_t wanted) {
    if (count(type, of) == wanted) return;
    complain_(fmt::format("{}: {} was told {} times, not {}", of, to_string(type), count(type, of),
                          wanted));
  }

  void check_events(const Enrolment& enrolment) {
    const std::string& window = enrolment.id.text();
    const bool is_cancelled = enrolment.state == EnrolmentState::cancelled;
    want(EventType::enrolment_created, window, 1);
    want(EventType::enrolment_cancelled, window, is_cancelled ? 1 : 0);
    want(EventType::eligibility_decided, window, is_cancelled ? 0 : 1);
    want(EventType::eligibility_revised, window, std::max<std::int64_t>(0, enrolment.revision - 1));
    if (!is_cancelled) want(EventType::window_ended, window, 1);
  }

  /// SPEC §2.2: no decision, and so no reward.
  void check_cancelled(const Enrolment& enrolment) {
    if (books_.find_decision(enrolment.id, 1)) {
      complain_(enrolment.id.text() + ": cancelled, and decided all the same");
    }
  }

  void check_events_of(const Reward& reward) {
    const std::string& key = reward.idempotency_key;
    want(EventType::reward_requested, key, 1);
    want(EventType::reward_attempt_started, key, static_cast<std::int64_t>(reward.attempts.size()));
    const auto want_some = [&](EventType type) {
      if (count(type, key) == 0) complain_(fmt::format("{}: no {}", key, to_string(type)));
    };
    if (reward.state == RewardState::issued) want_some(EventType::reward_issued);
    if (reward.state == RewardState::reversed) want_some(EventType::reward_reversed);
    if (reward.in_case && reward.state == RewardState::failed) want_some(EventType::reward_failed);
  }

  void check_events_of(const ReviewCase& item) {
    const std::int64_t closed = count(EventType::case_resolved, item.id);
    const bool is_open = item.state == CaseState::open || item.state == CaseState::proposed;
    if (count(EventType::case_opened, item.id) != closed + (is_open ? 1 : 0)) {
      complain_(fmt::format("case {}: told {} times that it was opened, {} that it was resolved",
                            item.id, count(EventType::case_opened, item.id), closed));
    }
  }

  void check(const Member& member, std::size_t number) {
    const Enrolment& enrolment = member.enrolments[number];
    const auto version =
        find_version(world_, enrolment.campaign.text(), enrolment.campaign_version);
    if (!version) return complain_(enrolment.id.text() + ": of no campaign");
    const CampaignRules& rules = rules_at(world_, *version);
    if (enrolment.points != rules.points ||
        enrolment.decides_at != enrolment.enrolled_at + rules.window + rules.grace) {
      complain_(enrolment.id.text() + ": its points or its end are not of its version");
    }
    const Decision* before = nullptr;
    for (std::int64_t n = 1; n <= enrolment.revision; ++n) {
      const Decision* decision = books_.find_decision(enrolment.id, n);
      if (!decision) return;  // the judge says so
      check_facts(*decision, enrolment, rules);
      before ? check_revision(*decision, *before, enrolment, rules)
             : check_first(*decision, enrolment, rules);
      before = decision;
    }
    if (before) check_in_force(member, number, *before);
  }

  void check_facts(const Decision& decision, const Enrolment& enrolment,
                   const CampaignRules& rules) {
    const auto facts = facts_.find(keys::decision(decision.window, decision.revision));
    const bool is_told = facts != facts_.end() && facts->second.verdict == decision.verdict &&
                         facts->second.qualifying == decision.qualifying &&
                         facts->second.threshold == rules.threshold &&
                         facts->second.points == enrolment.points;
    const bool is_pinned = decision.threshold == rules.threshold && decision.campaign == rules.id &&
                           decision.campaign_version == enrolment.campaign_version;
    if (!is_told || !is_pinned) {
      complain_(fmt::format("{}: decision {} and its event, or its rules, differ",
                            decision.window.text(), decision.revision));
    }
  }

  /// SPEC §2.6, §3.6: the due instant, or that at which the wait ended.
  void check_first(const Decision& decision, const Enrolment& enrolment,
                   const CampaignRules& rules) {
    const std::string& window = decision.window.text();
    const Instant wait_ends = enrolment.decides_at + rules.settlement_wait;
    const bool is_incomplete = decision.verdict.reason == VerdictReason::settlement_incomplete;
    const bool has_waited = count(EventType::settlement_awaited, window) > 0;
    bool is_right = false;
    if (is_incomplete) {
      is_right = decision.decided_at == wait_ends;
    } else if (!has_waited) {
      is_right = decision.decided_at == enrolment.decides_at;
    } else {
      is_right = is_end_of_wait(decision, enrolment, wait_ends);
    }
    if (!is_right || decision.fired_at < decision.decided_at) {
      complain_(fmt::format("{}: decided at {}, fired at {}, due at {}", window,
                            to_rfc3339(decision.decided_at), to_rfc3339(decision.fired_at),
                            to_rfc3339(enrolment.decides_at)));
    }
    if (decision.fired_at > decision.decided_at + kLate && !is_excused_(decision.decided_at)) {
      complain_(window + ": its verdict came late, at " + to_rfc3339(decision.fired_at));
    }
  }

  /// A file that was applied ended it; one that is looked at only after the wait was over has it
  /// end with the wait.
  bool is_end_of_wait(const Decision& decision, const Enrolment& enrolment,
                      Instant wait_ends) const {
    return std::any_of(books_.files.begin(), books_.files.end(), [&](const auto& row) {
      const Instant applied_at = row.second.applied_at;
      if (applied_at > decision.fired_at) return false;
      if (decision.decided_at == wait_ends && applied_at >= wait_ends) return true;
      if (decision.decided_at == enrolment.decides_at && applied_at <= enrolment.decides_at)
        return true;
      return applied_at == decision.decided_at;
    });
  }

  /// SPEC §2.6: against the member always a case; in favour as the campaign says.
  void check_revision(const Decision& decision, const Decision& before, const Enrolment& enrolment,
                      const CampaignRules& rules) {
    const std::string name =
        fmt::format("{}, revision {}", decision.window.text(), decision.revision);
    if (decision.decided_at != decision.fired_at) complain_(name + ": not decided when it fell");
    if (before.verdict.outcome == Outcome::in_review) return;  // ends by itself
    if (decision.verdict.outcome != Outcome::qualified) return;
    if (rules.late_policy == LatePolicy::ignore) complain_(name + ": in favour, under `ignore`");
    const Instant late_until = enrolment.decides_at + rules.late_until;
    const bool is_auto = rules.late_policy == LatePolicy::auto_issue;
    if (is_auto && decision.fired_at <= late_until && !decision.people.empty()) {
      complain_(name + ": in favour and in time, and yet by people");
    }
    const bool is_automatic = is_auto && decision.fired_at <= late_until + kAway;
    const std::set<std::string> people(decision.people.begin(), decision.people.end());
    if (!is_automatic && people.size() < 2) {
      complain_(name + ": in favour, by a machine, under " +
                std::string(to_string(rules.late_policy)));
    }
  }

  /// SPEC §3.6: afterwards the enrolment shows the decision in force, and its lines stand as there;
  /// later ones do not count.
  void check_in_force(const Member& member, std::size_t number, const Decision& decision) {
    const Enrolment& enrolment = member.enrolments[number];
    if (enrolment.outcome != decision.verdict.outcome ||
        enrolment.reason != decision.verdict.reason || enrolment.totals != decision.totals ||
        enrolment.decided_at != decision.decided_at) {
      complain_(enrolment.id.text() + ": it does not show the decision in force");
    }
    check_lines(member, number, decision);
  }

  void check_lines(const Member& member, std::size_t number, const Decision& decision) {
    std::map<std::string, const DecisionLine*> decided;
    for (std::int64_t chunk = 0; chunk < decision.line_chunks; ++chunk) {
      const auto rows = books_.decision_lines.find(
          keys::decision_lines(decision.window, decision.revision, chunk));
      if (rows == books_.decision_lines.end()) continue;
      for (const DecisionLine& line : rows->second.lines) {
        decided[keys::line(member.id, line.line)] = &line;
      }
    }
    const std::string prefix = keys::lines_of(member.id);
    for (auto row = books_.lines.lower_bound(prefix);
         row != books_.lines.end() && row->first.starts_with(prefix); ++row) {
      const auto line = decided.find(row->first);
      check_line(row->second, number, decision, line == decided.end() ? nullptr : line->second);
    }
  }

  void check_line(const LineRow& row, std::size_t number, const Decision& decision,
                  const DecisionLine* line) {
    for (const LinePlacement& placement : row.placements) {
      if (placement.enrolment != static_cast<std::int64_t>(number)) continue;
      const bool stands_aside = to_string(placement.placed).starts_with("excluded") ||
                                placement.placed == Placed::confirmed ||
                                placement.placed == Placed::duplicate;
      const bool is_right =
          line ? placement.placed == line->placed && placement.counted == line->counted
               : stands_aside;
      if (is_right) continue;
      complain_(fmt::format("{}: {} {} is shown as {} {}, the decision in force says {}",
                            decision.window.text(), row.line.provider.text(), row.line.txn_id,
                            to_string(placement.placed), placement.counted.units(),
                            line ? to_string(line->placed) : "nothing of it"));
    }
  }

  const Books& books_;
  const World& world_;
  const std::function<bool(Instant)>& is_excused_;
  const Complain& complain_;
  std::map<std::pair<EventType, std::string>, std::int64_t> told_;
  std::map<std::string, DecisionFacts> facts_;  // by the decision's key
};

}  // namespace

void check_verdicts(const Books& books, const World& world, const std::vector<LogRecord>& log,
                    const std::function<bool(Instant)>& is_excused, const Complain& complain) {
  VerdictCheck(books, world, log, is_excused, complain).check();
}

}  // namespace thaw
