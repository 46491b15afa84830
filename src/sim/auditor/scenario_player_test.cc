#include "sim/auditor/scenario_player_for_test.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

// The tables that the engine is held to hold for its auditor too.
namespace thaw::audit {
namespace {

std::vector<std::string> split(const std::string& text, char by) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, by);) {
    if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

std::int64_t number_at(const std::string& text, std::size_t& at) {
  std::int64_t number = 0;
  while (at < text.size() && text[at] >= '0' && text[at] <= '9')
    number = number * 10 + (text[at++] - '0');
  return number;
}

// "60.00", "-5.00".
std::int64_t minor_of(const std::string& text) {
  std::size_t at = text.front() == '-' ? 1 : 0;
  std::int64_t minor = number_at(text, at) * 100;
  minor += number_at(text, ++at);
  return text.front() == '-' ? -minor : minor;
}

Duration unit_at(const std::string& text, std::size_t& at) {
  const std::size_t from = at;
  while (at < text.size() && text[at] >= 'a' && text[at] <= 'z') ++at;
  const std::string unit = text.substr(from, at - from);
  if (unit == "d") return Duration::days(1);
  if (unit == "h") return Duration::hours(1);
  return unit == "m" ? Duration::minutes(1) : Duration::milliseconds(1);
}

// "T0+30d-1h".
Instant instant_of(const std::string& text) {
  Instant at = *parse_rfc3339("2025-11-01T00:00:00.000Z");
  for (std::size_t i = 2; i < text.size();) {
    const std::int64_t sign = text[i++] == '-' ? -1 : 1;
    const std::int64_t count = sign * number_at(text, i);
    at = at + Duration{count * unit_at(text, i).ms};
  }
  return at;
}

std::string window_id(const std::string& campaign, const std::string& member) {
  return fmt::format("{}.{}", campaign, member);
}

Stated stated_of(const std::string& text) {
  if (text.empty()) return {};
  if (text.starts_with("T0")) return {instant_of(text), {}};
  return {{}, parse_date(text)};
}

}  // namespace

std::string ScenarioPlayer::Command::option(const std::string& key) const {
  const auto found = options.find(key);
  return found == options.end() ? "" : found->second;
}

std::vector<std::string> ScenarioPlayer::Command::list(const std::string& key) const {
  return split(option(key), ',');
}

ScenarioPlayer::Command ScenarioPlayer::parse(const std::string& text) {
  Command command;
  const std::string plain = text.substr(0, text.find('#'));
  const std::size_t arrow = plain.find("->");
  for (const std::string& word : split(plain.substr(0, arrow), ' ')) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) {
      command.words.push_back(word);
    } else {
      command.options[word.substr(0, equals)] = word.substr(equals + 1);
    }
  }
  if (arrow != std::string::npos) command.wanted = split(plain.substr(arrow + 2), ' ');
  return command;
}

void ScenarioPlayer::play(const std::string& text) {
  text_ = text;
  const Command command = parse(text);
  if (command.words.empty()) return;
  const std::string& verb = command.words.front();
  if (verb == "campaign") play_campaign(command);
  if (verb == "provider") play_provider(command);
  if (verb == "enrol") play_enrol(command);
  if (verb == "claim") play_claim(command);
  if (verb == "at" || verb == "jump") now_ = instant_of(command.words.at(1));
  if (verb == "webhook") play_webhook(command);
  if (verb == "record") play_record(command);
  if (verb == "line") play_line(command);
  if (verb == "progress") play_progress(command);
  if (verb == "decision") play_decision(command);
  if (verb == "expire") expire();
  if (verb != "file") return;
  file_provider_ = command.words.at(1);
  file_id_ = command.words.at(2);
  file_created_at_ =
      command.option("created").empty() ? now_ : instant_of(command.option("created"));
}

void ScenarioPlayer::play_campaign(const Command& command) {
  Rules rules{command.words.at(1)};
  rules.rails = {"debit_card", "apple_pay", "google_pay", "bpay", "bank_transfer", "npp"};
  if (!command.list("rails").empty()) rules.rails = command.list("rails");
  if (!command.option("currency").empty()) rules.currency = command.option("currency");
  if (!command.option("threshold").empty())
    rules.threshold_minor = minor_of(command.option("threshold"));
  if (!command.option("withdrawals").empty())
    rules.withdrawal_policy = command.option("withdrawals");
  if (!command.option("minimum").empty()) rules.minimum_minor = minor_of(command.option("minimum"));
  if (!command.option("maximum").empty())
    rules.maximum_counted_minor = minor_of(command.option("maximum"));
  history_.rules.push_back(rules);
}

void ScenarioPlayer::play_provider(const Command& command) {
  history_.providers.push_back({command.words.at(1), command.list("rails"),
                                command.list("settles_for"), command.list("not_by_webhook"),
                                command.list("not_by_file")});
}

