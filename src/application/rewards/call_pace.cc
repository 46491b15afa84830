#include "application/rewards/call_pace.h"

#include <algorithm>

namespace thaw {
namespace {

constexpr std::int64_t kCall = 1000;  // tokens; a rate of n a second gives n of them a millisecond
constexpr std::int64_t kBurstMs = 100;

}  // namespace

CallPace::CallPace(CallPaceOptions options, std::function<std::int64_t()> monotonic_ms)
    : options_(options),
      monotonic_ms_(std::move(monotonic_ms)),
      filled_at_ms_(monotonic_ms_()),
      tokens_(kCall),
      rest_(options.rest) {}

bool CallPace::take() {
  if (is_open_ && (is_probing_ || monotonic_ms_() < probe_at_ms_)) return false;
  if (!take_token()) return false;
  is_probing_ = is_open_;
  return true;
}

bool CallPace::take_token() {
  if (options_.rate_max <= 0) return true;
  const std::int64_t now = monotonic_ms_();
  const std::int64_t most = std::max(kCall, options_.rate_max * kBurstMs);
  const std::int64_t passed = std::min<std::int64_t>(now - filled_at_ms_, 1000);
  tokens_ = std::min(most, tokens_ + passed * options_.rate_max);
  filled_at_ms_ = now;
  if (tokens_ < kCall) return false;
  tokens_ -= kCall;
  return true;
}

void CallPace::note_well() {
  failures_ = 0;
  is_open_ = false;
  is_probing_ = false;
  rest_ = options_.rest;
}

void CallPace::note_trouble() {
  const bool was_probe = is_probing_;
  is_probing_ = false;
  ++failures_;
  if (options_.failures_max <= 0 || failures_ < options_.failures_max) return;
  if (is_open_ && !was_probe) return;  // a call that left before the circuit opened
  if (is_open_) rest_ = std::min(options_.rest_max, rest_ + rest_);
  is_open_ = true;
  probe_at_ms_ = monotonic_ms_() + rest_.ms;
}

void CallPace::give_back() {
  is_probing_ = false;
  tokens_ += kCall;
}

}  // namespace thaw
