#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "application/ports/zones.h"
#include "domain/commands.h"

namespace thaw {

/// A date alone, or an instant, as a file states it.
using StatedTime = std::variant<CivilDate, Instant>;

/// One record of a settlement file as its format gives it, before zones and rules.
struct FileRecord {
  std::int64_t line_number = 0;
  std::string txn_id;
  LineKind kind = LineKind::load;
  std::optional<Rail> rail;
  std::string reference_type;  // member_id, bpay_crn, …
  std::string reference;
  std::optional<std::int64_t> minor;  // nothing: too large for 64 bits
  std::optional<StatedTime> initiated_at;
  StatedTime settled_at;
  std::string original_txn_id;
  std::string text;
  std::string raw_hash;
};

/// How long after a load its settlement record may come, by rail: SPEC §2.4's defaults unless set.
struct SettlementLags {
  std::int64_t card_days = 7;
  std::int64_t account_days = 5;
  std::vector<std::pair<Rail, std::int64_t>> by_rail;
  std::int64_t days_for(std::optional<Rail> rail) const;
};

/// What the resolution of a record needs to know of its provider and file.
struct RecordContext {
  ProviderId provider;
  std::string time_zone;
  std::vector<ProviderId> settles_for;  // besides itself
  SettlementLags lags;
  FileId file;
  std::string provider_file_id;
  Instant file_created_at;
  Instant accepted_at;
  Currency currency;
};

/// The line that a record stands for: local dates become spans, and the range of webhook loads that
/// it may confirm is fixed (SPEC §2.3, §2.4). `key_of` hashes a reference value; `member_id` needs
/// none.
RecordLine resolve_record(const FileRecord& record, const RecordContext& context,
                          const Zones& zones,
                          const std::function<std::string(std::string_view)>& hash_reference);

}  // namespace thaw