void ScenarioPlayer::play_enrol(const Command& command) {
  if (command.wanted.front() != "created") return;
  const std::string at = command.option("at");
  const auto rules = std::ranges::find(history_.rules, command.words.at(1), &Rules::campaign);
  history_.enrolments.push_back({window_id(command.words.at(1), command.words.at(2)),
                                 command.words.at(2),
                                 static_cast<std::size_t>(rules - history_.rules.begin()),
                                 at.empty() ? now_ : instant_of(at)});
  for (const std::string& reference : command.list("refs"))
    claim(command.words.at(2), reference, command);
}

void ScenarioPlayer::play_claim(const Command& command) {
  if (command.wanted.front() == "ok") claim(command.words.at(1), command.words.at(2), command);
}

void ScenarioPlayer::claim(const std::string& member, const std::string& reference,
                           const Command& command) {
  const std::size_t colon = reference.find(':');
  const std::string type = reference.substr(0, colon);
  const std::string value = reference.substr(colon + 1);
  const std::string from = command.option("from");
  const std::string until = command.option("until");
  if (command.option("end") == "yes") {
    for (Claim& claimed : history_.claims) {
      if (claimed.member == member && claimed.value == value) claimed.until = instant_of(until);
    }
    return;
  }
  history_.claims.push_back({type, value, member, from.empty() ? Instant::min() : instant_of(from),
                             Instant::max(), false, now_});
}

void ScenarioPlayer::name_holder(Line& line, const std::string& holder) const {
  const std::size_t colon = holder.find(':');
  if (colon == std::string::npos) {
    line.member = holder;
    return;
  }
  line.reference_type = holder.substr(0, colon);
  line.reference = holder.substr(colon + 1);
}

Line ScenarioPlayer::make_line(const Command& command) const {
  Line line;
  line.reverses_kind = command.option("reverses_kind");
  if (!command.option("currency").empty()) line.currency = command.option("currency");
  line.received_at = line.recorded_at = now_;
  line.sequence = static_cast<std::int64_t>(history_.lines.size());
  return line;
}

void ScenarioPlayer::play_webhook(const Command& command) {
  Line line = make_line(command);
  line.provider = command.words.at(1);
  if (std::ranges::find(history_.providers, line.provider, &Provider::id) ==
      history_.providers.end())
    return;
  line.kind = command.words.at(2);
  line.txn_id = command.words.at(3);
  line.member = command.words.at(4);
  if (command.words.at(5) != "-") line.minor = minor_of(command.words.at(5));
  line.made_at.instant = instant_of(command.words.at(6));
  line.rail = command.option("rail");
  line.reverses = command.option("reverses");
  add(line, command);
}

void ScenarioPlayer::play_record(const Command& command) {
  Line line = make_line(command);
  line.provider = file_provider_;
  line.txn_id = command.words.at(1);
  line.kind = command.words.at(2) == "payment" ? "load" : command.words.at(2);
  line.rail = command.words.at(3);
  name_holder(line, command.words.at(4));
  line.minor = minor_of(command.words.at(5));
  line.made_at = stated_of(command.option("initiated"));
  line.settled_at = stated_of(command.option("settled"));
  line.reverses = command.option("original");
  line.by_file = true;
  line.file_id = file_id_;
  line.file_line = line.sequence;
  line.file_created_at = file_created_at_;
  add(line, command);
}

void ScenarioPlayer::add(Line line, const Command& command) {
  const auto is_letter_by_letter = [&line](const Line& other) {
    return !line.by_file && !other.by_file && other.provider == line.provider &&
           other.kind == line.kind && other.txn_id == line.txn_id && other.minor == line.minor &&
           other.member == line.member && other.currency == line.currency &&
           other.made_at.instant == line.made_at.instant;
  };
  if (std::ranges::any_of(history_.lines, is_letter_by_letter)) return;
  history_.lines.push_back(std::move(line));
  const std::size_t index = history_.lines.size() - 1;
  const std::string is = expect_outcome(history_, index);
  if (!is_decided(history_.lines[index].member) && command.wanted.front() != "excluded:late")
    compare(command.wanted.front(), is);
}

std::vector<std::size_t> ScenarioPlayer::find_lines(const Command& command) const {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < history_.lines.size(); ++i) {
    const Line& line = history_.lines[i];
    if (line.kind != command.words.at(2) || line.txn_id != command.words.at(3)) continue;
    if (command.option("path") == "file" && !line.by_file) continue;
    const std::string amount = command.option("amount");
    if (amount.empty() || line.minor == minor_of(amount)) found.push_back(i);
  }
  return found;
}

