#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "application/ports/points.h"

namespace thaw {

/// {"status":"issued|reversed","reference":"…"}; other fields are passed over.
struct PointsBody {
  PointsState state;
  std::string reference;
};

/// Nothing for a body that is not that, for an empty or overlong reference, and for one that names
/// a key other than `expected_key`.
std::optional<PointsBody> parse_points_body(std::string_view text, std::string_view expected_key);

/// {"items":[{…}],"next_cursor":null|"…"}; nothing for a page that is not wholly readable.
std::optional<PointsPage> parse_points_page(std::string_view text);

/// The `code`, else the `title` of a problem document, cut to 128 bytes; "" if there is none
/// that can be shown as it is.
std::string parse_problem_code(std::string_view text);

std::string make_issue_body(const PointsIssueRequest& request);

}  // namespace thaw
