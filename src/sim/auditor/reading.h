#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "sim/auditor/auditor.h"
#include "sim/auditor/span.h"

namespace thaw::audit {

/// A line as far as it can be read alone, before any other line is looked at.
struct Reading {
  const Line* line = nullptr;
  const Provider* provider = nullptr;
  std::string_view rejection;  // empty: valid
  bool is_taken_in = false;
  bool is_malformed_reference = false;
  std::string_view owner;        // stated, claimed, or of the record that it names; empty: nobody
  const Claim* claim = nullptr;  // by which it is the owner's; of the history
  std::string_view rail_class;
  Span span;
  bool is_conflict = false;          // of identity; set by `gather_items`
  std::optional<std::size_t> names;  // the item that it names; set by `resolve_names`
  bool names_gone = false;           // it names what has expired; likewise
};

/// True for a load or withdrawal.
bool is_payment(std::string_view kind);

/// The kinds of payment that a reversal or correction may mean by the id that it names: its own
/// word, or the load of that id, else the withdrawal. None for a line that names nothing.
std::vector<std::string_view> named_kinds(const Line& line);

/// The reason for which a line is rejected, or nothing. SPEC §2.4: content before identity; of
/// several reasons the first in SPEC's order.
std::string_view rejection_of(const Line& line, const Provider& provider);

/// Reads one line: validity, time, and whose it says that it is.
Reading read_line(const History& history, const Line& line, bool is_taken_in);

}  // namespace thaw::audit
