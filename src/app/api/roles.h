#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace thaw::api {

/// What a key's holder may do (SPEC §3.3).
enum class Role : std::uint8_t { app, ingest, care, ops, approver, analyst, admin };

std::string_view to_string(Role role);
std::optional<Role> parse_role(std::string_view text);

}  // namespace thaw::api
