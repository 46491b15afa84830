#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/campaign/alike_lines.h"
#include "sim/campaign/awaited_files.h"
#include "sim/campaign/campaign_run.h"
#include "sim/campaign/recorded.h"
#include "sim/campaign/whereabouts.h"

namespace thaw {

/// Compares what thaw came to with what the auditor demands of the same history. Reads stored rows
/// and the partner's books; calls no rule of the domain.
class Judge {
 public:
  Judge(CampaignRun& run, std::vector<LogRecord> log);

  void judge();

 private:
  /// What the auditor says of a first verdict, and of what it takes in.
  struct First {
    audit::Expected expected;
    audit::IsTakenIn is_taken_in;
    bool has_waited_in_vain = false;
  };
  /// What the partner has issued for a window, and not taken back.
  struct Paid {
    std::int64_t issues = 0;
    std::int64_t points = 0;
  };

  void judge_messages();
  void judge_claims();
  void judge_windows();
  void judge_window(std::size_t enrolment, const Enrolment& stored);
  First expect_first(std::size_t enrolment, std::int64_t revision) const;
  First expect_review(std::size_t enrolment, const Decision& before,
                      const Decision& decision) const;
  std::uint64_t ruling_of(const std::string& window, std::int64_t revision) const;
  audit::IsTakenIn known_to(const Decision& decision) const;
  void judge_reviews(std::size_t enrolment, const Enrolment& stored, Decision before);
  void judge_decision(std::size_t enrolment, const Decision& decision, const First& first);
  void judge_lines(std::size_t enrolment, const Decision& decision, const First& first);
  void compare_held(const Decision& decision, const audit::Expected& expected);
  void judge_held(const Decision& decision);
  void compare_first(std::size_t enrolment, const Decision& decision, const First& first);
  void trace_all(const audit::Expected& all, const Totals& is);
  void trace_lines(std::size_t enrolment, const Decision& decision, const First& first);
  std::vector<DecisionLine> read_lines(const Decision& decision);
  std::map<std::string, Stand> read_stands(const Decision& decision);
  void judge_revisions(const Enrolment& stored);
  void judge_revision_case(const Enrolment& stored, LatePolicy late, const audit::Expected& all);
  void judge_last(std::size_t enrolment, const Enrolment& stored);
  void judge_open_review(std::size_t enrolment, const Enrolment& stored);
  std::optional<WindowEnd> find_end(const Enrolment& stored, const Paid& paid);
  std::optional<Reward> find_reward(const WindowId& window) const;
  audit::Expected expect_in_force(std::size_t enrolment, const Enrolment& stored) const;
  Paid read_paid(const WindowId& window) const;
  bool was_given_anew(const WindowId& window) const;
  void judge_owed(std::size_t enrolment, const Enrolment& stored, const Paid& paid);
  bool is_offered_again(const WindowId& window) const;
  void judge_partner();
  bool is_worth(const WindowId& window, std::int64_t points) const;
  void judge_sightings();
  void judge_log();
  void judge_nobodys();
  void complain(const std::string& what) { run_.complain(what); }

  CampaignRun& run_;
  std::vector<LogRecord> log_;
  Recorded recorded_;
  audit::History history_;
  FileArrivals arrivals_;
  Whereabouts whereabouts_;
};

}  // namespace thaw
