#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"

namespace thaw::audit {

// What a reader of SPEC who has never seen the domain's code would expect of a history. It shares
// nothing with `src/domain`: words are SPEC's own spelling, money is plain minor units.

/// A campaign's rules, SPEC §2.1.
struct Rules {
  std::string campaign;
  std::string currency = "AUD";
  std::int64_t threshold_minor = 50'000;
  Duration window = Duration::days(30);
  Duration grace = Duration::hours(48);
  std::vector<std::string> rails;
  std::string withdrawal_policy = "deduct";
  std::int64_t minimum_minor = 0;                     // zero: none
  std::optional<std::int64_t> maximum_counted_minor;  // a load counts up to it
  std::int64_t points = 0;                            // whoever qualifies earns them
};

/// How a provider's lines are read: SPEC §2.3, §2.4.
struct Provider {
  std::string id;
  std::vector<std::string> rails;           // that it may send
  std::vector<std::string> settles_for;     // besides itself
  std::vector<std::string> not_by_webhook;  // of its rails: those that come by file only
  std::vector<std::string> not_by_file;
  std::string time_zone = "Australia/Sydney";
  bool is_cumulative = false;  // `series`: a later file of a day repeats the earlier ones
  std::int64_t card_lag_days = 7;
  std::int64_t account_lag_days = 5;
};

/// A claim of a reference: from the instant on, until the instant (half-open).
struct Claim {
  std::string type;   // bpay_crn, …
  std::string value;  // as claimed
  std::string member;
  Instant from = Instant::min();
  Instant until = Instant::max();
  bool is_end_stated = false;  // with the claim; else it was ended later, long before `until`
  Instant claimed_at;          // recorded
};

struct Enrolment {
  std::string window_id;
  std::string member;
  std::size_t rules = 0;  // index into History::rules
  Instant enrolled_at;
  bool is_cancelled = false;  // at some time: no verdict, and nothing is judged for it any more
};

/// A time as its sender states it: an instant, or a date alone in the provider's zone.
struct Stated {
  std::optional<Instant> instant;
  std::optional<CivilDate> date;
  bool is_given() const { return instant || date; }
};

/// One line as it was sent, once for each time that it was sent with other content, or by another
/// path or file; a webhook repeated to the letter is one line.
struct Line {
  std::string provider;
  std::string kind;  // load, withdrawal, reversal, correction
  std::string txn_id;
  bool has_own_id = true;  // off: its sender gave none, and `txn_id` is made up (made_id.h)
  std::string rail;        // empty: none stated
  std::string currency = "AUD";
  std::optional<std::int64_t> minor;  // nothing: not stated (a whole reversal)
  std::string member;                 // stated; empty: by reference
  std::string reference_type;
  std::string reference;
  Stated made_at;        // webhook: occurred_at. File: initiated_at, may be missing
  Stated settled_at;     // files only
  std::string reverses;  // reversal, correction: the id that it names, of the same provider
  std::string
      reverses_kind;  // "load", "withdrawal"; empty: the load of that id, else the withdrawal
  bool by_file = false;
  std::string file_id;  // the header's
  std::int64_t file_line = 0;
  Instant file_created_at;
  std::string text;           // free, of a file's record
  Instant received_at;        // the clock at which a webhook was judged for the future
  Instant recorded_at;        // durable; of a file's line, its file's acceptance
  std::int64_t sequence = 0;  // order of recording: says which of two conflicting was first
  bool is_gone = false;       // kept with a member and expired: its identity stays taken
};

struct History {
  std::vector<Rules> rules;
  std::vector<Provider> providers;
  std::vector<Claim> claims;
  std::vector<Enrolment> enrolments;
  std::vector<Line> lines;
};

struct Totals {
  std::int64_t instant = 0;
  std::int64_t settled = 0;
  std::int64_t withdrawn = 0;
  std::int64_t qualifying = 0;
  bool operator==(const Totals&) const = default;
};

/// What held lines could still turn out to be, SPEC §2.6, docs/adr/0034; no more than there is.
struct Bounds {
  std::int64_t add = 0;        // to the loads
  std::int64_t take = 0;       // from them
  std::int64_t withdraw = 0;   // beside what was withdrawn
  std::int64_t give_back = 0;  // of it
  bool operator==(const Bounds&) const = default;
};

/// What SPEC demands for one enrolment of one set of lines.
struct Expected {
  // Parallel to History::lines; empty: not this member's, or rejected.
  std::vector<std::string> placed;
  std::vector<std::int64_t> counted;  // likewise: counted_amount
  Totals totals;
  std::int64_t confirmed = 0;  // part of `totals.instant` that a file has shown, too
  Bounds bounds;
  std::string outcome;  // qualified, not_qualified, in_review
  std::string reason;
  std::int64_t owed_points = 0;  // to the member, by this verdict
};

/// Which lines a verdict takes in, by index into History::lines.
using IsTakenIn = std::function<bool(std::size_t line)>;

/// Predicts placements, totals and verdict of one enrolment from the lines taken in; a line of the
/// member that is not is `excluded:late`, or what excludes it anyway. A claim holds for all lines
/// of its time: one that was kept until after the cut-off is not to be taken in. Pure; slow on
/// purpose where slow is plain.
Expected expect(const History& history, std::size_t enrolment, const IsTakenIn& is_taken_in);

/// The better of two placements of one line for different enrolments (SPEC §2.4, end); of nothing
/// and one, that one.
std::string_view better_of(std::string_view a, std::string_view b);

/// The one placement that a line has over all of its member's enrolments (SPEC §2.4, end), all
/// lines taken in.
std::string expect_outcome(const History& history, std::size_t line);

}  // namespace thaw::audit
