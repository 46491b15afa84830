#include "domain/member_work.h"

#include <algorithm>
#include <tuple>

#include "domain/commands.h"
#include "domain/expiring.h"
#include "domain/keys.h"
#include "domain/line_events.h"
#include "domain/naming.h"
#include "domain/redecision.h"
#include "domain/window_rules.h"

namespace thaw {
namespace {

bool is_plain_load(const Line& line) {
  return line.kind == LineKind::load && line.rail.has_value() && !line.identity_conflict;
}

/// The counter, besides that of all, in which a line stands.
std::int64_t& counter_of(LineCounts& counts, const Line& line) {
  if (!is_plain_load(line)) return counts.other;
  if (class_of(*line.rail) == RailClass::card) {
    return line.path == Path::webhook ? counts.webhook_card : counts.file_card;
  }
  return line.path == Path::webhook ? counts.webhook_account : counts.file_account;
}

}  // namespace

MemberWork::MemberWork(Work& work, const MemberId& id, std::size_t max_line_rows)
    : work_(work), max_line_rows_(max_line_rows) {
  auto found = work_.find<Member>(keys::member(id));
  is_new_ = !found;
  if (found) member_ = std::move(*found);
  member_.id = id;
}

Enrolment* MemberWork::find_enrolment(const WindowId& window) {
  for (Enrolment& enrolment : member_.enrolments) {
    if (enrolment.id == window) return &enrolment;
  }
  return nullptr;
}

const RulesPtr& MemberWork::share_rules_of(const Enrolment& enrolment) {
  for (const RulesPtr& rules : rules_) {
    if (rules->id == enrolment.campaign) return rules;  // of each campaign it has one enrolment
  }
  RulesPtr found = work_.find_shared<CampaignRules>(
      keys::campaign_version(enrolment.campaign, enrolment.campaign_version));
  if (!found) {
    CampaignRules none;
    none.id = enrolment.campaign;
    none.version = enrolment.campaign_version;
    found = std::make_shared<const CampaignRules>(std::move(none));
  }
  rules_.reserve(std::max<std::size_t>(rules_.capacity(), member_.enrolments.size() + 1));
  return rules_.emplace_back(std::move(found));
}

std::vector<RulesPtr> MemberWork::rules_of_all() {
  std::vector<RulesPtr> rules;
  rules.reserve(member_.enrolments.size());
  for (const Enrolment& enrolment : member_.enrolments) rules.push_back(share_rules_of(enrolment));
  return rules;
}

const std::vector<StoredLine>& MemberWork::lines() {
  if (!stored_) {
    stored_.emplace();
    for (auto& [key, row] :
         work_.scan<LineRow>(keys::lines_of(member_.id), static_cast<std::size_t>(kMaxLines) + 1)) {
      stored_->push_back({key, std::move(row)});
    }
    for (const StoredLine& line : added_) stored_->push_back(line);
  }
  return *stored_;
}

namespace {

/// The identity as the line would have it.
Identity identity_of(const Line& line, const MemberId& member) {
  const bool has_class = line.rail && line.kind == LineKind::load;
  return {member, line.currency, has_class ? std::optional(class_of(*line.rail)) : std::nullopt};
}

/// A reversal of the whole states no currency: it goes with any.
bool is_same_holder(const Identity& a, const Identity& b) {
  const bool agree =
      a.currency == b.currency || a.currency == Currency() || b.currency == Currency();
  return agree && a.member == b.member && a.rail_class == b.rail_class;
}

}  // namespace

/// True if the identity is new.
bool MemberWork::claim_identity(Line& line) {
  const std::string key = keys::identity(line);
  const Identity own = identity_of(line, member_.id);
  const auto holder = work_.find<Identity>(key);
  const bool is_new = !holder || holder->member.empty();
  if (is_new) work_.put(key, own);
  if (is_new && holder) {
    was_awaited_ = true;
    announce_original(work_, line);
  }
  if (!is_new && !is_same_holder(*holder, own)) line.identity_conflict = true;
  return is_new;
}

bool MemberWork::add(Line line) {
  const std::string key = keys::line(member_.id, line);
  const bool is_new_identity = claim_identity(line);
  // A stored line holds its identity: where that is new, no row has to be looked for.
  if (auto stored = is_new_identity ? std::nullopt : work_.find<LineRow>(key)) {
    if (line.path == Path::file) return false;
    ++stored->line.repeats;
    work_.put(key, *stored);
    if (stored_) replace_stored(key, *stored);
    work_.emit({EventType::line_repeated,
                member_.id,
                {},
                LineEventFacts{key, {}, Placed::duplicate, stored->outcome}});
    return false;
  }
  if (!is_new_identity) repeats_identity_ = true;
  ++member_.lines.all;
  ++counter_of(member_.lines, line);
  await_original(work_, line, member_.id, key);
  StoredLine added{key, {std::move(line), ++member_.arrivals, Placed::kept, {}, {}}};
  if (stored_) stored_->push_back(added);
  added_.push_back(std::move(added));
  return true;
}

void MemberWork::replace_stored(const std::string& key, const LineRow& row) {
  for (StoredLine& line : *stored_) {
    if (line.key == key) line.row = row;
  }
}

bool MemberWork::end_conflicts(const Line& moved) {
  const std::string key = keys::identity(moved);
  const Identity there = identity_of(moved, member_.id);
  std::size_t ended = 0;
  lines();
  for (StoredLine& line : *stored_) {
    Line& own = line.row.line;
    if (!own.identity_conflict) continue;
    if (keys::identity(own) != key) continue;
    if (!is_same_holder(there, identity_of(own, member_.id))) continue;
    if (ended++ == max_line_rows_) return false;
    own.identity_conflict = false;
    place_all_ = true;
    work_.put(line.key, line.row);
    if (member_.enrolments.empty()) {
      list_kept(work_, own, {.member = member_.id, .line_key = line.key});
    }
  }
  return true;
}

void MemberWork::remove(const std::string& key, const LineRow& row) {
  lines();
  std::erase_if(*stored_, [&key](const StoredLine& line) { return line.key == key; });
  --member_.lines.all;
  --counter_of(member_.lines, row.line);
  work_.erase(key);
  place_all_ = true;
}

bool MemberWork::drop_kept(const LineRow& row) {
  const auto is_live = [](const Enrolment& e) { return e.state != EnrolmentState::cancelled; };
  if (std::any_of(member_.enrolments.begin(), member_.enrolments.end(), is_live)) return false;
  --member_.lines.all;
  --counter_of(member_.lines, row.line);
  write_member();
  return true;
}

void MemberWork::note_expired(const Line& gone) {
  if (member_.lines.other == 0) return;
  std::size_t noted = 0;
  for (StoredLine line : lines()) {
    Line& own = line.row.line;
    if (!names(own, gone) || own.names_expired || noted++ == max_line_rows_) continue;
    own.names_expired = true;
    work_.put(line.key, line.row);
    replace_stored(line.key, line.row);
  }
}

/// A load that no other line can touch, nor be touched by: nothing it could be paired with, no
/// reversal or withdrawal, its identity new. Placing it alone gives what placing all would
/// (property test).
bool MemberWork::can_place_alone(const Line& line) const {
  if (repeats_identity_ || member_.is_settling || !is_plain_load(line)) return false;
  if (member_.lines.other > 0) return false;
  const LineCounts& counts = member_.lines;
  const bool is_card = class_of(*line.rail) == RailClass::card;
  if (is_card && counts.file_card > 0) return false;
  if (!is_card && counts.webhook_account > 0 && counts.file_account > 0) return false;
  return std::none_of(member_.enrolments.begin(), member_.enrolments.end(),
                      [](const auto& e) { return e.state == EnrolmentState::decided; });
}

void MemberWork::place_alone(StoredLine& added) {
  const std::vector<Totals> adds = judge_alone(added.row, member_.enrolments, rules_of_all());
  for (std::size_t i = 0; i < member_.enrolments.size(); ++i) {
    Totals& totals = member_.enrolments[i].totals;
    const Totals& own = adds[i];
    totals.instant += own.instant;
    totals.settled += own.settled;
    totals.held += own.held;
    totals.could_add += own.could_add;
  }
  write_line(added, nullptr);
}

void MemberWork::place_together() {
  const std::vector<RulesPtr> rules = rules_of_all();
  const std::vector<StoredLine> before = lines();
  Standing standing = judge_standing(before, member_.enrolments, rules);

  std::size_t written = 0;
  bool behind = false;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const bool is_added = i >= before.size() - added_.size();
    if (is_added) added_[i - (before.size() - added_.size())] = standing.lines[i];
    if (!is_added && standing.lines[i].row == before[i].row) continue;
    if (!is_added && written >= max_line_rows_) {
      behind = true;
      continue;
    }
    write_line(standing.lines[i], is_added ? nullptr : &before[i].row);
    ++written;
  }
  member_.is_settling = behind;
  if (behind) return;
  const Instant known_at = find_known_at(standing.lines);
  for (std::size_t i = 0; i < member_.enrolments.size(); ++i) {
    Enrolment& enrolment = member_.enrolments[i];
    if (enrolment.state == EnrolmentState::decided) {
      consider_revision(work_, member_, enrolment, *rules[i], standing, i, known_at);
    } else {
      enrolment.totals = standing.totals[i];  // of a cancelled one: nothing
    }
  }
}