// The first of the lines that is that member's, as the table means it.
void ScenarioPlayer::play_line(const Command& command) {
  const std::string& member = command.words.at(1);
  if (is_decided(member)) return;
  for (std::size_t i = 0; i < history_.enrolments.size(); ++i) {
    const Enrolment& enrolment = history_.enrolments[i];
    const std::string campaign = command.option("campaign");
    if (enrolment.member != member) continue;
    if (!campaign.empty() && enrolment.window_id != window_id(campaign, member)) continue;
    const Expected expected = expect_now(i);
    for (const std::size_t line : find_lines(command)) {
      if (expected.placed[line].empty()) continue;
      compare(command.wanted.front(), expected.placed[line]);
      if (command.wanted.size() > 1)
        compare(std::to_string(minor_of(command.wanted[1])),
                std::to_string(expected.counted[line]));
      return;
    }
    return compare(command.wanted.front(), "none");
  }
}

void ScenarioPlayer::play_progress(const Command& command) {
  if (is_decided(command.words.at(2))) return;
  const Expected expected = expect_now(find_enrolment(command.words.at(1), command.words.at(2)));
  const auto check = [&](const std::string& key, std::int64_t is) {
    if (command.option(key).empty()) return;
    compare(std::to_string(minor_of(command.option(key))), std::to_string(is));
  };
  check("instant", expected.totals.instant);
  check("settled", expected.totals.settled);
  check("cumulative", expected.totals.instant + expected.totals.settled);
  check("withdrawn", expected.totals.withdrawn);
  check("qualifying", expected.totals.qualifying);
  check("held", expected.bounds.add);
}

void ScenarioPlayer::play_decision(const Command& command) {
  const bool is_first = command.words.size() == 3 || command.words[3] == "1";
  if (!is_first || !command.option("revision").empty() || command.wanted.size() < 2) return;
  const Expected is = expect_now(find_enrolment(command.words.at(1), command.words.at(2)));
  compare(command.wanted[0] + " " + command.wanted[1], is.outcome + " " + is.reason);
}

// Of what nobody claimed within 34 days. A member's is gone, its identity stays.
void ScenarioPlayer::expire() {
  std::vector<Line> left;
  for (std::size_t i = 0; i < history_.lines.size(); ++i) {
    Line line = history_.lines[i];
    const bool is_old = line.recorded_at + Duration::days(34) <= now_;
    const bool is_over = is_old && !line.is_gone && expect_outcome(history_, i) == "kept";
    if (is_over && line.member.empty()) continue;
    line.is_gone |= is_over;
    left.push_back(line);
  }
  history_.lines = left;
}

void ScenarioPlayer::compare(const std::string& wanted, const std::string& is) {
  ++checked_;
  if (is != wanted) differences_.push_back(text_ + ": wanted " + wanted + ", is " + is);
}

Instant ScenarioPlayer::decides_at(const Enrolment& enrolment) const {
  const Rules& rules = history_.rules[enrolment.rules];
  return enrolment.enrolled_at + rules.window + rules.grace;
}

bool ScenarioPlayer::is_decided(const std::string& member) const {
  return std::ranges::any_of(history_.enrolments, [&](const Enrolment& enrolment) {
    return enrolment.member == member && decides_at(enrolment) <= now_;
  });
}

std::size_t ScenarioPlayer::find_enrolment(const std::string& campaign,
                                           const std::string& member) const {
  const auto found =
      std::ranges::find(history_.enrolments, window_id(campaign, member), &Enrolment::window_id);
  return static_cast<std::size_t>(found - history_.enrolments.begin());
}

Expected ScenarioPlayer::expect_now(std::size_t enrolment) const {
  const Instant cut = decides_at(history_.enrolments.at(enrolment));
  return expect(history_, enrolment, [&](std::size_t line) {
    return history_.lines[line].recorded_at < cut && !history_.lines[line].is_gone;
  });
}

namespace {

TEST(AuditorScenarios, ExpectWhatTheTablesSay) {
  const char* source = std::getenv("THAW_SOURCE_DIR");
  if (source == nullptr) GTEST_SKIP() << "THAW_SOURCE_DIR is not set; ctest sets it";
  int checked = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(source) + "/tests/scenario")) {
    // The auditor knows nothing of the wait for expected files.
    if (entry.path().filename() == "awaiting.scenario") continue;
    if (entry.path().extension() != ".scenario") continue;
    ScenarioPlayer player(instant_of("T0"));
    std::ifstream table(entry.path());
    for (std::string text; std::getline(table, text);) player.play(text);
    for (const std::string& difference : player.differences())
      ADD_FAILURE() << entry.path().filename().string() << ": " << difference;
    checked += player.checked();
  }
  EXPECT_GT(checked, 200);
}

}  // namespace
}  // namespace thaw::audit
