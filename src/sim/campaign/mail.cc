#include "sim/campaign/mail.h"

namespace thaw {
namespace {

constexpr Duration kRetryMin = Duration::seconds(5);
constexpr Duration kRetryMax = Duration::minutes(40);
constexpr Duration kDelayMax = Duration::hours(5);
constexpr Duration kRepeatMax = Duration::days(4);

Duration between(Random& random, Duration least, Duration most) {
  return Duration::milliseconds(random.between(least.ms, most.ms));
}

}  // namespace

Mail::Mail(const World& world, std::uint64_t seed)
    : world_(world),
      seed_(seed),
      tries_(world.messages.size()),
      answered_at_(world.messages.size()) {
  for (std::size_t i = 0; i < world.messages.size(); ++i) {
    arrive(world.messages[i].at, {i, false});
  }
}

Random Mail::draw_for(std::size_t message) {
  return Random(seed_ ^ (world_.messages[message].id * 0x9e3779b97f4a7c15ULL) ^ ++tries_[message]);
}

void Mail::arrive(Instant at, Arrival arrival) {
  arrivals_.emplace(at, arrival);
}

std::optional<Instant> Mail::next_at() const {
  return arrivals_.empty() ? std::nullopt : std::optional(arrivals_.begin()->first);
}

std::optional<Mail::Delivery> Mail::take(Instant now) {
  while (!arrivals_.empty() && arrivals_.begin()->first <= now) {
    const Arrival arrival = arrivals_.begin()->second;
    arrivals_.erase(arrivals_.begin());
    Random random = draw_for(arrival.message);
    if (random.chance(faults_.lost, 100)) {
      ++faults_count_;
      arrive(now + between(random, kRetryMin, kRetryMax), arrival);
    } else if (random.chance(faults_.delayed, 100)) {
      ++faults_count_;
      arrive(now + between(random, kRetryMin, kDelayMax), arrival);
    } else {
      return Delivery{arrival.message, random.chance(faults_.answer_lost, 100), arrival.is_repeat};
    }
  }
  return std::nullopt;
}

void Mail::note_answer(const Delivery& delivery, Instant now) {
  Random random = draw_for(delivery.message);
  if (delivery.is_answer_lost) {
    ++faults_count_;
    return arrive(now + between(random, kRetryMin, kRetryMax),
                  {delivery.message, delivery.is_repeat});
  }
  answered_at_[delivery.message] = now;
  if (random.chance(faults_.doubled, 100)) {
    ++faults_count_;
    arrive(now + between(random, kRetryMin, kRepeatMax), {delivery.message, true});
  }
}

void Mail::note_failure(const Delivery& delivery, Instant now) {
  Random random = draw_for(delivery.message);
  arrive(now + between(random, kRetryMin, kRetryMax), {delivery.message, delivery.is_repeat});
}

void Mail::send_again_since(Instant since, Instant now) {
  for (std::size_t i = 0; i < answered_at_.size(); ++i) {
    if (!answered_at_[i] || *answered_at_[i] < since) continue;
    answered_at_[i].reset();
    arrive(now, {i, false});
  }
}

}  // namespace thaw
