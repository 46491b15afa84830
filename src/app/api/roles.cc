#include "app/api/roles.h"

#include <array>
#include <utility>

namespace thaw::api {
namespace {

constexpr std::array<std::pair<Role, std::string_view>, 7> kRoles{{
    {Role::app, "app"},
    {Role::ingest, "ingest"},
    {Role::care, "care"},
    {Role::ops, "ops"},
    {Role::approver, "approver"},
    {Role::analyst, "analyst"},
    {Role::admin, "admin"},
}};

}  // namespace

std::string_view to_string(Role role) {
  for (const auto& [known, name] : kRoles) {
    if (known == role) return name;
  }
  return "unknown";
}

std::optional<Role> parse_role(std::string_view text) {
  for (const auto& [role, name] : kRoles) {
    if (name == text) return role;
  }
  return std::nullopt;
}

}  // namespace thaw::api
