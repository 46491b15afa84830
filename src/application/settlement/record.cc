#include "application/settlement/record.h"

#include <algorithm>

#include "domain/reference_form.h"

namespace thaw {
namespace {

CivilDate add_days(CivilDate date, std::int64_t days) {
  return civil_from_days(days_from_civil(date) + days);
}

CivilDate local_date(const StatedTime& time, const RecordContext& context, const Zones& zones) {
  if (const auto* date = std::get_if<CivilDate>(&time)) return *date;
  return zones.date_of(std::get<Instant>(time), context.time_zone);
}

/// A stated `initiated_at` is the payment's time; without one only the days before settlement are
/// known.
LineTime resolve_time(const FileRecord& record, const RecordContext& context, const Zones& zones) {
  if (record.initiated_at) {
    if (const auto* instant = std::get_if<Instant>(&*record.initiated_at)) {
      return LineTime::at(*instant);
    }
    const CivilDate date = std::get<CivilDate>(*record.initiated_at);
    return {zones.start_of(date, context.time_zone),
            zones.start_of(add_days(date, 1), context.time_zone), TimeCertainty::any_part};
  }
  const CivilDate settled = local_date(record.settled_at, context, zones);
  const std::int64_t lag = context.lags.days_for(record.rail);
  return {zones.start_of(add_days(settled, -lag), context.time_zone),
          zones.start_of(add_days(settled, 1), context.time_zone), TimeCertainty::settlement_day};
}

/// Loads from `lag` before the record to 24 h after it; dates compare as local dates.
void resolve_range(FileFacts& facts, const FileRecord& record, const RecordContext& context,
                   const Zones& zones) {
  const std::int64_t lag = context.lags.days_for(record.rail);
  const StatedTime stated = record.initiated_at.value_or(record.settled_at);
  const auto* instant = std::get_if<Instant>(&stated);
  if (instant && record.initiated_at) {
    facts.stands_at = *instant;
    facts.confirms_from = *instant - Duration::days(lag);
    facts.confirms_until = *instant + Duration::hours(24) + Duration{1};
    return;
  }
  const CivilDate date = local_date(stated, context, zones);
  facts.stands_at = zones.start_of(date, context.time_zone);
  facts.confirms_from = zones.start_of(add_days(date, -lag), context.time_zone);
  facts.confirms_until = zones.start_of(add_days(date, 2), context.time_zone);
}

}  // namespace

std::int64_t SettlementLags::days_for(std::optional<Rail> rail) const {
  for (const auto& [named, days] : by_rail) {
    if (rail == named) return days;
  }
  return rail && class_of(*rail) == RailClass::card ? card_days : account_days;
}

RecordLine resolve_record(const FileRecord& record, const RecordContext& context,
                          const Zones& zones,
                          const std::function<std::string(std::string_view)>& hash_reference) {
  RecordLine command;
  Line& line = command.line;
  line.provider = context.provider;
  line.kind = record.kind;
  line.txn_id = record.txn_id;
  line.path = Path::file;
  line.rail = record.rail;
  line.currency = context.currency;
  line.time = resolve_time(record, context, zones);
  line.recorded_at = context.accepted_at;
  if (!record.original_txn_id.empty()) line.original = {{}, record.original_txn_id};

  FileFacts facts;
  facts.file = context.file;
  facts.provider_file_id = context.provider_file_id;
  facts.line_number = record.line_number;
  facts.file_created_at = context.file_created_at;
  facts.settles_for = context.settles_for;
  facts.settles_for.push_back(context.provider);
  facts.raw_hash = record.raw_hash;
  resolve_range(facts, record, context, zones);
  line.file = std::move(facts);

  if (record.minor) line.amount = Minor::make(*record.minor);
  if (record.reference_type == "member_id") {
    const auto member = parse_member_id(record.reference);
    if (member) command.member = *member;
    if (!member) command.rejected = Placed::rejected_malformed;
  } else {
    const auto form = normalise_reference(record.reference_type, record.reference);
    command.reference = {record.reference_type, hash_reference(form.value_or(record.reference))};
    command.is_reference_malformed = !form;
  }
  // Of several reasons the first in SPEC's order, so that comes last here.
  if (!line.amount) command.rejected = Placed::rejected_amount;
  if (!record.rail) command.rejected = Placed::rejected_unknown_rail;
  return command;
}

}  // namespace thaw
