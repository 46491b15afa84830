#pragma once

#include <map>
#include <string>
#include <vector>

#include "domain/rows.h"
#include "sim/campaign/campaign_run.h"
#include "sim/campaign/recorded.h"

namespace thaw {

/// Who is enrolled, who was refused, and what a cancelled enrolment comes to (SPEC §2.2): one a
/// member and campaign, ever; cancelled before its verdict it gets none, nor a reward, and no line
/// stands under it. Reads rows and log; calls no rule of the domain.
class EnrolmentJudge {
 public:
  EnrolmentJudge(CampaignRun& run, const Recorded& recorded)
      : run_(run), recorded_(recorded), lives_(recorded.lives), members_(read_members()) {}

  void judge();

 private:
  std::map<std::string, Member> read_members() const;
  void judge_answers();
  void judge_enrolment_answer(const EnrolCall& call, ReplyCode answer);
  void judge_cancel_answer(const CancelCall& call, ReplyCode answer);
  void judge_member(const Member& member);
  void judge_cancelled(const Member& member, const Enrolment& enrolment);
  void judge_lines_of(const Member& member);
  void note_life(const EnrolmentLife& life);
  const Enrolment* find_stored(const audit::Enrolment& sent) const;
  const Enrolment* find_in_campaign(const audit::Enrolment& sent) const;
  void complain(const std::string& what) { run_.complain(what); }
  void reach(const char* point) { run_.report().reached.insert(point); }

  CampaignRun& run_;
  const Recorded& recorded_;
  const std::map<std::string, EnrolmentLife>& lives_;
  std::map<std::string, Member> members_;  // stored, by id
};

}  // namespace thaw
