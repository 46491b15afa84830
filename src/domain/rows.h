#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/campaign.h"
#include "domain/eligibility.h"
#include "domain/line.h"
#include "domain/placing.h"

// The durable state of thaw: one struct a row, its fields listed once for the codec
// (docs/formats/rows.md). Keys are made in keys.h. Fields are only ever added at the end.

namespace thaw {

/// A campaign's head: what is being drafted, and the newest published version.
struct Campaign {
  CampaignId id;
  CampaignStatus status = CampaignStatus::draft;
  std::int64_t published_version = 0;  // zero: none yet
  std::optional<CampaignRules> draft;
};
template <typename Archive>
void describe(Archive& ar, Campaign& c) {
  ar(c.id, c.status, c.published_version, c.draft);
}

/// Points promised to members admitted and not yet refused (SPEC §2.1, "Budget is reserved").
struct CampaignBudget {
  std::int64_t reserved_points = 0;
};
template <typename Archive>
void describe(Archive& ar, CampaignBudget& b) {
  ar(b.reserved_points);
}

/// One file that the calendar expects, its local day resolved at the edge.
struct ExpectedFile {
  std::string business_date;  // "2025-11-03", local to the provider
  Instant day_from;
  Instant day_until;
  Instant due_at;
  friend bool operator==(const ExpectedFile&, const ExpectedFile&) = default;
};
template <typename Archive>
void describe(Archive& ar, ExpectedFile& e) {
  ar(e.business_date, e.day_from, e.day_until, e.due_at);
}

/// What configuration says of a provider, as far as rules depend on it. Journaled whenever it
/// changes.
struct ProviderSettings {
  ProviderId id;
  std::vector<Rail> rails;             // that it may send
  std::vector<ExpectedFile> expected;  // in order of date; empty: no file is waited for
  std::vector<Rail> not_by_webhook;    // of `rails`: those that come by the other path only
  std::vector<Rail> not_by_file;
  friend bool operator==(const ProviderSettings&, const ProviderSettings&) = default;
};
template <typename Archive>
void describe(Archive& ar, ProviderSettings& p) {
  ar(p.id, p.rails, p.expected, p.not_by_webhook, p.not_by_file);
}

/// When a provider's files are expected: a row apart, since every load reads the settings.
struct ProviderCalendar {
  std::vector<ExpectedFile> expected;
  friend bool operator==(const ProviderCalendar&, const ProviderCalendar&) = default;
};
template <typename Archive>
void describe(Archive& ar, ProviderCalendar& c) {
  ar(c.expected);
}

/// The providers whose files are waited for.
struct ProviderList {
  std::vector<ProviderId> providers;
};
template <typename Archive>
void describe(Archive& ar, ProviderList& l) {
  ar(l.providers);
}

/// Which lines a decision took in.
struct DecisionCut {
  Instant before;                  // recorded before this instant,
  std::int64_t arrivals = 0;       // or, for a revision, among the member's first so many lines,
  std::vector<std::int64_t> also;  // or one of these arrivals, ascending: of awaited files, or of
                                   // what has been said of the lines under review;
  std::vector<std::int64_t> without;  // but, after a review, none of these; ascending
  friend bool operator==(const DecisionCut&, const DecisionCut&) = default;
};
template <typename Archive>
void describe(Archive& ar, DecisionCut& c) {
  ar(c.before, c.arrivals, c.also, c.without);
}

/// A file that an enrolment waits for.
struct AwaitedFile {
  ProviderId provider;
  std::string business_date;  // of an expected file; empty where `file` is known
  FileId file;                // accepted, not yet wholly applied
  friend bool operator==(const AwaitedFile&, const AwaitedFile&) = default;
};
template <typename Archive>
void describe(Archive& ar, AwaitedFile& a) {
  ar(a.provider, a.business_date, a.file);
}

/// One member in one campaign (SPEC §2.2).
struct Enrolment {
  WindowId id;
  CampaignId campaign;
  std::int64_t campaign_version = 0;
  Instant enrolled_at;
  Instant ends_at;
  Instant decides_at;
  EnrolmentState state = EnrolmentState::active;
  std::int64_t generation = 0;  // fences timers: each change of state raises it
  std::int64_t points = 0;
  Totals totals;
  std::int64_t revision = 0;  // of the decision in force; zero: none
  Outcome outcome = Outcome::not_qualified;
  VerdictReason reason = VerdictReason::below_threshold;
  Instant decided_at;
  DecisionCut cut;
  Instant waits_until;  // end of the wait for files
  std::vector<AwaitedFile> awaited;
  std::string request_hash;   // 16 bytes of the enrolment as sent: a repeat or a conflict
  std::string revision_case;  // open case that proposes another verdict; empty: none
  std::vector<std::string> blocking_cases;  // open cases that keep it in review
  std::string revision_cause;               // a revision is due for this cause; empty: none
  std::vector<std::string> revision_people;
  std::int64_t revision_refused = 0;  // the member's arrivals when a person last refused a revision
  friend bool operator==(const Enrolment&, const Enrolment&) = default;
};
template <typename Archive>
void describe(Archive& ar, Enrolment& e) {
  ar(e.id, e.campaign, e.campaign_version, e.enrolled_at, e.ends_at, e.decides_at, e.state,
     e.generation, e.points, e.totals, e.revision, e.outcome, e.reason, e.decided_at, e.cut,
     e.waits_until, e.awaited, e.request_hash, e.revision_case, e.blocking_cases, e.revision_cause,
     e.revision_people, e.revision_refused);
}

/// A reference that names a member in files: the value as a keyed hash, never in clear (SPEC §3.5).
struct ReferenceKey {
  std::string type;  // bpay_crn, account_bsb_number, payid, card_token
  std::string hash;
  friend auto operator<=>(const ReferenceKey&, const ReferenceKey&) = default;
};
template <typename Archive>
void describe(Archive& ar, ReferenceKey& r) {
  ar(r.type, r.hash);
}

struct ReferenceClaim {
  MemberId member;
  Instant from;
  Instant until = Instant::max();
  Instant claimed_at;
  friend bool operator==(const ReferenceClaim&, const ReferenceClaim&) = default;
};
template <typename Archive>
void describe(Archive& ar, ReferenceClaim& c) {
  ar(c.member, c.from, c.until, c.claimed_at);
}

/// Who holds a reference, and held it before; spans do not overlap.
struct Reference {
  std::vector<ReferenceClaim> claims;
};
template <typename Archive>
void describe(Archive& ar, Reference& r) {
  ar(r.claims);
}

/// Counts that tell whether a new line can touch lines that are there already.
struct LineCounts {
  std::int64_t all = 0;
  std::int64_t webhook_card = 0;
  std::int64_t webhook_account = 0;
  std::int64_t file_card = 0;
  std::int64_t file_account = 0;
  std::int64_t other = 0;  // withdrawals, reversals, corrections, conflicts
  friend bool operator==(const LineCounts&, const LineCounts&) = default;
};
template <typename Archive>
void describe(Archive& ar, LineCounts& c) {
  ar(c.all, c.webhook_card, c.webhook_account, c.file_card, c.file_account, c.other);
}

/// All of a member but the lines, which are rows of their own.
struct Member {
  MemberId id;
  std::vector<Enrolment> enrolments;  // oldest first
  std::vector<ReferenceKey> references;
  LineCounts lines;
  bool is_settling = false;   // line rows are behind; SettleMember goes on with them
  bool on_hold = false;       // points calls stop
  std::int64_t arrivals = 0;  // lines ever recorded; numbers the next one
  friend bool operator==(const Member&, const Member&) = default;
};
template <typename Archive>
void describe(Archive& ar, Member& m) {
  ar(m.id, m.enrolments, m.references, m.lines, m.is_settling, m.on_hold, m.arrivals);
}

/// Where a line stands for one enrolment.
struct LinePlacement {
  std::int64_t enrolment = 0;  // its place in Member::enrolments, which only grows
  Placed placed = Placed::kept;
  Minor counted;
  friend bool operator==(const LinePlacement&, const LinePlacement&) = default;
};
template <typename Archive>
void describe(Archive& ar, LinePlacement& p) {
  ar(p.enrolment, p.placed, p.counted);
}

/// A line with its placements, as last settled.
struct LineRow {
  Line line;
  std::int64_t arrival = 0;  // 1 for the member's first line, in order of recording
  Placed outcome = Placed::kept;
  std::vector<LinePlacement> placements;
  std::string confirms;  // key of the line whose load it confirms; empty: none
  friend bool operator==(const LineRow&, const LineRow&) = default;
};
template <typename Archive>
void describe(Archive& ar, LineRow& r) {
  ar(r.line, r.arrival, r.outcome, r.placements, r.confirms);
}

/// Who an identity (provider, kind, id) belongs to: the first recorded (SPEC §2.4).
struct Identity {
  MemberId member;  // empty: only named so far, by a reversal or correction that waits for it
  Currency currency;
  std::optional<RailClass> rail_class;
  bool has_expired = false;  // kept with the member until its time was over, and gone
  friend bool operator==(const Identity&, const Identity&) = default;
};
template <typename Archive>
void describe(Archive& ar, Identity& i) {
  ar(i.member, i.currency, i.rail_class, i.has_expired);
}

/// One timer an enrolment; the key carries due time and window id.
struct Timer {
  MemberId member;
  std::int64_t generation = 0;
};
template <typename Archive>
void describe(Archive& ar, Timer& t) {
  ar(t.member, t.generation);
}

/// A line of a decision: what it was and how it stood then.
struct DecisionLine {
  Line line;
  Placed placed = Placed::kept;
  Minor counted;
};
template <typename Archive>
void describe(Archive& ar, DecisionLine& d) {
  ar(d.line, d.placed, d.counted);
}

/// A verdict with all that it rests on. Never edited: a revision is a row of its own.
struct Decision {
  WindowId window;
  MemberId member;
  CampaignId campaign;
  std::int64_t campaign_version = 0;
  std::int64_t decider_version = 0;
  std::int64_t revision = 1;
  Verdict verdict;
  Totals totals;
  Minor qualifying;
  Minor threshold;
  Currency currency;
  Instant decided_at;
  Instant fired_at;
  DecisionCut cut;
  std::int64_t line_chunks = 0;  // rows of DecisionLines
  std::int64_t lines_checksum =
      0;              // FNV-1a over the chunks; the journal's chain is what proves them
  std::string cause;  // of a revision: the line, case or file
  std::vector<std::string> people;  // of a revision: who proposed and approved
};
template <typename Archive>
void describe(Archive& ar, Decision& d) {
  ar(d.window, d.member, d.campaign, d.campaign_version, d.decider_version, d.revision, d.verdict,
     d.totals, d.qualifying, d.threshold, d.currency, d.decided_at, d.fired_at, d.cut,
     d.line_chunks, d.lines_checksum, d.cause, d.people);
}
template <typename Archive>
void describe(Archive& ar, Verdict& v) {
  ar(v.outcome, v.reason);
}

struct DecisionLines {
  std::vector<DecisionLine> lines;
};
template <typename Archive>
void describe(Archive& ar, DecisionLines& d) {
  ar(d.lines);
}

/// How far a consumer has followed the log.
struct ConsumerCursor {
  std::int64_t sequence = 0;
};
template <typename Archive>
void describe(Archive& ar, ConsumerCursor& c) {
  ar(c.sequence);
}

/// For rows whose key says it all.
struct EmptyRow {};
template <typename Archive>
void describe(Archive&, EmptyRow&) {}

}  // namespace thaw