/// A line of a file was known when the file was accepted, however long applying takes; anything
/// else that moves lines, now. The latest counts: in doubt a person looks.
Instant MemberWork::find_known_at(const std::vector<StoredLine>& lines) const {
  if (lines.empty() || (place_all_ && added_.empty())) return work_.recorded_at();
  const auto known_at = [](const StoredLine& line) { return line.row.line.attached_at; };
  return known_at(std::ranges::max(lines, {}, known_at));
}

void MemberWork::write_line(const StoredLine& line, const LineRow* before) {
  work_.put(line.key, line.row);
  emit_line_event(work_, member_.id, line.key, line.row, before);
}

std::vector<Placed> MemberWork::settle() {
  const bool nobody = member_.enrolments.empty();
  if (member_.lines.all > kMaxLines) {
    for (const StoredLine& line : added_) write_line(line, nullptr);
  } else if (added_.size() == 1 && !place_all_ &&
             (nobody || can_place_alone(added_.front().row.line))) {
    place_alone(added_.front());
  } else if (!added_.empty() || place_all_ || member_.is_settling) {
    place_together();
  }
  write_member();
  std::vector<Placed> outcomes;
  for (const StoredLine& line : added_) outcomes.push_back(line.row.outcome);
  return outcomes;
}

void MemberWork::write_member() {
  if (member_.is_settling && !member_.enrolments.empty()) {
    // A crash between two steps must not strand the chain: the timer resumes it.
    const Enrolment& enrolment = member_.enrolments.front();
    work_.put(keys::timer(work_.recorded_at(), enrolment.id),
              Timer{member_.id, enrolment.generation});
  }
  work_.put(keys::member(member_.id), member_);
}

std::shared_ptr<const Command> MemberWork::find_next() const {
  if (member_.is_settling || was_awaited_) return find_next_to_place();
  for (const Enrolment& enrolment : member_.enrolments) {
    if (enrolment.revision_cause.empty()) continue;
    return follow_with(FireTimer{enrolment.id, work_.recorded_at(), enrolment.generation, 0});
  }
  return nullptr;
}

std::shared_ptr<const Command> MemberWork::find_next_to_place() const {
  if (member_.is_settling) return follow_with(SettleMember{member_.id});
  return follow_with(PlaceKept{});
}

void list_enrolment(Work& work, const Enrolment& enrolment, std::optional<EnrolmentState> former) {
  if (former == enrolment.state) return;
  if (former) work.erase(keys::enrolment_in(enrolment.campaign, *former, enrolment.id));
  work.put(keys::enrolment_in(enrolment.campaign, enrolment.state, enrolment.id), EmptyRow{});
}

}  // namespace thaw
