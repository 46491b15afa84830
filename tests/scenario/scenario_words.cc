#include "scenario_words.h"

#include <fmt/format.h>

#include <cstdlib>
#include <sstream>
#include <stdexcept>

namespace thaw::scenario {
namespace {

constexpr std::string_view kStart = "2025-11-01T00:00:00Z";

std::int64_t unit_ms(const std::string& unit) {
  if (unit == "d") return 86'400'000;
  if (unit == "h") return 3'600'000;
  if (unit == "m") return 60'000;
  if (unit == "s") return 1000;
  if (unit == "ms") return 1;
  throw std::runtime_error("unknown unit of time: " + unit);
}

}  // namespace

const std::string& Step::word(std::size_t index) const {
  if (index >= words.size()) throw std::runtime_error("too few words");
  return words[index];
}

std::string Step::option(const std::string& name, const std::string& otherwise) const {
  const auto found = options.find(name);
  return found == options.end() ? otherwise : found->second;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  while (from <= text.size() && !text.empty()) {
    const std::size_t until = std::min(text.find(separator, from), text.size());
    parts.emplace_back(text.substr(from, until - from));
    from = until + 1;
  }
  return parts;
}

std::optional<Step> parse_step(int number, std::string_view text) {
  const std::size_t comment = text.find('#');
  std::string line(text.substr(0, comment));
  Step step;
  step.number = number;
  step.text = std::string(text);
  const std::size_t arrow = line.find("->");
  if (arrow != std::string::npos) {
    std::string expected = line.substr(arrow + 2);
    const std::size_t first = expected.find_first_not_of(' ');
    const std::size_t last = expected.find_last_not_of(" \t\r");
    step.expected = first == std::string::npos ? "" : expected.substr(first, last - first + 1);
    line.resize(arrow);
  }
  std::istringstream in(line);
  std::string token;
  while (in >> token) {
    const std::size_t equals = token.find('=');
    if (step.verb.empty()) {
      step.verb = token;
    } else if (equals != std::string::npos) {
      step.options[token.substr(0, equals)] = token.substr(equals + 1);
    } else {
      step.words.push_back(token);
    }
  }
  if (step.verb.empty()) return std::nullopt;
  return step;
}

Instant parse_time(const std::string& text) {
  if (!text.starts_with("T0")) {
    const auto at = parse_rfc3339(text);
    if (!at) throw std::runtime_error("not a time: " + text);
    return *at;
  }
  Instant at = *parse_rfc3339(kStart);
  std::size_t i = 2;
  while (i < text.size()) {
    const bool back = text[i] == '-';
    char* end = nullptr;
    const std::int64_t number = std::strtoll(text.c_str() + i + 1, &end, 10);
    std::size_t j = static_cast<std::size_t>(end - text.c_str());
    std::string unit;
    while (j < text.size() && text[j] != '+' && text[j] != '-') unit += text[j++];
    const std::int64_t ms = number * unit_ms(unit);
    at = at + Duration{back ? -ms : ms};
    i = j;
  }
  return at;
}

Minor parse_amount(const std::string& text) {
  const bool negative = text.starts_with("-");
  const std::vector<std::string> parts = split(negative ? text.substr(1) : text, '.');
  std::int64_t units = std::stoll(parts.at(0)) * 100;
  if (parts.size() > 1) units += std::stoll(parts[1]);
  return Minor::of(negative ? -units : units);
}

std::string format_amount(Minor amount) {
  return fmt::format("{}.{:02}", amount.units() / 100, std::abs(amount.units() % 100));
}

}  // namespace thaw::scenario
