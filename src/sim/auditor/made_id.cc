#include "sim/auditor/made_id.h"

#include <algorithm>
#include <map>

#include "base/check.h"
#include "sim/auditor/calendar.h"

namespace thaw::audit {
namespace {

// "n counting equals within the business date of a `cumulative` series, or within (file id,
// business date) of a `delta` one": a later file of the day counts anew, and comes to the same
// numbers.
std::string scope_of(const Line& line, const Provider& provider) {
  const std::string date = to_string(local_date(line.file_created_at, provider.time_zone));
  return provider.is_cumulative ? date : date + "/" + line.file_id;
}

std::string value_date_of(const Line& line, const Provider& provider) {
  const Stated& settled = line.settled_at;
  return to_string(settled.date ? *settled.date : local_date(*settled.instant, provider.time_zone));
}

// "(account, type, value date, amount, reference, text hash, n)"; the account is the provider's.
std::string content_of(const Line& line, const Provider& provider) {
  std::string content = scope_of(line, provider);
  for (const std::string& part :
       {line.kind, value_date_of(line, provider), std::to_string(line.minor.value_or(0)),
        line.reference_type, line.reference_type.empty() ? line.member : line.reference,
        line.text}) {
    content += "|" + part;
  }
  return content;
}

}  // namespace

void make_ids(History& history, const std::vector<std::size_t>& lines) {
  std::map<std::string, int> equals;
  for (const std::size_t index : lines) {
    Line& line = history.lines[index];
    if (line.has_own_id) continue;
    const auto provider = std::ranges::find(history.providers, line.provider, &Provider::id);
    CHECK(provider != history.providers.end());
    const std::string content = content_of(line, *provider);
    line.txn_id = content + "#" + std::to_string(++equals[content]);
  }
}

}  // namespace thaw::audit
