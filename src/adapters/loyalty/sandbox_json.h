#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/loyalty/sandbox_store.h"
#include "application/ports/points.h"
#include "base/result.h"

namespace thaw {

/// The body of POST /points; `invalid` says which field is wrong. Unknown fields are.
Result<PointsIssueRequest> parse_issue_body(std::string_view text);

std::string make_entry_json(const PointsEntry& entry);
std::string make_ledger_json(const SandboxTotals& totals,
                             const std::vector<SandboxMovement>& movements,
                             std::int64_t next_cursor);

/// `"12"`, or `null` for 0.
std::string make_cursor_json(std::int64_t next_cursor);

}  // namespace thaw
