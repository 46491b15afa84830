#pragma once

#include <map>
#include <string>
#include <vector>

#include "domain/rows.h"

namespace thaw {

/// A settlement file is accepted whole, then applied record by record (SPEC §2.4, §3.2).
enum class FileStatus : std::uint8_t { applying, applied, reverted };
std::string_view to_string(FileStatus status);

/// How many records of a file came out how.
struct OutcomeCount {
  Placed placed = Placed::kept;
  std::int64_t records = 0;
};
template <typename Archive>
void describe(Archive& ar, OutcomeCount& c) {
  ar(c.placed, c.records);
}

struct SettlementFile {
  FileId id;
  ProviderId provider;
  std::string provider_file_id;  // the header's
  std::string format;
  std::string sha256;
  Instant created_at;
  std::string business_date;
  Instant accepted_at;
  std::int64_t records = 0;
  Money sum;  // zero if it is too large
  FileStatus status = FileStatus::applying;
  std::int64_t applied_records = 0;  // progress
  std::vector<OutcomeCount> outcomes;
  Instant applied_at;             // of its last record; epoch until then
  bool is_sum_too_large = false;  // for an amount: it is not shown
};
template <typename Archive>
void describe(Archive& ar, Money& m) {
  ar(m.currency, m.minor);
}
template <typename Archive>
void describe(Archive& ar, SettlementFile& f) {
  ar(f.id, f.provider, f.provider_file_id, f.format, f.sha256, f.created_at, f.business_date,
     f.accepted_at, f.records, f.sum, f.status, f.applied_records, f.outcomes, f.applied_at,
     f.is_sum_too_large);
}

/// What became of one record when it was applied, and where it is to be found.
struct FileLine {
  std::int64_t line_number = 0;
  MemberId member;
  ReferenceKey kept_under;
  std::string line_key;
  Placed outcome = Placed::kept;
  std::string txn_id;
};
template <typename Archive>
void describe(Archive& ar, FileLine& f) {
  ar(f.line_number, f.member, f.kept_under, f.line_key, f.outcome, f.txn_id);
}

}  // namespace thaw
