#include "sim/campaign/recorded.h"

#include <fmt/format.h>

#include <set>

#include "domain/keys.h"
#include "domain/recording.h"
#include "sim/workload/rendering.h"

namespace thaw {
namespace {

std::string name_event(std::string_view provider, std::string_view kind, std::string_view txn_id,
                       std::string_view member, std::string_view rest) {
  // A reversal goes to whoever holds its record: the member that it states is no part of it.
  const bool is_own = kind == "load" || kind == "withdrawal";
  return fmt::format("{} {} {} {} {}", provider, kind, txn_id, is_own ? member : "", rest);
}

std::string name_record(std::string_view provider, std::string_view file, std::int64_t line) {
  return fmt::format("{} file {} line {}", provider, file, line);
}

/// Notes what one row of the log says.
class Reader {
 public:
  Reader(Recorded& out, const std::set<std::string>& sent) : out_(out), sent_(sent) {}

  void read(const LogRecord& record) {
    for (const RowWrite& row : record.rows) {
      if (!row.value) continue;
      if (row.key.starts_with("f/")) {
        const auto file = decode<SettlementFile>(*row.value);
        if (file) accepted_at_.try_emplace(file->provider_file_id, record.recorded_at);
      }
      if (row.key.starts_with("l/")) {
        if (const auto line = decode<LineRow>(*row.value)) {
          accept(name_line(line->line, member_of_line_key(row.key)), line->line, record);
        }
      } else if (row.key.starts_with("k/")) {
        if (const auto kept = decode<KeptLine>(*row.value)) {
          const std::string name = name_line(kept->line, MemberId());
          accept(name, kept->line, record);
          for (const Event& event : record.events) {
            const auto* facts = std::get_if<LineEventFacts>(&event.facts);
            if (facts && facts->line_key == row.key) {
              out_.outcomes[name] = to_string(facts->outcome);
            }
          }
        }
      }
    }
    for (const Event& event : record.events) read(event, record);
  }

 private:
  void read(const Event& event, const LogRecord& record) {
    if (const auto* decided = std::get_if<DecisionFacts>(&event.facts)) {
      out_.decisions[fmt::format("{}#{}", event.window.text(), decided->revision)] =
          record.sequence;
    }
    const auto* published = std::get_if<CampaignFacts>(&event.facts);
    if (published && published->version == 2) {
      out_.successors.try_emplace(published->campaign.text(), record.sequence);
    }
    const auto* facts = std::get_if<LineEventFacts>(&event.facts);
    if (!facts || !facts->line) return;
    const std::string name = name_line(*facts->line, event.member);
    if (event.type == EventType::line_rejected && !out_.lines.contains(name)) {
      note(name, *facts->line, record);
      out_.outcomes[name] = to_string(facts->outcome);
      rejected_.insert(name);
    }
    if (event.type != EventType::line_expired) return;
    out_.expired.try_emplace(name, ExpiredLine{record.recorded_at, event.member.text()});
  }

  /// Rejected for the future, and told again when that had come, it is judged by then.
  void accept(const std::string& name, const Line& line, const LogRecord& record) {
    if (rejected_.erase(name) > 0) {
      out_.lines.erase(name);
      out_.outcomes.erase(name);
    }
    note(name, line, record);
  }

  void note(const std::string& name, const Line& line, const LogRecord& record) {
    if (!sent_.contains(name)) {
      out_.unsent.push_back(name);
      return;
    }
    const auto accepted =
        line.file ? accepted_at_.find(line.file->provider_file_id) : accepted_at_.end();
    const Instant at = accepted == accepted_at_.end() ? record.recorded_at : accepted->second;
    out_.lines.try_emplace(name, RecordedLine{at, record.sequence});
  }

