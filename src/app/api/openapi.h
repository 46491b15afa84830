#pragma once

#include <string_view>

namespace thaw::api {

/// openapi.json of this folder (OpenAPI 3.1): every route, what it takes and what it answers.
/// Compiled in, so that the door and its description are of one version.
extern const std::string_view kOpenApi;

}  // namespace thaw::api
