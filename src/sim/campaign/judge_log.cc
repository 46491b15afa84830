// What the log and the consumers must show, whatever the rules make of it.

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/auditor/reading.h"
#include "sim/auditor/reference.h"
#include "sim/campaign/judge.h"

namespace thaw {

/// Each acknowledged line is there, once; nothing is there that nobody sent.
void Judge::judge_messages() {
  const World& world = run_.world();
  for (const std::string& name : recorded_.unsent) complain(name + ": recorded, but never sent");
  for (std::size_t i = 0; i < world.messages.size(); ++i) {
    if (!run_.mail().is_answered(i)) {
      complain(fmt::format("message {} was never answered", world.messages[i].id));
      continue;
    }
    const auto* webhook = std::get_if<WebhookCall>(&world.messages[i].body);
    const auto* file = std::get_if<FileCall>(&world.messages[i].body);
    if (!webhook && !file) continue;
    for (const std::size_t line : webhook ? webhook->lines : file->lines) {
      const std::string name = name_line(world.history.lines[line]);
      if (!recorded_.lines.contains(name)) complain(name + ": acknowledged, but not recorded");
    }
  }
  run_.report().lines = static_cast<std::int64_t>(recorded_.lines.size());
}

/// Each acknowledged claim of a reference is there, made alone or with an enrolment.
void Judge::judge_claims() {
  const World& world = run_.world();
  for (std::size_t i = 0; i < world.messages.size(); ++i) {
    const auto answer = run_.answer_to(i);
    if (!answer || !is_success(*answer)) continue;
    const auto* alone = std::get_if<ClaimCall>(&world.messages[i].body);
    const auto* enrol = std::get_if<EnrolCall>(&world.messages[i].body);
    if (!alone && !enrol) continue;
    for (const std::size_t sent : alone ? std::vector{alone->claim} : enrol->claims) {
      const audit::Claim& claim = world.history.claims[sent];
      const bool is_there = std::ranges::any_of(history_.claims, [&](const audit::Claim& other) {
        return other.type == claim.type && other.value == claim.value &&
               other.member == claim.member && other.from == claim.from;
      });
      if (!is_there) {
        complain(fmt::format("{} {} of {}: its claim is acknowledged, but not recorded", claim.type,
                             claim.value, claim.member));
      }
    }
  }
}

/// What thaw says of lines that are nobody's: why they are rejected, or kept.
void Judge::judge_nobodys() {
  for (const audit::Line& line : history_.lines) {
    const auto outcome = recorded_.outcomes.find(name_line(line));
    const auto provider = std::find_if(history_.providers.begin(), history_.providers.end(),
                                       [&](const auto& p) { return p.id == line.provider; });
    const std::string_view rejection = audit::rejection_of(line, *provider);
    std::string wanted;
    if (!rejection.empty()) {
      wanted = fmt::format("rejected:{}", rejection);
    } else if (outcome != recorded_.outcomes.end()) {
      const bool is_by_reference = !line.reference_type.empty();
      const bool is_bad =
          is_by_reference && !audit::is_well_formed(line.reference_type, line.reference);
      wanted = is_bad ? "held:malformed_reference" : "kept";
    }
    const std::string said = outcome == recorded_.outcomes.end() ? "" : outcome->second;
    if (said != wanted) {
      complain(fmt::format("{}: it is {}, SPEC says {}", name_line(line), said, wanted));
    }
  }
}

/// SPEC §1: set by the writer, never decreasing. What was kept went when its time was over.
void Judge::judge_log() {
  Duration life{};
  for (const CampaignRules& rules : run_.world().campaigns) {
    life = std::max(life, rules.window + rules.grace + Duration::hours(48));
  }
  Instant last = Instant::min();
  std::uint64_t sequence = 0;
  for (const LogRecord& record : log_) {
    if (record.recorded_at < last || record.sequence != ++sequence) {
      complain(fmt::format("record {} of {} comes after {}", record.sequence,
                           to_rfc3339(record.recorded_at), to_rfc3339(last)));
    }
    last = record.recorded_at;
  }
  for (const auto& [name, expired] : recorded_.expired) {
    const auto line = recorded_.lines.find(name);
    if (line == recorded_.lines.end() || expired.at >= line->second.recorded_at + life) continue;
    complain(name + ": kept, and gone too early");
  }
}

/// Append: each member's events were seen, all, in their order.
void Judge::judge_sightings() {
  std::map<std::string, std::vector<std::uint64_t>> written;
  for (const LogRecord& record : log_) {
    std::set<std::string> members;
    for (const Event& event : record.events) members.insert(event.member.text());
    for (const std::string& member : members) written[member].push_back(record.sequence);
  }
  if (run_.sightings().repeats() > 0) run_.report().reached.insert("events seen again");
  if (written != run_.sightings().by_member()) {
    complain("a consumer did not see each event of each member once, in order");
  }
}

}  // namespace thaw
