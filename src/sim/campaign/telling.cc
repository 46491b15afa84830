#include "sim/campaign/telling.h"

#include <fmt/format.h>

#include <cstdlib>

namespace thaw {
namespace {

constexpr std::size_t kRecordsShown = 8;  // of one file

std::string show_time(const audit::Stated& time) {
  if (time.date) return to_string(*time.date);
  return time.instant ? to_rfc3339(*time.instant) : "";
}

std::string show_amount(const audit::Line& line) {
  if (!line.minor) return " of all that is left";
  return fmt::format(" {} {}{}.{:02}", line.currency, *line.minor < 0 ? "-" : "",
                     std::abs(*line.minor) / 100, std::abs(*line.minor) % 100);
}

/// " WORD VALUE"; of no value, nothing.
std::string show(std::string_view word, const std::string& value) {
  return value.empty() ? "" : fmt::format(" {} {}", word, value);
}

std::string tell_line(const audit::Line& line) {
  const std::string whose = line.reference_type.empty()
                                ? line.member
                                : fmt::format("{} {}", line.reference_type, line.reference);
  return fmt::format("{} {}/{}{}{}{}{}{}{}", line.kind, line.provider,
                     line.has_own_id ? line.txn_id : "(no id)", show("for", whose),
                     show_amount(line), show("by", line.rail), show("of", show_time(line.made_at)),
                     show("settled", show_time(line.settled_at)), show("naming", line.reverses));
}

std::string tell_lines(const World& world, const std::vector<std::size_t>& lines,
                       std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < lines.size() && i < most; ++i) {
    text += (i == 0 ? ": " : "; ") + tell_line(world.history.lines[lines[i]]);
  }
  if (lines.size() > most) text += fmt::format("; and {} more", lines.size() - most);
  return text;
}

std::string tell_reference(const audit::Claim& claim) {
  return fmt::format("{} {}", claim.type, claim.value);
}

struct MessageWords {
  const World& world;

  std::string operator()(const EnrolCall& call) const {
    const audit::Enrolment& enrolment = world.history.enrolments[call.enrolment];
    std::string references;
    for (const std::size_t claim : call.claims) {
      references +=
          (references.empty() ? " with " : ", ") + tell_reference(world.history.claims[claim]);
    }
    return fmt::format("enrol {} in {} as of {}{}", enrolment.member,
                       world.campaigns[enrolment.rules].id.text(),
                       to_rfc3339(enrolment.enrolled_at), references);
  }
  std::string operator()(const ClaimCall& call) const {
    const audit::Claim& claim = world.history.claims[call.claim];
    const std::string from = claim.from == Instant::min() ? "" : to_rfc3339(claim.from);
    const std::string until = claim.is_end_stated ? to_rfc3339(claim.until) : "";
    return fmt::format("claim {} for {}{}{}", tell_reference(claim), claim.member,
                       show("from", from), show("until", until));
  }
  std::string operator()(const EndClaimCall& call) const {
    const audit::Claim& claim = world.history.claims[call.claim];
    return fmt::format("end {}'s claim of {} at {}", claim.member, tell_reference(claim),
                       to_rfc3339(claim.until));
  }
  std::string operator()(const CancelCall& call) const {
    return "cancel " + world.history.enrolments[call.enrolment].window_id;
  }
  std::string operator()(const HoldCall& call) const {
    return fmt::format("{} {}'s rewards", call.on_hold ? "hold" : "let go of", call.member);
  }
  std::string operator()(const PublishCall& call) const {
    const CampaignRules& rules = world.successors[call.successor];
    return fmt::format("publish {}, version {}", rules.id.text(), rules.version);
  }
  std::string operator()(const WebhookCall& call) const {
    return "webhook" + tell_lines(world, call.lines, SIZE_MAX);
  }
  std::string operator()(const FileCall& call) const {
    return fmt::format("file {} with {} records{}", call.file_id, call.lines.size(),
                       tell_lines(world, call.lines, kRecordsShown));
  }
};

}  // namespace

std::string tell(const World& world, const Message& message) {
  return std::visit(MessageWords{world}, message.body);
}

}  // namespace thaw
