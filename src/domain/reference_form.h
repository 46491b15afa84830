#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace thaw {

/// A reference in the one form under which it is hashed, so that a claim and a file that write it
/// differently mean the same; nothing: it is malformed, or the type is not known.
///
///   bpay_crn            2 to 20 digits; spaces and dashes are left out
///   account_bsb_number  the six digits of the BSB, then 2 to 10 of the account; likewise
///   payid               an e-mail address, +phone, ABN or organisation id: 3 to 128 bytes without
///                       spaces, in lower case; spaces and dashes of a number are left out
///   card_token          1 to 128 printable ASCII characters without spaces; no card number
///
/// Check digits are left to the biller's own file format: several rules are in use.
std::optional<std::string> normalise_reference(std::string_view type, std::string_view value);

}  // namespace thaw
