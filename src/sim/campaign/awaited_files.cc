#include "sim/campaign/awaited_files.h"

#include "domain/files.h"

namespace thaw {
namespace {

/// By the provider's id of the file.
std::map<std::string, AwaitedFileArrival> read_arrivals(const std::vector<LogRecord>& log) {
  std::map<std::string, AwaitedFileArrival> arrivals;
  for (const LogRecord& record : log) {
    for (const RowWrite& row : record.rows) {
      if (!row.value || !row.key.starts_with("f/")) continue;
      const auto file = decode<SettlementFile>(*row.value);
      if (!file) continue;
      AwaitedFileArrival& arrival = arrivals[file->provider_file_id];
      arrival.file_id = file->provider_file_id;
      arrival.accepted_at = std::min(arrival.accepted_at, file->accepted_at);
      arrival.accepted = std::min(arrival.accepted, record.sequence);
      const bool is_applied = file->status == FileStatus::applied;
      if (is_applied) arrival.applied = std::min(arrival.applied, record.sequence);
    }
  }
  return arrivals;
}

}  // namespace

FileArrivals::FileArrivals(const World& world, const std::vector<LogRecord>& log) {
  for (const FileSeries& series : world.series) {
    if (series.is_expected) expected_.push_back(series.provider);
  }
  for (const audit::Provider& provider : world.history.providers) {
    zone_of_[provider.id] = provider.time_zone;
  }
  const auto arrivals = read_arrivals(log);
  for (const Message& message : world.messages) {
    const auto* file = std::get_if<FileCall>(&message.body);
    const auto arrival = file ? arrivals.find(file->file_id) : arrivals.end();
    if (arrival == arrivals.end()) continue;
    AwaitedFileArrival& first = first_[{file->provider, day_of(file->created_at, file->provider)}];
    if (arrival->second.accepted < first.accepted) first = arrival->second;  // the day's first
  }
}

std::int64_t FileArrivals::day_of(Instant at, const std::string& provider) const {
  return days_from_civil(zones_.date_of(at, zone_of_.at(provider)));
}

std::vector<AwaitedFileArrival> FileArrivals::find(Instant enrolled_at, Instant ends_at) const {
  std::vector<AwaitedFileArrival> awaited;
  for (const std::string& provider : expected_) {
    const std::int64_t last = day_of(ends_at, provider) + 2;
    for (std::int64_t day = day_of(enrolled_at, provider); day <= last; ++day) {
      const auto arrival = first_.find({provider, day});
      awaited.push_back(arrival == first_.end() ? AwaitedFileArrival{} : arrival->second);
    }
  }
  return awaited;
}

}  // namespace thaw
