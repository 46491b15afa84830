#pragma once

#include <functional>
#include <optional>
#include <string>

#include "app/api/call.h"

namespace thaw::api {

/// Answers a page of the rows under `prefix`, in key order. `render` says nothing for a row that is
/// left out. A page looks at so many rows at most; `next_cursor` goes on from there.
void answer_page(const CallPtr& call, const std::string& prefix,
                 const std::function<std::optional<Json>(StateView&, const std::string& key,
                                                         const StoredRow&)>& render);

}  // namespace thaw::api
