#include "app/simulate/sums.h"

#include <fmt/format.h>

#include <algorithm>

namespace thaw {
namespace {

std::string show_ends(const WindowEnds& ends) {
  std::string text;
  for (const WindowEndWords& one : kWindowEnds) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", ends.of(one.end), one.words);
  }
  return text;
}

}  // namespace

void add(SimSums& sums, const SimReport& report) {
  ++sums.seeds;
  SimReport& sum = sums.of;
  sum.reached.insert(report.reached.begin(), report.reached.end());
  sum.ticks += report.ticks;
  sum.windows += report.windows;
  sum.ends.add(report.ends);
  sum.verdicts_unchecked += report.verdicts_unchecked;
  sum.lines += report.lines;
  sum.records += report.records;
  sum.crashes += report.crashes;
  sum.disk_faults += report.disk_faults;
  sum.mail_faults += report.mail_faults;
  sum.partner_faults += report.partner_faults;
  sum.log_hash ^= report.log_hash;
}

std::string show(const SimSums& sums) {
  const SimReport& sum = sums.of;
  return fmt::format(
      "{} seeds, {} member-windows, {} lines, {} log records: every promise held\n"
      "survived: {} crashes, {} faults of the disk, {} of the network, {} of the partner\n"
      "of the windows: {}\n"
      "verdicts not compared, of time that a restore took away: {}\n"
      "log hash {:016x}\n",
      sums.seeds, sum.windows, sum.lines, sum.records, sum.crashes, sum.disk_faults,
      sum.mail_faults, sum.partner_faults, show_ends(sum.ends), sum.verdicts_unchecked,
      sum.log_hash);
}

std::string show_rate(const SimSums& sums, double minutes) {
  const auto rate = [&](std::int64_t count) {
    return minutes > 0 ? static_cast<double>(count) / minutes : 0;
  };
  return fmt::format("{:.0f} member-windows and {:.0f} faults a minute of processor time\n",
                     rate(sums.of.windows), rate(sums.of.faults()));
}

Json to_json(const SimSums& sums) {
  const SimReport& sum = sums.of;
  Json ends = Json::object();
  for (const WindowEndWords& one : kWindowEnds) ends.set(one.name, sum.ends.of(one.end));
  Json json = Json::object();
  json.set("seeds", sums.seeds).set("windows", sum.windows).set("ends", std::move(ends));
  json.set("verdicts_unchecked", sum.verdicts_unchecked).set("lines", sum.lines);
  json.set("records", sum.records).set("crashes", sum.crashes);
  json.set("disk_faults", sum.disk_faults).set("mail_faults", sum.mail_faults);
  json.set("partner_faults", sum.partner_faults).set("ticks", sum.ticks);
  return json.set("log_hash", fmt::format("{:016x}", sum.log_hash));
}

Json to_array(const std::vector<std::string>& texts) {
  Json array = Json::array();
  for (const std::string& text : texts) array.push(text);
  return array;
}

}  // namespace thaw
