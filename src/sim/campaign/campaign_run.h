#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>

#include "sim/campaign/campaign_sim.h"
#include "sim/campaign/fate.h"
#include "sim/campaign/mail.h"
#include "sim/campaign/people.h"
#include "sim/node/node.h"
#include "sim/points/sim_points.h"

namespace thaw {

/// One world from its first message to rest: faults while it lasts, then none, and everything must
/// come to rest within a bound of steps. What it leaves is for the judge.
class CampaignRun {
 public:
  CampaignRun(std::uint64_t seed, const SimOptions& options);

  /// False: the ledger is lost, as a violation says, or it never came to rest.
  bool run();

  World& world() { return world_; }
  SimStore& store() { return *store_; }
  const SimPoints& points() const { return points_; }
  const Mail& mail() const { return mail_; }
  const Sightings& sightings() const { return sightings_; }
  const People& people() const { return people_; }
  SimReport& report() { return report_; }
  Instant now() const { return clock_.now; }
  void complain(const std::string& what);
  /// For whoever reads the run; it changes nothing.
  void trace(const std::string& what);
  /// What was last said to whoever enrols. Nothing: refused, or never answered.
  enum class Answer { enrolled, cancelled };
  std::optional<Answer> find_answer(const std::string& window) const {
    const auto found = answers_.find(window);
    return found == answers_.end() ? std::nullopt : std::optional(found->second);
  }
  /// Verdicts due in this time may rest on less than was sent: it was lost, and sent again.
  bool is_in_restored_time(Instant at) const;

 private:
  void set_up();
  void live();
  void heal();
  Instant find_next(Instant end) const;
  void move_to(Instant at);
  void deliver_due();
  void deliver(const Mail::Delivery& delivery);
  bool hand_over(const Message& message);
  bool hand_over_enrolment(const EnrolCall& call);
  std::set<std::string> find_excuses(const EnrolCall& call);
  std::size_t count_references(const std::string& member);
  void read_answers();
  bool hand_over_cancel(const CancelCall& call);
  bool hand_over_webhook(const WebhookCall& call);
  bool hand_over_file(const FileCall& call);
  void settle();
  void take_turn_between();
  void bring_up();
  void play_fate();
  void take_backup();
  void step_clock();
  void release_clock();
  void restore();
  void note(const char* point);
  void note_what_waits();
  void note_what_was_torn();

  SimOptions options_;
  SimReport report_;
  World world_;
  Random random_;
  SimClock clock_;
  std::unique_ptr<SimStore> store_;
  SimPoints points_;
  Mail mail_;
  People people_;
  Sightings sightings_;
  std::map<std::string, Answer> answers_;
  std::unique_ptr<Node> node_;
  std::uint64_t turns_ = 0;
  bool is_between_ = false;
  bool has_ended_ = false;
  bool has_stepped_ = false;  // the clock, once
  bool is_clock_right_ = true;
  Fate fate_;
  std::optional<Instant> backed_up_at_;
  std::uint64_t backup_sequence_ = 0;
  Instant restored_from_ = Instant::max();
  Instant restored_until_ = Instant::min();
};

}  // namespace thaw
