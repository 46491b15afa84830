#include "sim/campaign/campaign_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "domain/dead_letters.h"
#include "domain/keys.h"
#include "sim/campaign/admission.h"
#include "sim/store/crashing_ledger.h"
#include "sim/store/engine_store.h"
#include "sim/workload/rendering.h"

namespace thaw {
namespace {

constexpr std::int64_t kSettleStepsMax = 20'000;
constexpr int kPatience = 300;
constexpr Duration kLongestFile = Duration::hours(3);
constexpr Duration kLongestSleep = Duration::hours(20);
constexpr Duration kHeldNap = Duration::minutes(95);
constexpr int kHealRounds = 36;
constexpr Duration kHealTick = Duration::minutes(100);

std::unique_ptr<SimStore> make_store(SimLedger kind, std::function<Instant()> now,
                                     std::uint64_t seed, SimStore::Note note) {
  switch (kind) {
    case SimLedger::memory:
      return std::make_unique<CrashingLedger>(std::move(now), seed, std::move(note));
    case SimLedger::engine:
      return std::make_unique<EngineStore>(std::move(now), seed, std::move(note));
  }
  CHECK(false);
}

Command make_command(CommandBody body) {
  return {std::move(body), {}, false, {}};
}

}  // namespace

CampaignRun::CampaignRun(std::uint64_t seed, const SimOptions& options)
    : options_(options),
      world_(draw_world(seed, options.world)),
      random_(seed ^ 0x5eedULL),
      clock_{world_.starts_at - Duration::days(2), {}, 1, world_.starts_at - Duration::days(3)},
      store_(make_store(
          options.ledger, [this] { return clock_.wall(); }, random_.next(),
          [this](const char* point) { note(point); })),
      points_(random_.next(), [this] { return clock_.now; }),
      heard_points_(
          points_,
          [this](const char* call, std::string_view key, const PointsAnswer& answer, bool is_lost) {
            let_partner_hang();
            hear_partner(call, key, answer, is_lost);
          }),
      mail_(world_, random_.next()),
      people_(random_.next()),
      answers_(world_.messages.size()) {
  report_.seed = seed;
  watch_partner();
  fate_ = Fate::draw(random_, world_);
}

void CampaignRun::note(const char* point) {
  if (report_.reached.insert(point).second) trace(fmt::format("reached: {}", point));
}

void CampaignRun::complain(const std::string& what) {
  trace("VIOLATION: " + what);
  report_.violations.push_back(what);
}

bool CampaignRun::is_in_restored_time(Instant at) const {
  return at >= restored_from_ && at <= restored_until_;
}

bool CampaignRun::run() {
  set_up();
  store_->set_faults(fate_.store_faults);
  store_->set_intruder([this] { intrude(); });
  mail_.set_faults(fate_.mail_faults);
  points_.faults = fate_.points_faults;
  bring_up();
  live();
  if (!has_ended_) heal();
  report_.crashes = store_->crashes();
  const DiskCounters& disk = store_->disk().counters();
  report_.disk_faults = static_cast<std::int64_t>(
      disk.failed_writes + disk.failed_syncs + disk.failed_reads + disk.failed_others +
      disk.no_space + disk.bits_flipped + disk.writes_dropped + disk.writes_torn +
      disk.writes_forgotten + disk.names_dropped);
  report_.mail_faults = mail_.faults();
  if (disk.no_space > 0) note("full disk met");
  if (disk.writes_forgotten > 0) note("sync failed, and the disk lied afterwards");
  if (points_.lost_answers() > 0) note("answer lost after the partner acted");
  return !has_ended_;
}

void CampaignRun::set_up() {
  for (const CampaignRules& rules : world_.campaigns) {
    for (CommandBody body :
         {CommandBody(DraftCampaign{rules}), CommandBody(PublishCampaign{rules.id, {}})}) {
      const auto reply = store_->run(make_command(std::move(body)));
      CHECK(reply && is_success(reply->code));
    }
  }
}

Instant CampaignRun::find_next(Instant end) const {
  Instant next = std::min(end, clock_.now + kLongestSleep);
  const auto consider = [&next](std::optional<Instant> at) {
    if (at && *at < next) next = *at;
  };
  consider(mail_.next_at());
  // A reward on hold is looked at every other second, for days: nothing is lost if that is slower.
  const bool is_anybody_held =
      std::ranges::any_of(held_, [](const auto& held) { return held.second; });
  consider(node_->next_due(is_anybody_held ? clock_.now + kHeldNap : Instant::min()));
  consider(fate_.clock_steps_at);
  consider(fate_.clock_mended_at);
  consider(fate_.backup_at);
  consider(fate_.restore_at);
  return std::max(next, clock_.now + Duration{1});
}

void CampaignRun::live() {
  while (clock_.now < world_.ends_at && !has_ended_) {
    move_to(find_next(world_.ends_at));
    play_fate();
    bring_up();
    deliver_due();
    settle();
    if (!has_ended_) note_what_waits();  // else there may be no process to ask
    if (random_.chance(1, 12) && !has_ended_) people_.look(*node_, *store_, false);
    trace_fence();
  }
}

void CampaignRun::move_to(Instant at) {
  clock_.now = at;
  points_.is_out = at >= fate_.partner_out_from && at < fate_.partner_out_until;
}

void CampaignRun::play_fate() {
  const auto is_due = [this](std::optional<Instant>& at) {
    if (!at || *at > clock_.now) return false;
    at.reset();
    return true;
  };
  if (is_due(fate_.clock_steps_at)) step_clock();
  if (is_due(fate_.clock_mended_at)) {
    clock_.ahead = {};
    trace("the clock is put right");
    is_clock_right_ = true;
  }
  // Whoever put it right stays until the timers run: the store may die over it.
  if (is_clock_right_ && node_ && node_->is_clock_held() && !store_->is_down()) release_clock();
  if (is_due(fate_.backup_at) && !store_->is_down()) take_backup();
  if (is_due(fate_.restore_at) && backed_up_at_) restore();
}

void CampaignRun::release_clock() {
  const auto released = store_->run({ReleaseClock{clock_.read()}, "anna", false, {}});
  if (released && is_success(released->code)) note("clock released");
}

void CampaignRun::take_backup() {
  const auto sequence = store_->take_backup();
  if (!sequence) return;
  backed_up_at_ = clock_.now;
  backup_sequence_ = *sequence;
  trace(fmt::format("a backup is taken, up to #{}", backup_sequence_));
}

/// Small steps are what a time service makes; a large one is somebody's mistake, and is mended.
void CampaignRun::step_clock() {
  has_stepped_ = true;
  is_clock_right_ = false;
  const bool is_large = random_.chance(2, 3);
  clock_.ahead = is_large ? Duration::minutes(random_.between(2, 180))
                          : Duration::seconds(random_.between(-50, 50));
  trace(fmt::format("the clock steps by {} s", clock_.ahead.ms / 1000));
  fate_.clock_mended_at = clock_.now + Duration::minutes(random_.between(5, 600));
}

/// As `thaw restore` would: the folder of an earlier instant, effects fenced, and senders who send
/// again.
void CampaignRun::restore() {
  if (!store_->restore_backup()) return;
  trace(fmt::format("the backup of {} is restored, up to #{}", to_rfc3339(*backed_up_at_),
                    backup_sequence_));
  note("restored to an earlier instant");
  restored_from_ = *backed_up_at_;
  restored_until_ = clock_.now + Duration::days(1);
  sightings_.forget_after(backup_sequence_);
  traced_ = std::min(traced_, backup_sequence_);
  keyed_answers_.forget_since(restored_from_);
  std::erase_if(told_, [this](const ToldOutcome& told) { return told.at >= restored_from_; });
  points_.let_all_arrive();
  points_.forget_calls();
  node_.reset();
  if (std::string lost = store_->restart(); !lost.empty()) {
    complain(lost);
    has_ended_ = true;
    return;
  }
  for (int attempt = 0; attempt < 50; ++attempt) {
    if (store_->run({SetFence{true, "restored"}, {}, false, {}})) break;
    if (store_->is_down()) (void)store_->restart();
  }
  trace_fence();
  mail_.send_again_since(restored_from_, clock_.now);
}

void CampaignRun::bring_up() {
  for (int attempt = 0; (!node_ || store_->is_down()) && !has_ended_; ++attempt) {
    if (store_->is_down()) {
      note_what_was_torn();
      trace("the process died; it is started again");
      // Now and then only hours later: what fell due meanwhile comes as a herd.
      if (!is_between_ && random_.chance(1, 12)) {
        move_to(clock_.now + Duration::minutes(random_.between(1, 20 * 60)));
      }
      if (random_.chance(1, 2)) {
        ++clock_.boots;
        clock_.ahead_at_boot = clock_.ahead;
      }
      const std::string lost = store_->restart();
      if (!lost.empty() || attempt > 500) {
        complain(lost.empty() ? "it died again and again" : lost);
        has_ended_ = true;
        return;
      }
    }
    node_ =
        std::make_unique<Node>(NodeParts{*store_, heard_points_, clock_, world_, sightings_,
                                         [this] { take_turn_between(); },
                                         [this](const std::string& what) { complain(what); },
                                         [this](const char* point) { note(point); }, find_reader()},
                               random_.next());
    is_between_ = false;
    if (node_->open()) {
      trace("the process is up");
    } else if (!store_->is_down()) {
      store_->kill();
    }
  }
}

void CampaignRun::deliver_due() {
  while (!has_ended_) {
    const auto delivery = mail_.take(clock_.now);
    if (!delivery) return;
    bring_up();
    if (!has_ended_) deliver(*delivery);
  }
}

void CampaignRun::deliver(const Mail::Delivery& delivery) {
  ++report_.ticks;
  const bool is_answered = hand_over(delivery.message);
  if (is_traced()) trace_delivery(delivery, is_answered);
  if (is_answered) {
    mail_.note_answer(delivery, clock_.now);
  } else {
    note("sender tried again");
    mail_.note_failure(delivery, clock_.now);
  }
}

/// Called in the middle of a file. Nobody is brought up here: what is under way is on the stack.
void CampaignRun::take_turn_between() {
  if (is_between_ || has_ended_ || store_->is_down() || !node_) return;
  is_between_ = true;
  if (random_.chance(1, 3)) clock_.now = clock_.now + Duration::seconds(random_.between(1, 1200));
  if (random_.chance(1,
                     4)) {  // a large file takes as long as it takes: verdicts fall due meanwhile
    const auto due = node_->next_due();
    if (due && *due > clock_.now && *due < clock_.now + kLongestFile) clock_.now = *due;
  }
  if (const auto delivery = mail_.take(clock_.now)) {
    note("message in the middle of a file");
    deliver(*delivery);
  }
  for (std::uint64_t i = random_.below(4); i > 0 && !store_->is_down(); --i) (void)node_->step();
  is_between_ = false;
}

/// A command is decided and not yet written. The clock stands: it is a moment, and records keep
/// their order.
void CampaignRun::intrude() {
  if (is_between_ || has_ended_ || store_->is_down() || !node_) return;
  is_between_ = true;
  if (const auto delivery = mail_.take(clock_.now)) deliver(*delivery);
  if (!store_->is_down() && random_.chance(1, 2)) (void)node_->step();
  is_between_ = false;
}

/// One that does not read what is asked for, however often, is not waited for.
void CampaignRun::replace_disk() {
  trace("the disk does not read; it is replaced");
  fate_.store_faults.disk.failed_read = 0;
  store_->set_faults(fate_.store_faults);
}

void CampaignRun::settle() {
  for (std::int64_t step = 0; step < kSettleStepsMax; ++step) {
    bring_up();
    ++report_.ticks;
    if (has_ended_ || !node_->step()) return;
    if (node_->failures_in_a_row() == kPatience) replace_disk();
  }
  complain("it did not come to rest");
  has_ended_ = true;
}

/// Faults stop; everything must come to rest, also what waits for a key's life to end.
void CampaignRun::heal() {
  trace("faults end");
  fate_.store_faults = {};
  store_->set_faults(fate_.store_faults);
  mail_.set_faults({});
  points_.faults = {};
  points_.is_out = false;
  fate_.partner_out_from = fate_.partner_out_until = Instant::max();
  for (int round = 0; round < kHealRounds && !has_ended_; ++round) {
    move_to(clock_.now + kHealTick);
    clock_.ahead = {};
    bring_up();
    if (node_->is_clock_held()) release_clock();
    deliver_due();
    settle();
    if (!has_ended_) people_.look(*node_, *store_, true);
    trace_fence();
    if (!has_ended_) settle();
  }
}

void CampaignRun::note_what_waits() {
  store_->read([&](StateView& view) {
    const auto letters = view.scan(keys::dead_letters_of(kRewardLetters), 1);
    if (!letters.empty()) note("reward in a case");
  });
}

/// Names the states in which a crash was survived.
void CampaignRun::note_what_was_torn() {
  store_->read([&](StateView& view) {
    for (const auto& [key, row] : view.scan(keys::rewards_not_final(), 1'000)) {
      const auto queued = decode<QueuedReward>(row.bytes);
      const auto parts = queued ? parse_window_id(queued->window.text()) : std::nullopt;
      const auto stored =
          parts ? view.find(keys::reward(parts->member, queued->window, queued->issue))
                : std::nullopt;
      const auto reward = stored ? decode<Reward>(stored->bytes) : std::nullopt;
      if (reward && reward->has_attempt_open) note("crash between attempt and answer");
    }
    for (const audit::Enrolment& enrolment : world_.history.enrolments) {
      const WindowId window(enrolment.window_id);
      const auto row = view.find(keys::decision(window, 1));
      const auto decision = row ? decode<Decision>(row->bytes) : std::nullopt;
      if (decision && decision->verdict.outcome == Outcome::qualified &&
          !view.find(keys::reward(MemberId(enrolment.member), window))) {
        note("crash between decision and grant");
      }
    }
    if (!view.scan(keys::files_applying(), 1).empty()) note("crash with a file partly applied");
  });
}

}  // namespace thaw
