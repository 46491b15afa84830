#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>

#include "sim/campaign/campaign_sim.h"
#include "sim/campaign/check_outcomes.h"
#include "sim/campaign/fate.h"
#include "sim/campaign/keyed_answers.h"
#include "sim/campaign/listening_points.h"
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
  SimPoints& points() { return points_; }
  const Mail& mail() const { return mail_; }
  const Sightings& sightings() const { return sightings_; }
  const People& people() const { return people_; }
  /// What the sender of a message of the world was told last, if it was a command.
  std::optional<ReplyCode> answer_to(std::size_t message) const { return answers_[message]; }
  /// What webhooks were told of their lines, in order; not what a restore took back.
  const std::vector<ToldOutcome>& told() const { return told_; }
  /// What was last answered: the member's rewards are on hold.
  bool is_held(const std::string& member) const {
    const auto held = held_.find(member);
    return held != held_.end() && held->second;
  }
  SimReport& report() { return report_; }
  Instant now() const { return clock_.now; }
  void complain(const std::string& what);
  /// For whoever reads the run; it changes nothing.
  void trace(const std::string& what);
  /// False: nobody reads it, and nothing need be put in words.
  bool is_traced() const { return options_.trace != nullptr; }
  /// Verdicts due in this time may rest on less than was sent: it was lost, and sent again.
  bool is_in_restored_time(Instant at) const;
  bool has_restored() const { return restored_from_ != Instant::max(); }

 private:
  void set_up();
  void live();
  void heal();
  Instant find_next(Instant end) const;
  void move_to(Instant at);
  void deliver_due();
  void deliver(const Mail::Delivery& delivery);
  bool hand_over(std::size_t index);
  std::optional<Reply> hand_over_command(std::size_t index, Command command);
  bool try_other_body(std::size_t index);
  bool hand_over_enrolment(std::size_t index, const EnrolCall& call);
  bool hand_over_claim(std::size_t index, const ClaimCall& call);
  bool hand_over_publish(const PublishCall& call);
  bool hand_over_hold(std::size_t index, const HoldCall& call);
  std::set<std::string> find_excuses(const EnrolCall& call);
  std::size_t count_references(const std::string& member);
  bool hand_over_webhook(const WebhookCall& call);
  bool hand_over_file(const FileCall& call);
  void settle();
  void replace_disk();
  void take_turn_between();
  void watch_partner();
  void let_partner_hang();
  void intrude();
  void bring_up();
  void play_fate();
  void take_backup();
  void step_clock();
  void release_clock();
  void restore();
  void note(const char* point);
  void trace_delivery(const Mail::Delivery& delivery, bool is_answered);
  void hear_partner(const char* call, std::string_view key, const PointsAnswer& answer,
                    bool is_lost);
  void trace_record(const LogRecord& record);
  void trace_fence();
  std::function<void(const LogRecord&)> find_reader();
  void note_what_waits();
  void note_what_was_torn();

  SimOptions options_;
  SimReport report_;
  World world_;
  Random random_;
  SimClock clock_;
  std::unique_ptr<SimStore> store_;
  SimPoints points_;
  ListeningPoints heard_points_;  // the same, as the node calls it
  Mail mail_;
  People people_;
  Sightings sightings_;
  std::map<std::string, bool> held_;               // members, as last answered
  std::vector<std::optional<ReplyCode>> answers_;  // parallel to the world's messages
  std::vector<ToldOutcome> told_;
  KeyedAnswers keyed_answers_;
  std::unique_ptr<Node> node_;
  bool is_between_ = false;
  bool has_ended_ = false;
  bool has_stepped_ = false;  // the clock, once
  bool is_clock_right_ = true;
  Fate fate_;
  std::uint64_t traced_ = 0;    // the last record that was
  bool is_fence_told_ = false;  // as up
  std::optional<Instant> backed_up_at_;
  std::uint64_t backup_sequence_ = 0;
  Instant restored_from_ = Instant::max();
  Instant restored_until_ = Instant::min();
};

}  // namespace thaw
