#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/auditor/item.h"

namespace thaw::audit {

/// What is to be paired, as indexes of items: those that files alone know with those that webhooks
/// reported. Each sorted by (time, identity).
struct Sides {
  std::vector<std::size_t> records;
  std::vector<std::size_t> loads;
};

/// Which loads each record may confirm, both by position in their side.
using MayConfirm = std::vector<std::vector<std::size_t>>;

/// The load of each record, by position, or nothing.
using Pairing = std::vector<std::optional<std::size_t>>;

/// Sorts a side by (time, identity).
void sort_side(const Book& book, std::vector<std::size_t>& side);

/// True if the record may stand for the load: SPEC §2.4, "Without an id match". The class says
/// whose settlement lag holds.
bool may_confirm(const Book& book, const Item& record, const Item& load,
                 std::string_view lag_class);

/// All that may be; `lag_class` stands in for the class of each record, where given.
MayConfirm find_edges(const Book& book, const Sides& sides,
                      std::optional<std::string_view> lag_class = std::nullopt);

/// Each record in turn confirms the earliest free load.
Pairing pair_greedily(const MayConfirm& may, std::size_t loads);

/// As many pairs as possible, leaving one record and one load out.
std::size_t most_pairs_without(const MayConfirm& may, std::size_t record, std::size_t load);

}  // namespace thaw::audit
