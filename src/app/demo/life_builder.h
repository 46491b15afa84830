#pragma once

#include <set>
#include <string>

#include "app/demo/life.h"
#include "base/random.h"

namespace thaw::demo {

/// How a card payment is reported, where that is not left to chance.
struct CardReports {
  bool has_webhook = true;
  bool has_record = true;
  bool may_vary = true;  // sent twice, late, settled a day later: by chance
  std::int64_t slots_late = 0;
};

struct BankReports {
  StatedTime stated = StatedTime::date;
  std::int64_t days_late = 0;
  bool has_id = true;
};

enum class ReversalBy { webhook, file, both };

/// Adds movements to one life, and their reports; counts the situations that come about.
class LifeBuilder {
 public:
  LifeBuilder(Life& life, std::size_t number, Random& random, Situations& situations);

  const Life& life() const { return life_; }
  Random& random() { return random_; }
  void enrol_at(Instant at, std::int64_t slots_late = 0);
  void claim_later(Duration after_enrolment);
  void count(const char* situation) { ++situations_[situation]; }

  /// At a waking hour, an hour or more away from the window's edges.
  Instant draw_inside();
  Instant draw_between(Instant from, Instant until);
  /// A dollar amount or two apart from all of this member's card payments so far: the pairing of
  /// webhooks and records is by amount, and only twins are meant to be equal.
  std::int64_t make_distinct(std::int64_t minor);

  std::size_t pay_by_card(Instant at, std::int64_t minor, CardReports reports = {});
  std::size_t pay_by_bank(Rail rail, Instant at, std::int64_t minor, BankReports reports = {});
  std::size_t withdraw(Instant at, std::int64_t minor, bool has_record);
  /// Takes `minor` back, or all of it.
  std::size_t reverse(std::size_t of, Instant at, std::optional<std::int64_t> minor, ReversalBy by);
  void correct(std::size_t of, std::int64_t minor);
  Movement& movement(std::size_t index) { return life_.movements[index]; }

 private:
  Movement& add(MovementKind kind, Rail rail, Instant at, std::int64_t minor);
  std::string make_id(const char* prefix) const;
  void report_by_webhook(Movement& movement, std::int64_t slots_late, bool may_repeat);
  void report_in_card_file(Movement& movement, bool is_next_day);

  Life& life_;
  std::size_t number_;
  Random& random_;
  Situations& situations_;
  std::set<std::int64_t> amounts_;
  bool loses_webhooks_;
};

}  // namespace thaw::demo
