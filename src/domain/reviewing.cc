#include "domain/reviewing.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "base/fnv.h"
#include "domain/cases.h"
#include "domain/eligibility.h"
#include "domain/keys.h"
#include "domain/redecision.h"

namespace thaw {
namespace {

constexpr std::size_t kMaxHeldCases = 10;

std::string file_case_id(const AwaitedFile& file) {
  return fmt::format("file-{}-{}{}", file.provider.text(), file.business_date, file.file.text());
}

/// A file's case; one that was opened before the file was accepted names its date alone.
std::vector<std::string> case_ids(const AwaitedFile& file) {
  return {file_case_id(file), file_case_id({file.provider, file.business_date, {}})};
}

std::string held_case_id(const MemberId& member, const Enrolment& enrolment, const Line& line) {
  return fmt::format("held-{}-{:016x}", enrolment.id.text(), fnv1a(keys::line(member, line)));
}

void open_held_case(Work& work, const MemberId& member, Enrolment& enrolment,
                    const DecisionLine& line) {
  ReviewCase item;
  item.id = held_case_id(member, enrolment, line.line);
  item.kind = CaseKind::held_line;
  item.member = member;
  item.window = enrolment.id;
  item.subject = fmt::format("{} {} {}", line.line.provider.text(), to_string(line.line.kind),
                             line.line.txn_id);
  item.detail = std::string(to_string(line.placed));
  enrolment.blocking_cases.push_back(item.id);
  open_case(work, std::move(item));
}

/// Too many to look at one by one.
void open_whole_case(Work& work, const MemberId& member, Enrolment& enrolment, std::size_t lines,
                     std::size_t held) {
  ReviewCase item;
  item.id = fmt::format("lines-{}", enrolment.id.text());
  item.kind = CaseKind::too_many_lines;
  item.member = member;
  item.window = enrolment.id;
  item.subject = enrolment.id.text();
  item.detail = fmt::format("{} lines, {} held: judge by hand", lines, held);
  enrolment.blocking_cases.push_back(item.id);
  open_case(work, std::move(item));
}

std::vector<const DecisionLine*> find_held(std::span<const DecisionLine> lines) {
  std::vector<const DecisionLine*> held;
  for (const DecisionLine& line : lines) {
    if (is_held(line.placed)) held.push_back(&line);
  }
  return held;
}

/// Closes the blocking cases whose id is not in `open`.
void close_others(Work& work, Enrolment& enrolment, const std::set<std::string>& open,
                  const char* why) {
  std::erase_if(enrolment.blocking_cases, [&](const std::string& id) {
    if (open.contains(id)) return false;
    const std::string blocked = keys::blocked_by(id, enrolment.id);
    if (work.has(blocked)) work.erase(blocked);
    close_case(work, id, CaseState::closed_by_itself, {}, why);
    return true;
  });
}

}  // namespace

void open_file_cases(Work& work, Enrolment& enrolment, std::span<const AwaitedFile> files) {
  for (const AwaitedFile& file : files) {
    if (enrolment.blocking_cases.size() >= kMaxHeldCases) return;
    ReviewCase item;
    item.id = file_case_id(file);
    item.kind = CaseKind::file_missing;
    item.subject =
        fmt::format("{} {}{}", file.provider.text(), file.business_date, file.file.text());
    item.detail = "an expected settlement file has not come";
    enrolment.blocking_cases.push_back(item.id);
    work.put(keys::blocked_by(item.id, enrolment.id), EmptyRow{});
    open_case(work, std::move(item));
  }
}

void open_blocking_cases(Work& work, const MemberId& member, Enrolment& enrolment,
                         std::span<const DecisionLine> lines) {
  if (enrolment.reason == VerdictReason::settlement_incomplete) {
    return open_file_cases(work, enrolment, enrolment.awaited);
  }
  const auto held = find_held(lines);
  if (enrolment.reason == VerdictReason::too_many_lines || held.size() > kMaxHeldCases) {
    return open_whole_case(work, member, enrolment, lines.size(), held.size());
  }
  for (const DecisionLine* line : held) open_held_case(work, member, enrolment, *line);
}

void close_arrived(Work& work, Enrolment& enrolment, const Awaited& awaited) {
  std::set<std::string> missing;
  for (const auto* files : {&awaited.missing, &awaited.applying}) {
    for (const AwaitedFile& file : *files) {
      for (std::string& id : case_ids(file)) missing.insert(std::move(id));
    }
  }
  close_others(work, enrolment, missing, "the file has been applied");
}

bool is_review_of_held(const Enrolment& enrolment) {
  return enrolment.outcome == Outcome::in_review &&
         enrolment.reason == VerdictReason::held_items_could_flip;
}

void consider_review(Work& work, const MemberId& member, Enrolment& enrolment,
                     const CampaignRules& rules, std::span<const StoredLine> lines) {
  if (!is_review_of_held(enrolment)) return;
  const CutStanding standing = judge_cut(lines, enrolment, rules, extend_cut(lines, enrolment.cut));
  if (judge(rules, standing.totals).outcome != Outcome::in_review) {
    close_others(work, enrolment, {}, "what is held can no longer change the verdict");
    request_revision(work, member, enrolment, "held items resolved", {});
    return;
  }
  const auto held = find_held(standing.lines);
  if (held.size() > kMaxHeldCases) return;  // one case for all of them
  std::set<std::string> open;
  for (const DecisionLine* line : held) {
    const std::string id = held_case_id(member, enrolment, line->line);
    open.insert(id);
    const auto& blocking = enrolment.blocking_cases;
    if (std::find(blocking.begin(), blocking.end(), id) == blocking.end()) {
      open_held_case(work, member, enrolment, *line);
    }
  }
  close_others(work, enrolment, open, "the line is held no longer");
}

}  // namespace thaw