  Recorded& out_;
  const std::set<std::string>& sent_;
  std::map<std::string, Instant> accepted_at_;  // files
  std::set<std::string> rejected_;              // and not told again since
};

std::map<std::string, EnrolmentLife> read_lives(const std::vector<LogRecord>& log) {
  std::map<std::string, EnrolmentLife> lives;
  std::map<std::string, std::set<std::string>> timers;  // keys of their rows, by window
  for (const LogRecord& record : log) {
    for (const RowWrite& row : record.rows) {
      const auto timer = keys::parse_timer(row.key);
      if (!timer) continue;
      auto& own = timers[timer->window.text()];
      // One of the same instant resumes the chain of a member's lines.
      if (row.value && timer->due == record.recorded_at) continue;
      row.value ? void(own.insert(row.key)) : void(own.erase(row.key));
    }
    for (const Event& event : record.events) {
      if (event.window.empty() || std::holds_alternative<LineEventFacts>(event.facts)) continue;
      EnrolmentLife& life = lives[event.window.text()];
      life.events.emplace_back(record.sequence, event.type);
      if (event.type == EventType::enrolment_created) life.created = record.sequence;
      if (event.type != EventType::enrolment_cancelled || life.cancelled) continue;
      life.cancelled = record.sequence;
      life.has_ended_timer = timers[event.window.text()].empty();
    }
  }
  return lives;
}

/// A member may hold one reference, and then another one or the same again.
std::string name_claim(const std::string& member, const ReferenceKey& reference, Instant from) {
  return fmt::format("{} {} {} {}", member, reference.type, reference.hash, from.ms);
}

/// When each was first recorded.
std::map<std::string, Instant> find_claims(const std::vector<LogRecord>& log) {
  std::map<std::string, Instant> claims;
  for (const LogRecord& record : log) {
    for (const Event& event : record.events) {
      const auto* facts = std::get_if<ReferenceFacts>(&event.facts);
      if (!facts || event.type != EventType::reference_claimed) continue;
      claims.try_emplace(name_claim(event.member.text(), facts->reference, facts->claim.from),
                         record.recorded_at);
    }
  }
  return claims;
}

}  // namespace

MemberId member_of_line_key(const std::string& key) {
  return MemberId(key.substr(2, key.find('\x1f') - 2));
}

std::string name_line(const audit::Line& sent) {
  if (sent.by_file) return name_record(sent.provider, sent.file_id, sent.file_line);
  const bool is_amount = sent.minor && *sent.minor > 0;
  return name_event(
      sent.provider, sent.kind, sent.txn_id, sent.member,
      fmt::format("{} {} {} {} {}", sent.rail, sent.minor ? sent.currency : Currency().text(),
                  is_amount ? *sent.minor : -1, sent.made_at.instant->ms, sent.reverses));
}

std::string name_line(const Line& stored, const MemberId& member) {
  if (stored.file) {
    return name_record(stored.provider.text(), stored.file->provider_file_id,
                       stored.file->line_number);
  }
  return name_event(
      stored.provider.text(), to_string(stored.kind), stored.txn_id, member.text(),
      fmt::format("{} {} {} {} {}", stored.rail ? to_string(*stored.rail) : "",
                  stored.currency.text(), stored.amount ? stored.amount->units() : -1,
                  stored.time.from.ms, stored.original ? stored.original->txn_id : ""));
}

Recorded read_recorded(const std::vector<LogRecord>& log, const World& world) {
  std::set<std::string> sent;
  for (const audit::Line& line : world.history.lines) sent.insert(name_line(line));
  Recorded out;
  Reader reader(out, sent);
  for (const LogRecord& record : log) reader.read(record);
  out.lives = read_lives(log);
  return out;
}

bool is_under_successor(const Recorded& recorded, const std::string& campaign,
                        const std::string& window) {
  const auto successor = recorded.successors.find(campaign);
  return successor != recorded.successors.end() &&
         recorded.lives.at(window).created > successor->second;
}

audit::History make_history(const World& world, const Recorded& recorded,
                            const std::vector<LogRecord>& log) {
  audit::History history = world.history;
  history.lines.clear();
  std::set<std::string> taken;
  for (const audit::Line& sent : world.history.lines) {
    const std::string name = name_line(sent);
    const auto found = recorded.lines.find(name);
    if (found == recorded.lines.end() || !taken.insert(name).second) continue;
    history.lines.push_back(sent);
    history.lines.back().recorded_at = history.lines.back().received_at = found->second.recorded_at;
    history.lines.back().sequence = static_cast<std::int64_t>(found->second.sequence);
  }
  std::erase_if(history.enrolments, [&](audit::Enrolment& enrolment) {
    const auto life = recorded.lives.find(enrolment.window_id);
    if (life == recorded.lives.end()) return true;
    enrolment.is_cancelled = life->second.cancelled.has_value();
    const std::string& campaign = history.rules[enrolment.rules].campaign;
    if (is_under_successor(recorded, campaign, enrolment.window_id)) {
      enrolment.rules = *find_version(world, campaign, 2);
    }
    return false;
  });
  const auto claims = find_claims(log);
  std::erase_if(history.claims, [&](audit::Claim& claim) {
    const auto found = claims.find(name_claim(claim.member, to_key(claim), claim.from));
    if (found == claims.end()) return true;
    claim.claimed_at = found->second;
    return false;
  });
  return history;
}

}  // namespace thaw
