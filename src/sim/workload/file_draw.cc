#include "sim/workload/file_draw.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/auditor/made_id.h"

namespace thaw {
namespace {

constexpr std::uint64_t kFileIds = 1ULL << 32;     // message ids of files stand apart from members'
constexpr Duration kMorning = Duration::hours(5);  // 15:00 or 16:00 in Sydney
constexpr Duration kEvening = Duration::hours(10);
constexpr Duration kRepeat = Duration::hours(12);
constexpr std::int64_t kRepeatFiles = 5'000;
constexpr Duration kNight = Duration::hours(16);  // in Sydney it is the next day by then

/// The files of one provider.
class SeriesDraw {
 public:
  SeriesDraw(World& world, const Shape& shape, Random random, std::size_t series)
      : world_(world), shape_(shape), random_(random), series_(series) {
    const bool is_by_night = !info().is_cumulative && random_.chance(1, 3);
    last_of_day_ = is_by_night ? kNight : kEvening;
  }

  void draw(const std::vector<PendingRecord>& records) {
    const std::int64_t days = (world_.ends_at.ms - world_.starts_at.ms) / Duration::days(1).ms;
    for (std::int64_t day = -10; day < days; ++day) {
      const Instant midnight = world_.starts_at + Duration::days(day);
      if (info().is_cumulative) make_file(records, midnight + kMorning, day * 2);
      make_file(records, midnight + last_of_day_, day * 2 + 1);
      if (info().is_cumulative) repeat_day(midnight + kRepeat, kRepeatFiles + day);
      today_.clear();
    }
  }

 private:
  const FileSeries& info() const { return world_.series[series_]; }

  void make_file(const std::vector<PendingRecord>& records, Instant created_at,
                 std::int64_t number) {
    std::vector<audit::Line> lines;
    if (info().is_cumulative) lines = today_;
    if (!lines.empty() && again_.chance(shape_.gone, 100)) {
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(again_.below(lines.size())));
    }
    lines.insert(lines.end(), repeated_.begin(), repeated_.end());
    repeated_.clear();
    for (; next_ < records.size() && records[next_].ready_at < created_at; ++next_) {
      audit::Line line = records[next_].line;
      if (!line.settled_at.is_given()) line.settled_at = draw_settled(created_at);
      lines.push_back(line);
      today_.push_back(line);
      // On another day, or within one file, an equal record without an id is another one.
      if (random_.chance(shape_.overlap, 100) && line.has_own_id) repeated_.push_back(line);
    }
    if (lines.empty() && !info().is_expected) return;
    send(created_at, number, std::move(lines));
  }

  /// The whole day once more, as another file: it counts nothing twice.
  void repeat_day(Instant created_at, std::int64_t number) {
    if (!today_.empty() && again_.chance(shape_.overlap, 200)) send(created_at, number, today_);
  }

  audit::Stated draw_settled(Instant created_at) {
    if (random_.chance(1, 3)) return {created_at - Duration::minutes(random_.between(0, 200)), {}};
    const Duration ahead = reckon_offset(world_, info().provider, Duration::hours(10));
    return {{}, civil_from_days((created_at + ahead).ms / Duration::days(1).ms)};
  }

  void send(Instant created_at, std::int64_t number, std::vector<audit::Line> lines) {
    FileCall file{
        info().provider, fmt::format("{}-{}", info().provider, number + 1000), created_at, {}};
    std::int64_t line_number = 1;  // the header
    for (audit::Line& line : lines) {
      line.file_id = file.file_id;
      line.file_line = ++line_number;
      line.file_created_at = created_at;
      file.lines.push_back(world_.history.lines.size());
      world_.history.lines.push_back(std::move(line));
    }
    audit::make_ids(world_.history, file.lines);
    const Duration late = random_.chance(shape_.late_file, 100)
                              ? Duration::hours(random_.between(5, 9 * 24))
                              : Duration::minutes(random_.between(5, 90));
    const std::uint64_t id = kFileIds * (series_ + 1) + static_cast<std::uint64_t>(number + 1000);
    world_.messages.push_back({created_at + late, id, std::move(file)});
  }

  World& world_;
  const Shape& shape_;
  Random random_;
  Random again_ = Random(random_).fork();  // apart from what was drawn before it was thought of
  std::size_t series_;
  Duration last_of_day_;
  std::size_t next_ = 0;
  std::vector<audit::Line> today_;
  std::vector<audit::Line> repeated_;  // in the next file, too
};

}  // namespace

void draw_files(World& world, const Shape& shape, Random random,
                std::vector<PendingRecord> records) {
  std::stable_sort(
      records.begin(), records.end(),
      [](const PendingRecord& a, const PendingRecord& b) { return a.ready_at < b.ready_at; });
  for (std::size_t i = 0; i < world.series.size(); ++i) {
    std::vector<PendingRecord> own;
    for (const PendingRecord& record : records) {
      if (record.line.provider == world.series[i].provider) own.push_back(record);
    }
    SeriesDraw(world, shape, random.fork(), i).draw(own);
  }
}

}  // namespace thaw
