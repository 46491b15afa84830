#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/instant.h"
#include "base/random.h"
#include "sim/workload/world.h"

namespace thaw {

/// What the network does to a message, in parts of a hundred. Drawn for each seed.
struct MailFaults {
  std::uint64_t lost = 0;         // on its way here: its sender tries again later
  std::uint64_t answer_lost = 0;  // on its way back: likewise
  std::uint64_t delayed = 0;
  std::uint64_t doubled = 0;  // and comes again, hours or days later
};

/// Messages under way. Each comes again until its sender has an answer; what the network does to it
/// is drawn from its id and the count of its tries, so that other messages do not change it.
class Mail {
 public:
  Mail(const World& world, std::uint64_t seed);

  void set_faults(const MailFaults& faults) { faults_ = faults; }

  struct Delivery {
    std::size_t message = 0;  // of the world
    bool is_answer_lost = false;
    bool is_repeat = false;  // its sender has been answered before
  };
  /// What has arrived by `now`, first come first.
  std::optional<Delivery> take(Instant now);
  std::optional<Instant> next_at() const;

  /// The server has answered; `is_answer_lost`: and nobody heard.
  void note_answer(const Delivery& delivery, Instant now);
  /// There was no answer: it comes again.
  void note_failure(const Delivery& delivery, Instant now);
  /// Its senders find that what they sent since is not there: all of it comes again.
  void send_again_since(Instant since, Instant now);

  bool is_answered(std::size_t message) const { return answered_at_[message].has_value(); }
  /// Messages lost, delayed or doubled, and answers lost; each time.
  std::int64_t faults() const { return faults_count_; }

 private:
  struct Arrival {
    std::size_t message = 0;
    bool is_repeat = false;
  };
  Random draw_for(std::size_t message);
  void arrive(Instant at, Arrival arrival);

  const World& world_;
  std::uint64_t seed_;
  MailFaults faults_;
  std::multimap<Instant, Arrival> arrivals_;  // of one instant: as they were put in
  std::vector<std::uint64_t> tries_;
  std::vector<std::optional<Instant>> answered_at_;
  std::int64_t faults_count_ = 0;
};

}  // namespace thaw
