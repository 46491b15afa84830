#pragma once

#include <span>
#include <vector>

#include "domain/campaign.h"
#include "domain/line.h"

namespace thaw {

/// An enrolment as the placing of lines sees it.
struct PlacingWindow {
  Instant enrolled_at;
  Instant ends_at;                       // half-open: this instant no longer counts
  Instant decides_at;                    // end of grace
  const CampaignRules* rules = nullptr;  // outlives the call
};

/// Where one line stands for one enrolment.
struct WindowPlacing {
  Placed placed = Placed::kept;
  Minor counted;  // what it adds to the total, or takes as reversal or withdrawal
};

/// Where one line stands.
struct LinePlacing {
  std::vector<WindowPlacing> windows;   // parallel to the windows asked for
  Placed outcome = Placed::kept;        // the best of them
  std::optional<std::size_t> confirms;  // index of the line whose load it confirms
};

/// What the lines add up to for one enrolment (SPEC §1, §2.5). The four `could_` amounts bound what
/// held lines may still change.
struct Totals {
  Minor instant;         // counted loads that any webhook reported
  Minor settled;         // counted loads known from files only
  Minor confirmed;       // part of `instant` that a settlement record has also shown
  Minor withdrawn;       // W(window) + max(0, W(grace) - L(grace))
  Minor held;            // value of held lines: of an excess or a difference only that, of a
                         // correction, and of what states no amount, nothing
  Minor could_add;       // to the loads
  Minor could_take;      // from the loads
  Minor could_withdraw;  // on top of `withdrawn`
  Minor could_return;    // off `withdrawn`

  Minor cumulative() const { return instant + settled; }
  friend bool operator==(const Totals&, const Totals&) = default;
};

template <typename Archive>
void describe(Archive& ar, Totals& t) {
  ar(t.instant, t.settled, t.confirmed, t.withdrawn, t.held, t.could_add, t.could_take,
     t.could_withdraw, t.could_return);
}

struct Placing {
  std::vector<LinePlacing> lines;  // parallel to the lines
  std::vector<Totals> totals;      // parallel to the windows
};

/// Places every line of one member and adds up every enrolment, each judged by itself: SPEC §2.3 to
/// §2.5 whole. A pure
/// function of the two sets: neither order of arrival nor order of the spans changes the result,
/// but for `identity_conflict`, which is a recorded fact of the line.
Placing place_lines(std::span<const Line> lines, std::span<const PlacingWindow> windows);

}  // namespace thaw
