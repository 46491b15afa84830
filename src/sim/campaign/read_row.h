#pragma once

#include <optional>
#include <string>

#include "domain/state.h"
#include "sim/store/sim_store.h"

namespace thaw {

/// The row as it is stored; nothing if there is none.
template <typename Row>
std::optional<Row> read_row(SimStore& store, const std::string& key) {
  std::optional<Row> row;
  store.read([&](StateView& view) {
    if (const auto stored = view.find(key)) row = decode<Row>(stored->bytes);
  });
  return row;
}

}  // namespace thaw
