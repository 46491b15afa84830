#pragma once

#include <string>
#include <string_view>

namespace thaw {

// thaw keeps no card number (SPEC §3.5). One is 13 to 19 digits that begin with 2 to 6, as those of
// the card networks do, and pass the Luhn check; its groups may stand apart by one space or dash.

/// True if the whole text is a card number: no id, no token.
bool is_card_number(std::string_view text);

/// Free text as it may be stored and logged: of each card number in it only the last four digits
/// are left, the others become `*`.
std::string mask_card_numbers(std::string text);

}  // namespace thaw
