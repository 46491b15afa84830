#pragma once

#include <string>

#include "sim/auditor/item.h"
#include "sim/auditor/window.h"

namespace thaw::audit {

/// A line of conflicting identity as an item of its own, since it is held whole.
Item item_alone(const Book& book, std::size_t line);

/// The placement of an item's carrier for one enrolment: SPEC §2.4, "Placements".
std::string place_item(const Window& window, const Item& item);

/// The placement of a line, its item's carrier or a repeat.
std::string place_line(const Window& window, const Book& book, const Item& item, std::size_t line);

/// The placement of a line whose identity conflicts.
std::string place_conflict(const Window& window, const Book& book, std::size_t line);

/// True if the item is held for a reason that has nothing to do with one window.
bool is_held(const Item& item);

/// What a payment counts for here once its hold is lifted; zero if it is excluded.
std::int64_t worth_of(const Window& window, const Item& item);

}  // namespace thaw::audit
