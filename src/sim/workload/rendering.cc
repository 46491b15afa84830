#include "sim/workload/rendering.h"

#include <fmt/format.h>

#include "domain/reference_form.h"

namespace thaw {
namespace {

Command make_command(CommandBody body) {
  return {std::move(body), "outside", false, {}};
}

RecordLine to_event(const audit::Line& sent) {
  RecordLine record;
  record.member = MemberId(sent.member);
  Line& line = record.line;
  line.provider = ProviderId(sent.provider);
  line.kind = *parse_line_kind(sent.kind);
  line.txn_id = sent.txn_id;
  if (!sent.rail.empty()) line.rail = parse_rail(sent.rail);
  if (sent.minor) line.currency = *Currency::parse(sent.currency);
  if (sent.minor && *sent.minor > 0) line.amount = Minor::make(*sent.minor);
  if (sent.minor && *sent.minor <= 0) record.rejected = Placed::rejected_amount;
  line.time = LineTime::at(*sent.made_at.instant);
  if (!sent.reverses.empty()) {
    line.original = OriginalRef{parse_line_kind(sent.reverses_kind), sent.reverses};
  }
  return record;
}

std::string to_text(const audit::Stated& time) {
  if (time.date) return to_string(*time.date);
  return time.instant ? to_rfc3339(*time.instant) : "";
}

std::string to_row(const audit::Line& line) {
  const bool is_by_member = line.reference_type.empty();
  return fmt::format("R,{},{},{},{},{},{},{},{},{},{}\n", line.has_own_id ? line.txn_id : "",
                     line.kind == "load" ? "payment" : line.kind, line.rail,
                     is_by_member ? "member_id" : line.reference_type,
                     is_by_member ? line.member : line.reference, line.minor.value_or(0),
                     to_text(line.made_at), to_text(line.settled_at), line.reverses, line.text);
}

}  // namespace

std::string hash_simulated_reference(std::string_view form) {
  return "hash of " + std::string(form);
}

ReferenceKey to_key(const audit::Claim& claim) {
  const auto form = normalise_reference(claim.type, claim.value);
  return {claim.type, hash_simulated_reference(form.value_or(""))};
}

Command to_command(const World& world, const EnrolCall& call) {
  const audit::Enrolment& enrolment = world.history.enrolments[call.enrolment];
  std::vector<ReferenceKey> references;
  for (const std::size_t claim : call.claims) {
    references.push_back(to_key(world.history.claims[claim]));
  }
  return make_command(Enrol{world.campaigns[enrolment.rules].id, MemberId(enrolment.member),
                            enrolment.enrolled_at, std::move(references),
                            "as sent at " + to_rfc3339(enrolment.enrolled_at)});
}

Command to_command(const World& world, const ClaimCall& call) {
  const audit::Claim& claim = world.history.claims[call.claim];
  ReferenceChange change{to_key(claim), {}, {}};
  if (claim.from != Instant::min()) change.from = claim.from;
  if (claim.is_end_stated) change.until = claim.until;
  return make_command(ChangeReferences{MemberId(claim.member), {change}, {}});
}

Command to_command(const World& world, const EndClaimCall& call) {
  const audit::Claim& claim = world.history.claims[call.claim];
  return make_command(
      ChangeReferences{MemberId(claim.member), {}, {{to_key(claim), {}, claim.until}}});
}

Command to_command(const World& world, const CancelCall& call) {
  return make_command(
      CancelEnrolment{WindowId(world.history.enrolments[call.enrolment].window_id)});
}

Command to_command(const World&, const HoldCall& call) {
  return make_command(HoldMember{MemberId(call.member), call.on_hold, "asked"});
}

std::vector<Command> to_commands(const World& world, const WebhookCall& call) {
  std::vector<Command> commands;
  for (const std::size_t line : call.lines) {
    commands.push_back(make_command(to_event(world.history.lines[line])));
  }
  return commands;
}

std::string to_csv(const World& world, const FileCall& call) {
  std::string rows;
  std::int64_t sum = 0;
  for (const std::size_t line : call.lines) {
    rows += to_row(world.history.lines[line]);
    sum += world.history.lines[line].minor.value_or(0);
  }
  return fmt::format("H,thaw-csv,1,{},{},{},AUD\n{}T,{},{}\n", call.provider, call.file_id,
                     to_rfc3339(call.created_at), rows, call.lines.size(), sum);
}

}  // namespace thaw
