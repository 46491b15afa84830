#include "application/rewards/reward_worker.h"

#include <algorithm>

#include "domain/keys.h"

namespace thaw {
namespace {

Command make_command(CommandBody body) {
  return {std::move(body), {}, false, {}};
}

struct AnswerOf {
  RewardAnswer operator()(const PointsIssued&) const { return RewardAnswer::issued; }
  RewardAnswer operator()(const PointsFound& found) const {
    return found.state == PointsState::issued ? RewardAnswer::found_issued
                                              : RewardAnswer::found_reversed;
  }
  RewardAnswer operator()(const PointsNotFound&) const { return RewardAnswer::not_found; }
  RewardAnswer operator()(const PointsRetryLater&) const { return RewardAnswer::retry_later; }
  RewardAnswer operator()(const PointsNeverSent&) const { return RewardAnswer::never_sent; }
  RewardAnswer operator()(const PointsUnknown&) const { return RewardAnswer::unknown; }
  RewardAnswer operator()(const PointsRefused&) const { return RewardAnswer::refused; }
  RewardAnswer operator()(const PointsPaused&) const { return RewardAnswer::paused; }
};

std::string reference_of(const PointsOutcome& outcome) {
  if (const auto* issued = std::get_if<PointsIssued>(&outcome)) return issued->reference;
  if (const auto* found = std::get_if<PointsFound>(&outcome)) return found->reference;
  return {};
}

Duration wished_delay(const PointsOutcome& outcome) {
  if (const auto* later = std::get_if<PointsRetryLater>(&outcome)) {
    return later->retry_after.value_or(Duration{});
  }
  if (const auto* unknown = std::get_if<PointsUnknown>(&outcome)) {
    return unknown->retry_after.value_or(Duration{});
  }
  return {};
}

RewardCall call_for(RewardStep step) {
  switch (step) {
    case RewardStep::post: return RewardCall::post;
    case RewardStep::reverse: return RewardCall::reversal;
    case RewardStep::get:
    case RewardStep::none:
    case RewardStep::give_up: return RewardCall::get;
  }
  return RewardCall::get;
}

}  // namespace

RewardAnswer to_reward_answer(const PointsOutcome& outcome) {
  return std::visit(AnswerOf{}, outcome);
}

RewardWorker::RewardWorker(Ledger& ledger, Points& points, std::function<Instant()> now,
                           std::uint64_t seed, RewardWorkerOptions options,
                           std::function<std::int64_t()> monotonic_ms)
    : ledger_(ledger), points_(points), now_(std::move(now)), options_(options), random_(seed) {
  if (monotonic_ms) pace_.emplace(options.pace, std::move(monotonic_ms));
}

Status RewardWorker::open() {
  std::vector<std::pair<std::string, StoredRow>> queued;
  ledger_.read([&](StateView& view) { queued = view.scan(keys::rewards_not_final(), SIZE_MAX); });
  const std::scoped_lock lock(mutex_);
  for (const auto& [key, row] : queued) {
    const auto entry = decode<QueuedReward>(row.bytes);
    if (!entry) return fail(ErrorCode::corrupt, "unreadable queue row " + key);
    schedule_.insert({entry->next_try_at, {entry->window, entry->issue, true}});
  }
  return {};
}

void RewardWorker::notice(const WindowId& window) {
  const std::int64_t issue = find_last_issue_of(window);
  const std::scoped_lock lock(mutex_);
  if (in_flight_.contains(window)) {
    noticed_[window] = issue;
    return;
  }
  const auto same = [&](const Entry& entry) { return entry.job.window == window; };
  if (const auto found = std::find_if(schedule_.begin(), schedule_.end(), same);
      found != schedule_.end()) {
    Entry moved{now_(), found->job};
    moved.job.issue = std::max(moved.job.issue, issue);
    schedule_.erase(found);
    schedule_.insert(moved);
    return;
  }
  for (auto& [member, jobs] : waiting_) {
    const auto waits = std::ranges::find(jobs, window, &Job::window);
    if (waits == jobs.end()) continue;
    Job raised = *waits;
    raised.issue = std::max(raised.issue, issue);
    jobs.erase(waits);
    jobs.insert(raised);
    return;
  }
  schedule_.insert({now_(), {window, issue, false}});
}

std::int64_t RewardWorker::find_last_issue_of(const WindowId& window) {
  std::int64_t last = 1;
  while (read_reward({window, last + 1, false})) ++last;
  return last;
}

std::optional<Instant> RewardWorker::next_due() const {
  const std::scoped_lock lock(mutex_);
  if (schedule_.empty()) return std::nullopt;
  return std::max(schedule_.begin()->due, paused_until_);
}

bool RewardWorker::is_paused() const {
  const std::scoped_lock lock(mutex_);
  return is_paused_;
}

bool RewardWorker::is_circuit_open() const {
  const std::scoped_lock lock(mutex_);
  return pace_ && pace_->is_open();
}

std::optional<RewardWorker::Job> RewardWorker::take_due() {
  const std::scoped_lock lock(mutex_);
  const Instant now = now_();
  if (now < paused_until_ || in_flight_.size() >= options_.max_in_flight) return std::nullopt;
  if (is_paused_ && !in_flight_.empty()) return std::nullopt;  // one probe at a time
  if (schedule_.empty() || schedule_.begin()->due > now) return std::nullopt;
  if (pace_ && !pace_->take()) return std::nullopt;
  const Job job = schedule_.begin()->job;
  schedule_.erase(schedule_.begin());
  in_flight_.insert(job.window);
  return job;
}

void RewardWorker::put_back(const Job& job, Instant due) {
  const std::scoped_lock lock(mutex_);
  in_flight_.erase(job.window);
  const auto [raised, is_news] = take_notice(job);
  schedule_.insert({is_news ? now_() : due, raised});
}

/// Under the lock. The job, for the issue that was noticed meanwhile.
std::pair<RewardWorker::Job, bool> RewardWorker::take_notice(const Job& job) {
  Job raised = job;
  const auto noticed = noticed_.extract(job.window);
  if (noticed) raised.issue = std::max(job.issue, noticed.mapped());
  return {raised, !noticed.empty()};
}

void RewardWorker::finish(const Job& job) {
  const std::scoped_lock lock(mutex_);
  in_flight_.erase(job.window);
  if (auto [again, is_news] = take_notice(job); is_news) {
    again.replaces_open = false;
    schedule_.insert({now_(), again});
  }
  if (const auto parts = parse_window_id(job.window.text())) wake_waiting(parts->member);
}

/// Under the lock. Those that still have to wait will find out.
void RewardWorker::wake_waiting(const MemberId& member) {
  const auto waiting = waiting_.find(member);
  if (waiting == waiting_.end()) return;
  for (const Job& job : waiting->second) schedule_.insert({now_(), job});
  waiting_.erase(waiting);
}

void RewardWorker::wait_for_earlier(const Job& job, const Reward& reward) {
  {
    const std::scoped_lock lock(mutex_);
    in_flight_.erase(job.window);
    waiting_[reward.member].insert(take_notice(job).first);
  }
  if (holds_up(reward)) return;
  // The earlier one became final between the look and the wait: nobody else would wake this one.
  const std::scoped_lock lock(mutex_);
  wake_waiting(reward.member);
}

std::optional<Reward> RewardWorker::read_reward(const Job& job) {
  const auto parts = parse_window_id(job.window.text());
  if (!parts) return std::nullopt;
  std::optional<Reward> reward;
  ledger_.read([&](StateView& view) {
    if (const auto row = view.find(keys::reward(parts->member, job.window, job.issue))) {
      reward = decode<Reward>(row->bytes);
    }
  });
  return reward;
}

Fence RewardWorker::read_fence() {
  Fence fence;
  ledger_.read([&](StateView& view) {
    if (const auto row = view.find(keys::fence())) {
      fence = decode<Fence>(row->bytes).value_or(Fence{true, {}, "unreadable fence"});
    }
  });
  return fence;
}

/// First in, first out for each member: an earlier reward that is not final goes first.
bool RewardWorker::holds_up(const Reward& reward) {
  std::vector<std::pair<std::string, StoredRow>> first;
  const std::string own =
      keys::reward_not_final(reward.member, reward.requested_at, reward.window, reward.issue);
  const std::string prefix = own.substr(0, own.find('\x1f') + 1);
  ledger_.read([&](StateView& view) { first = view.scan(prefix, 1); });
  return !first.empty() && first.front().first < own;
}

Result<bool> RewardWorker::step() {
  const auto job = take_due();
  if (!job) return false;
  bool has_called = false;
  const auto done = work(*job, has_called);
  if (!done) put_back(*job, now_() + options_.backoff_base);
  if (pace_ && !has_called) {
    const std::scoped_lock lock(mutex_);
    pace_->give_back();
  }
  return done;
}

Result<bool> RewardWorker::work(const Job& job, bool& has_called) {
  auto reward = read_reward(job);
  if (reward && reward->has_attempt_open && job.replaces_open) {
    if (const Status closed = close_left_open(job, *reward); !closed) return fail_with(closed);
    reward = read_reward(job);
  }
  if (!reward || (is_final(reward->state)) || reward->in_case) {
    finish(job);
    return true;
  }
  if (holds_up(*reward)) {
    wait_for_earlier(job, *reward);
    return true;
  }
  if (reward->next_try_at > now_()) {
    put_back(job, reward->next_try_at);
    return true;
  }
  const Fence fence = read_fence();
  const RewardStep step = next_reward_step(*reward, options_.policy, fence, now_());
  if (step == RewardStep::give_up) {
    const auto given_up =
        ledger_.run(make_command(GiveUpReward{job.window, job.issue, options_.policy}));
    if (!given_up) return fail_with(given_up);
    if (!is_success(given_up->code)) {  // a change since we looked: it is not silently dropped
      put_back(job, now_() + options_.backoff_base);
      return true;
    }
    finish(job);
    return true;
  }
  if (step == RewardStep::none && fence.is_up) {
    put_back(job, now_() + options_.pause);  // asked for; sent when the fence is lifted
    return true;
  }
  if (step == RewardStep::none) {
    finish(job);
    return true;
  }
  return attempt(job, *reward, step, has_called);
}

/// An attempt without a result, found at a start: the process that began it is gone, and whether
/// the partner acted is unknown. That is recorded before anything else is decided about the reward.
Status RewardWorker::close_left_open(const Job& job, const Reward& reward) {
  const auto closed = ledger_.run(make_command(RecordRewardAnswer{job.window,
                                                                  job.issue,
                                                                  reward.attempts.back().number,
                                                                  RewardAnswer::unknown,
                                                                  "no_answer",
                                                                  {},
                                                                  {},
                                                                  options_.policy}));
  return closed ? Status() : fail_with(closed);
}

PointsAnswer RewardWorker::call_partner(const Reward& reward, RewardCall call) {
  switch (call) {
    case RewardCall::post:
      return points_.issue(
          {reward.member.text(), reward.points, reward.idempotency_key, reward.campaign.text()});
    case RewardCall::get: return points_.find(reward.idempotency_key);
    case RewardCall::reversal: return points_.reverse(reward.idempotency_key);
  }
  return {};
}

Result<bool> RewardWorker::attempt(const Job& job, const Reward& reward, RewardStep step,
                                   bool& has_called) {
  const auto started = ledger_.run(
      make_command(StartRewardAttempt{job.window, job.issue, call_for(step), options_.policy}));
  if (!started) return fail_with(started);
  if (started->code != ReplyCode::ok) {  // another worker, a hold, or a change since we looked
    put_back(job, now_() + options_.backoff_base);
    return true;
  }
  const PointsAnswer answer = call_partner(reward, call_for(step));
  has_called = true;
  note_pace(answer.outcome);
  const RewardAnswer meaning = to_reward_answer(answer.outcome);
  const Duration backoff = draw_backoff(reward, answer);
  const auto recorded = ledger_.run(
      make_command(RecordRewardAnswer{job.window, job.issue, started->count, meaning, answer.result,
                                      reference_of(answer.outcome), backoff, options_.policy}));
  if (!recorded) return fail_with(recorded);
  note_pause(meaning);
  const auto after = read_reward(job);
  if (after && !is_final(after->state) && !after->in_case) {
    put_back({job.window, job.issue, false}, after->next_try_at);
  } else {
    finish(job);
  }
  return true;
}

/// What says that the partner is overloaded or away counts towards the open circuit.
void RewardWorker::note_pace(const PointsOutcome& outcome) {
  if (!pace_) return;
  const std::scoped_lock lock(mutex_);
  const bool is_trouble = std::holds_alternative<PointsNeverSent>(outcome) ||
                          std::holds_alternative<PointsUnknown>(outcome) ||
                          std::holds_alternative<PointsRetryLater>(outcome);
  is_trouble ? pace_->note_trouble() : pace_->note_well();
}

void RewardWorker::note_pause(RewardAnswer answer) {
  const std::scoped_lock lock(mutex_);
  is_paused_ = answer == RewardAnswer::paused;
  if (is_paused_) paused_until_ = now_() + options_.pause;
}

/// Full jitter: anywhere between nothing and the doubled base, capped; never before the partner's
/// wish.
Duration RewardWorker::draw_backoff(const Reward& reward, const PointsAnswer& answer) {
  const std::scoped_lock lock(mutex_);
  std::int64_t most = options_.backoff_base.ms;
  for (std::size_t i = 0; i < reward.attempts.size() && most < options_.backoff_cap.ms; ++i) {
    most *= 2;
  }
  most = std::min(most, options_.backoff_cap.ms);
  const Duration drawn{random_.between(0, most)};
  return std::max(drawn, wished_delay(answer.outcome));
}

}  // namespace thaw
