#include <fmt/format.h>

#include <cstdlib>
#include <optional>

#include "domain/recording.h"
#include "sim/campaign/telling.h"

namespace thaw {
namespace {

/// The line that an event is about: its own, or that of its row in the same record.
std::optional<Line> find_line(const LineEventFacts& facts, const LogRecord& record) {
  if (facts.line) return facts.line;
  for (const RowWrite& row : record.rows) {
    if (row.key != facts.line_key || !row.value) continue;
    if (row.key.starts_with("l/")) {
      const auto stored = decode<LineRow>(*row.value);
      return stored ? std::optional(stored->line) : std::nullopt;
    }
    const auto kept = decode<KeptLine>(*row.value);
    return kept ? std::optional(kept->line) : std::nullopt;
  }
  return std::nullopt;
}

std::string name(const Line& line) {
  const std::string file =
      line.file ? fmt::format(" ({} line {})", line.file->provider_file_id, line.file->line_number)
                : "";
  return fmt::format("{} {}/{}{}", to_string(line.kind), line.provider.text(), line.txn_id, file);
}

/// Of the campaign's currency.
std::string show(Minor amount) {
  return fmt::format("{}{}.{:02}", amount.units() < 0 ? "-" : "", std::abs(amount.units()) / 100,
                     std::abs(amount.units()) % 100);
}

struct EventWords {
  const LogRecord& record;
  const Event& event;

  std::string operator()(const EnrolmentFacts& facts) const {
    const std::string& window = event.window.text();
    if (event.type == EventType::enrolment_created) {
      return fmt::format("{} is enrolled under version {} until {}, its verdict is due {}", window,
                         facts.campaign_version, to_rfc3339(facts.ends_at),
                         to_rfc3339(facts.decides_at));
    }
    const std::string awaited =
        facts.awaited.empty() ? "" : fmt::format(", {} files", facts.awaited.size());
    return fmt::format("{} {}{}", window, to_string(event.type), awaited);
  }
  std::string operator()(const LineEventFacts& facts) const {
    const auto line = find_line(facts, record);
    return fmt::format("{}{}{} is {} ({})", event.member.text(),
                       event.member.text().empty() ? "" : ": ", line ? name(*line) : "a line",
                       to_string(facts.outcome), to_string(event.type));
  }
  std::string operator()(const DecisionFacts& facts) const {
    const std::string cause = facts.cause.empty() ? "" : " because of " + facts.cause;
    return fmt::format("VERDICT {}, number {}: {} ({}), {} of {}{}", event.window.text(),
                       facts.revision, to_string(facts.verdict.outcome),
                       to_string(facts.verdict.reason), show(facts.qualifying),
                       show(facts.threshold), cause);
  }
  std::string operator()(const RewardFacts& facts) const {
    return fmt::format("reward {}: {}{}{}", facts.idempotency_key, to_string(event.type),
                       facts.attempt > 0 ? fmt::format(", attempt {}", facts.attempt) : "",
                       facts.result.empty() ? "" : ", " + facts.result);
  }
  std::string operator()(const FileEventFacts& facts) const {
    return fmt::format("{} {} of {}, {} records", to_string(event.type), facts.file.text(),
                       facts.provider.text(), facts.records);
  }
  std::string operator()(const CaseFacts& facts) const {
    return fmt::format("{} {}{}", to_string(event.type), facts.id,
                       facts.resolution.empty() ? "" : ": " + facts.resolution);
  }
  std::string operator()(const ReferenceFacts& facts) const {
    const bool is_bounded = facts.claim.from != Instant::min();
    return fmt::format("{} holds a {}{}", event.member.text(), facts.reference.type,
                       is_bounded ? " from " + to_rfc3339(facts.claim.from) : "");
  }
  std::string operator()(const CampaignFacts& facts) const {
    return fmt::format("{} is published, version {}", facts.campaign.text(), facts.version);
  }
};

}  // namespace

std::vector<std::string> tell(const LogRecord& record) {
  std::vector<std::string> lines;
  for (const Event& event : record.events) {
    lines.push_back(std::visit(EventWords{record, event}, event.facts));
  }
  return lines;
}

}  // namespace thaw
