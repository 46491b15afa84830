#include "app/demo/view.h"

#include <fmt/format.h>

#include <array>
#include <ostream>

#include "app/demo/schedule.h"

namespace thaw::demo {
namespace {

constexpr std::int64_t kBarWidth = 16;

std::string make_bar(std::int64_t done, std::int64_t all) {
  const std::int64_t full = done * kBarWidth / all;
  std::string bar;
  for (std::int64_t i = 0; i < kBarWidth; ++i) bar += i < full ? "█" : "░";
  return bar;
}

std::string name_day(CivilDate date) {
  static constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed",
                                                    "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 2> kMonths{"Mar", "Apr"};
  const auto weekday = static_cast<std::size_t>((days_from_civil(date) + 4) % 7);
  return fmt::format("{} {:>2} {}", kDays[weekday], date.day, kMonths[date.month == 3 ? 0 : 1]);
}

std::string make_figures(const DaySight& sight) {
  return fmt::format("enrolled {:>6}  events {:>6}  files {:>3}  verdicts {:>6}  issued {:>6}",
                     sight.enrolled, sight.events, sight.files, sight.verdicts, sight.issued);
}

/// What moves in that part of the month: a line that is written over must fit 80 columns.
std::string make_short_figures(const DaySight& sight) {
  if (sight.at <= enrolment_closes()) {
    return fmt::format("enrolled {:>6}  events {:>6}", sight.enrolled, sight.events);
  }
  return fmt::format("events {:>6}  files {:>3}  verdicts {:>6}  issued {:>6}", sight.events,
                     sight.files, sight.verdicts, sight.issued);
}

}  // namespace

const char* remark_on(CivilDate day) {
  if (day == CivilDate{2026, 3, 3}) return "enrolment opens";
  if (day == CivilDate{2026, 3, 8}) return "enrolment is closed";
  if (day == CivilDate{2026, 3, 11}) return "files truncated, edited, repeated";
  if (day == CivilDate{2026, 4, 2}) return "the first windows end";
  if (day == CivilDate{2026, 4, 3}) return "Good Friday: the bank rests";
  if (day == CivilDate{2026, 4, 4}) return "first verdicts; the partner answers 503";
  if (day == CivilDate{2026, 4, 5}) return "Easter Sunday, 25 hours; answers are lost";
  if (day == CivilDate{2026, 4, 6}) return "Easter Monday; the partner times out";
  if (day == CivilDate{2026, 4, 7}) return "the bank's Easter file; the partner says 429";
  if (day == CivilDate{2026, 4, 8}) return "the bank's file does not come";
  if (day == CivilDate{2026, 4, 9}) return "the bank's file comes, 3 hours late";
  if (day == CivilDate{2026, 4, 10}) return "chargebacks and loads after the verdict";
  return "";
}

std::string View::paint(const char* code, const std::string& text) const {
  return has_colours_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
}

void View::day(const DaySight& sight) {
  const CivilDate date = civil_from_days((sight.at.ms - 1) / Duration::days(1).ms);
  const std::int64_t done = (sight.at - month_begins()).ms;
  const std::int64_t all = (month_ends() - month_begins()).ms;
  const std::string remark = remark_on(date);
  if (is_terminal_) {
    out_ << "\r\x1b[K" << name_day(date) << ' ' << paint("36", make_bar(done, all)) << ' '
         << make_short_figures(sight);
    if (!remark.empty()) out_ << "\n  " << paint("2", remark) << '\n';
    has_open_line_ = remark.empty();
  } else {
    out_ << name_day(date) << "  " << make_figures(sight);
    if (!remark.empty()) out_ << "  " << remark;
    out_ << '\n';
  }
  out_.flush();
}

void View::note(const std::string& text) {
  finish();
  out_ << "  " << paint("33", text) << '\n';
  out_.flush();
}

void View::finish() {
  if (has_open_line_) out_ << '\n';
  has_open_line_ = false;
}

}  // namespace thaw::demo
