#pragma once

#include <vector>

#include "base/random.h"
#include "sim/workload/shape.h"
#include "sim/workload/world.h"

namespace thaw {

/// A record on its way into a file of its provider.
struct PendingRecord {
  audit::Line line;  // of whatever file it will stand in
  Instant ready_at;
};

/// Draws one member's life: enrolments, claims, payments, and all that is said of them.
class MemberDraw {
 public:
  MemberDraw(World& world, const Shape& shape, std::uint64_t seed, std::size_t index);

  void draw(std::vector<PendingRecord>& records);

 private:
  bool happens(std::uint64_t parts) { return random_.chance(parts, 100); }
  void send(Instant at, decltype(Message::body) body);
  void send_webhook(Instant at, audit::Line line);
  void put_in_file(Instant ready_at, audit::Line line);
  bool draw_nameless(Instant ready_at, audit::Line record);

  Duration draw_delay();
  void draw_enrolments();
  void draw_claims();
  void draw_payment(int n);
  void draw_card(int n, const audit::Line& load);
  void draw_account(int n, audit::Line load);
  void draw_npp(int n, audit::Line load);
  void draw_withdrawal(int n);
  void draw_refused(int n);
  void draw_consequences(const audit::Line& named, bool by_webhook);
  void draw_reversal(const audit::Line& named, bool by_webhook);
  void draw_correction(const audit::Line& named);
  void draw_other_amount(audit::Line line);
  void draw_conflict(audit::Line line);
  void draw_twin(audit::Line line);

  audit::Line make_line(const char* provider, std::string id, const char* rail);
  audit::Line as_record(audit::Line line, const char* provider, std::string id);
  Instant draw_time();
  Instant draw_sent(Instant made_at);
  Instant draw_sent_after(Instant made_at, std::int64_t least, std::int64_t most);
  std::int64_t draw_amount();

  World& world_;
  const Shape& shape_;
  Random random_;
  Random later_;  // for what was added later: the older draws stay as they were
  std::size_t index_;
  std::string member_;
  Instant enrolled_at_;
  Instant ends_at_;
  Instant decides_at_;
  std::string crn_;
  std::string account_;
  std::uint64_t next_id_;
  std::optional<std::size_t> enrol_message_;  // of the first campaign
  std::vector<PendingRecord>* records_ = nullptr;
};

}  // namespace thaw
