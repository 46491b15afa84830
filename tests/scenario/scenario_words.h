#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/money.h"

namespace thaw::scenario {

/// One line of a table: `verb word word key=value … -> expected words`.
struct Step {
  int number = 0;  // of the line in its file
  std::string text;
  std::string verb;
  std::vector<std::string> words;
  std::map<std::string, std::string> options;
  std::optional<std::string> expected;

  /// Missing words and options are faults of the table: reported by throwing std::runtime_error.
  const std::string& word(std::size_t index) const;
  std::string option(const std::string& name, const std::string& otherwise = {}) const;
};

/// Nothing for blank lines and comments.
std::optional<Step> parse_step(int number, std::string_view text);

/// "T0+30d-1ms": T0 is 2025-11-01T00:00:00Z; units d h m s ms; or RFC 3339.
Instant parse_time(const std::string& text);

/// "500.00" or "5" in major units.
Minor parse_amount(const std::string& text);
std::string format_amount(Minor amount);

std::vector<std::string> split(std::string_view text, char separator);

}  // namespace thaw::scenario
