#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/money.h"
#include "domain/ids.h"
#include "domain/vocabulary.h"

namespace thaw {

/// How a line's time is known (SPEC §2.3).
enum class TimeCertainty : std::uint8_t {
  any_part,  // an instant, a local day, or both readings of a repeated hour: any part may count
  settlement_day  // only a value or settlement date: the span must lie wholly inside to count
};

/// A half-open span of time; an instant is one millisecond long. Local dates were resolved at the
/// edge.
struct LineTime {
  Instant from;
  Instant until;
  TimeCertainty certainty = TimeCertainty::any_part;

  static LineTime at(Instant instant) {
    return {instant, instant + Duration{1}, TimeCertainty::any_part};
  }
  friend bool operator==(const LineTime&, const LineTime&) = default;
};

template <typename Archive>
void describe(Archive& ar, LineTime& t) {
  ar(t.from, t.until, t.certainty);
}

/// What only a file record carries: its place in the file, and which webhook lines it may confirm.
/// The range is resolved at the edge with the zone and `settlement_lag` of the record's provider
/// (local dates, and 24 h of lead), so that a later change of configuration moves no pairing of the
/// past.
struct FileFacts {
  FileId file;
  std::string provider_file_id;
  std::int64_t line_number = 0;
  Instant file_created_at;
  Instant stands_at;  // instant, or start of the date that the record states; orders records
  Instant confirms_from;
  Instant confirms_until;               // half-open
  std::vector<ProviderId> settles_for;  // providers whose webhooks it may confirm; its own included
  std::string raw_hash;                 // of the raw line
  friend bool operator==(const FileFacts&, const FileFacts&) = default;
};

template <typename Archive>
void describe(Archive& ar, FileFacts& f) {
  ar(f.file, f.provider_file_id, f.line_number, f.file_created_at, f.stands_at, f.confirms_from,
     f.confirms_until, f.settles_for, f.raw_hash);
}

/// What a reversal or correction names: a record of the same provider.
struct OriginalRef {
  std::optional<LineKind> kind;  // nothing: the load of that id, else the withdrawal
  std::string txn_id;
  friend bool operator==(const OriginalRef&, const OriginalRef&) = default;
};

template <typename Archive>
void describe(Archive& ar, OriginalRef& o) {
  ar(o.kind, o.txn_id);
}

/// One line as it was received: facts only, which never change once recorded. Where it is placed is
/// a function of the member's whole set of lines (placing.h).
struct Line {
  ProviderId provider;
  LineKind kind = LineKind::load;
  std::string txn_id;
  Path path = Path::webhook;
  std::optional<Rail> rail;  // loads have one
  Currency currency;
  std::optional<Minor> amount;  // nothing: a reversal of all that is left
  LineTime time;
  std::optional<OriginalRef> original;  // reversals and corrections
  std::optional<FileFacts> file;
  Instant recorded_at;
  Instant attached_at;             // when the member became known; later than recorded_at only
                                   // for a line kept until its reference was claimed
  bool identity_conflict = false;  // the identity stands with another member, currency or class
  bool names_expired = false;      // of a reversal or correction: what it names has expired
  bool not_a_load = false;         // a bank line that the format says is no load
  std::int64_t repeats = 0;        // exact repeats of a webhook, stored as a count

  friend bool operator==(const Line&, const Line&) = default;
};

template <typename Archive>
void describe(Archive& ar, Line& l) {
  ar(l.provider, l.kind, l.txn_id, l.path, l.rail, l.currency, l.amount, l.time, l.original, l.file,
     l.recorded_at, l.attached_at, l.identity_conflict, l.names_expired, l.not_a_load, l.repeats);
}

/// The kinds of record that the line may name, what it means first; none if it names nothing. They
/// are the line's: valid while it is.
std::span<const LineKind> kinds_named(const Line& line);

/// True if the reversal or correction may mean that record.
bool names(const Line& line, const Line& record);

/// Total order of lines that no order of arrival can change: kind, provider, id, path, file, line
/// number, then content. Two lines compare equal only if they are the same line.
bool comes_before(const Line& a, const Line& b);

}  // namespace thaw
