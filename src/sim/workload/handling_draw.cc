#include "sim/workload/handling_draw.h"

#include <fmt/format.h>

namespace thaw {
namespace {

constexpr std::uint64_t kFirstId = 800;  // of a member's thousand (member_draw.cc)
constexpr std::uint64_t kIdsPerMember = 1'000;

class HandlingDraw {
 public:
  HandlingDraw(World& world, const Shape& shape, Random random, std::size_t index)
      : world_(world),
        shape_(shape),
        random_(random),
        member_(fmt::format("M{}", index)),
        next_id_((index + 1) * kIdsPerMember + kFirstId) {}

  void draw() {
    const std::size_t enrolments = world_.history.enrolments.size();
    for (std::size_t i = 0; i < enrolments; ++i) {
      if (world_.history.enrolments[i].member != member_) continue;
      const Instant at = draw_time(world_.history.enrolments[i]);
      const bool is_cancelled = happens(is_grouped() ? 40 : shape_.cancel);
      if (is_cancelled) send(at, CancelCall{i});
      if (happens(shape_.hold)) draw_hold(world_.history.enrolments[i]);
      const std::uint64_t again = is_grouped() ? 80 : shape_.enrol_again;
      if (happens(is_cancelled ? again : again / 10)) enrol_again(i, at);
    }
  }

 private:
  bool happens(std::uint64_t parts) { return random_.chance(parts, 100); }

  /// One campaign of all is allowed, and another one may be free after a cancel.
  bool is_grouped() const { return !world_.campaigns.front().exclusion_group.empty(); }

  void send(Instant at, decltype(Message::body) body) {
    world_.messages.push_back({at, next_id_++, std::move(body)});
  }

  /// In the window, in grace, at their very edges, while files may be awaited, after the verdict.
  Instant draw_time(const audit::Enrolment& enrolment) {
    const audit::Rules& rules = world_.history.rules[enrolment.rules];
    const Instant ends_at = enrolment.enrolled_at + rules.window;
    const Instant decides_at = ends_at + rules.grace;
    const auto between = [this](Instant from, Instant until) {
      return from + Duration::milliseconds(random_.between(0, until.ms - from.ms));
    };
    const Instant edges[] = {enrolment.enrolled_at, ends_at - Duration{1}, ends_at,
                             decides_at - Duration{1}, decides_at};
    switch (random_.below(6)) {
      case 0: return edges[random_.below(std::size(edges))];
      case 1: return between(ends_at, decides_at);
      case 2: return between(decides_at, decides_at + Duration::hours(6));
      case 3: return between(decides_at, decides_at + Duration::days(6));
      default: return between(enrolment.enrolled_at, ends_at);
    }
  }

  /// Most about the time when the reward is due; many are lifted, some come twice, some stay.
  void draw_hold(const audit::Enrolment& enrolment) {
    const audit::Rules& rules = world_.history.rules[enrolment.rules];
    const Instant decides_at = enrolment.enrolled_at + rules.window + rules.grace;
    Instant at = random_.chance(1, 5) ? enrolment.enrolled_at - Duration::hours(5)
                                      : decides_at + Duration::minutes(random_.between(-900, 600));
    for (bool goes_on = true; goes_on; goes_on = random_.chance(1, 4)) {
      send(at, HoldCall{member_, true});
      if (random_.chance(1, 4)) return;
      at = std::max(at, decides_at) + Duration::minutes(random_.between(1, 4 * 24 * 60));
      send(at, HoldCall{member_, false});
      at = at + Duration::minutes(random_.between(1, 300));
    }
  }

  /// With another content, since it is another time: the member is in the campaign once and for
  /// all.
  void enrol_again(std::size_t first, Instant after) {
    audit::Enrolment again = world_.history.enrolments[first];
    again.enrolled_at = after + Duration::minutes(random_.between(1, 3'000));
    if (is_grouped() && random_.chance(2, 3))
      again.rules = (again.rules + 1) % world_.campaigns.size();
    const audit::Rules& rules = world_.history.rules[again.rules];
    const Instant decides_at = again.enrolled_at + rules.window + rules.grace;
    if (decides_at + Duration::days(8) > world_.ends_at) return;  // should it be admitted after all
    const CampaignId& campaign = world_.campaigns[again.rules].id;
    again.window_id = make_window_id(campaign, MemberId(member_), again.enrolled_at).text();
    world_.history.enrolments.push_back(again);
    send(again.enrolled_at, EnrolCall{world_.history.enrolments.size() - 1, {}});
  }

  World& world_;
  const Shape& shape_;
  Random random_;
  std::string member_;
  std::uint64_t next_id_;
};

}  // namespace

void draw_handling(World& world, const Shape& shape, Random random, std::size_t index) {
  HandlingDraw(world, shape, random, index).draw();
}

}  // namespace thaw
