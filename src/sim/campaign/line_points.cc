#include "sim/campaign/line_points.h"

#include <algorithm>
#include <map>

#include "sim/auditor/reading.h"
#include "sim/auditor/window.h"

namespace thaw {
namespace {

constexpr const char* kCampaignZone = "Australia/Sydney";

void note_local_day(const audit::History& history, const audit::Line& line,
                    const audit::Provider& provider, std::set<std::string>& reached) {
  const auto span = audit::span_of(line, provider);
  audit::Provider at_home = provider;
  at_home.time_zone = kCampaignZone;
  const auto other = audit::span_of(line, at_home);
  if (!span || !other) return;
  if ((span->until - span->from).ms % Duration::days(1).ms != 0) {
    reached.insert("day of 23 or 25 hours");
  }
  for (const audit::Enrolment& enrolment : history.enrolments) {
    if (enrolment.member != line.member) continue;
    const audit::Window window = audit::window_of(history, enrolment);
    const bool is_other = audit::lies_in(*span, window.from, window.until) !=
                          audit::lies_in(*other, window.from, window.until);
    if (is_other) reached.insert("date of another zone at the edge of a window");
  }
}

void note_made_ids(const audit::History& history, std::set<std::string>& reached) {
  std::map<std::string, std::set<std::string>> files;  // by id
  for (const audit::Line& line : history.lines) {
    if (line.has_own_id) continue;
    if (line.txn_id.ends_with("#2")) reached.insert("two equal records without an id");
    auto& seen_in = files[line.provider + line.txn_id];
    seen_in.insert(line.file_id);
    if (seen_in.size() > 1) reached.insert("record without an id in two files");
  }
}

/// A line of a time at which somebody else than the first had its reference.
void note_passed_on(const audit::History& history, const audit::Line& line,
                    std::set<std::string>& reached) {
  if (!line.member.empty()) return;
  const audit::Reading reading = audit::read_line(history, line, true);
  if (!reading.rejection.empty() || reading.is_malformed_reference) return;
  const auto ends_before = [&](const audit::Claim& claim) {
    return claim.type == line.reference_type && claim.value == line.reference &&
           claim.until <= reading.span.from;
  };
  if (std::ranges::none_of(history.claims, ends_before)) return;
  reached.insert(reading.claim != nullptr ? "reference that was passed on"
                                          : "reference that is nobody's any more");
}

}  // namespace

void note_lines(const audit::History& history, std::set<std::string>& reached) {
  note_made_ids(history, reached);
  for (const audit::Line& line : history.lines) {
    note_passed_on(history, line, reached);
    if (line.made_at.instant) continue;
    const auto provider = std::ranges::find(history.providers, line.provider, &audit::Provider::id);
    if (provider != history.providers.end()) note_local_day(history, line, *provider, reached);
  }
}

}  // namespace thaw
