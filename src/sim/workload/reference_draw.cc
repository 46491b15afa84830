#include "sim/workload/reference_draw.h"

#include <fmt/format.h>

#include <algorithm>

namespace thaw {
namespace {

constexpr std::uint64_t kFirstId = 900'000;         // of messages; members are far below
constexpr Duration kToBeHeard = Duration::days(6);  // by then every sender has had an answer

class ReferenceDraw {
 public:
  ReferenceDraw(World& world, const Shape& shape, Random random, std::size_t members)
      : world_(world), shape_(shape), random_(random), members_(members) {}

  void draw() {
    const std::size_t claims = world_.history.claims.size();
    for (std::size_t i = 0; i < claims; ++i) {
      const std::optional<Told> told = find_told(i);
      if (told && random_.chance(shape_.passed_on, 100)) pass_on(i, *told);
    }
  }

 private:
  /// How a claim is sent.
  struct Told {
    Instant at;
    bool with_enrolment = false;  // which states no end of it
  };

  std::optional<Told> find_told(std::size_t claim) const {
    for (const Message& message : world_.messages) {
      const auto* alone = std::get_if<ClaimCall>(&message.body);
      if (alone && alone->claim == claim) return Told{message.at, false};
      const auto* enrol = std::get_if<EnrolCall>(&message.body);
      if (enrol && std::ranges::count(enrol->claims, claim) > 0) return Told{message.at, true};
    }
    return std::nullopt;
  }

  void pass_on(std::size_t index, const Told& told) {
    Instant until = world_.starts_at + Duration::hours(random_.between(0, 40 * 24));
    until = until + Duration::milliseconds(random_.below(3'600'000));
    const Instant ended_at = told.at + kToBeHeard;
    const bool is_told_later = told.with_enrolment || random_.chance(1, 2);
    if (is_told_later) {
      until = std::max(until, ended_at + kToBeHeard);  // what is placed stays where it is
      send(ended_at, EndClaimCall{index});
    }
    audit::Claim& claim = world_.history.claims[index];
    claim.until = until;
    claim.is_end_stated = !is_told_later;
    if (random_.chance(1, 5)) return;  // nobody's from then on
    const Duration gap = Duration::hours(random_.chance(1, 3) ? random_.between(1, 200) : 0);
    draw_next(claim, until + gap, is_told_later ? ended_at + kToBeHeard : world_.starts_at);
  }

  /// Claimed days before or after the first payment that may be by it; not before the first
  /// holder's end is known, since then it would be refused.
  void draw_next(audit::Claim next, Instant from, Instant earliest) {
    next.member = fmt::format("M{}", random_.below(members_));
    next.from = from;
    next.until = Instant::max();
    next.is_end_stated = false;
    world_.history.claims.push_back(next);
    const Instant at = from + Duration::hours(random_.between(-150, 250));
    send(std::max(earliest, at), ClaimCall{world_.history.claims.size() - 1});
  }

  void send(Instant at, decltype(Message::body) body) {
    world_.messages.push_back({at, kFirstId + next_id_++, std::move(body)});
  }

  World& world_;
  const Shape& shape_;
  Random random_;
  std::size_t members_;
  std::uint64_t next_id_ = 0;
};

}  // namespace

void draw_passing_on(World& world, const Shape& shape, Random random, std::size_t members) {
  ReferenceDraw(world, shape, random, members).draw();
}

}  // namespace thaw
