#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace thaw::cli {

/// Of the words the one that was probably meant: at most a third of the letters of `word` away, the
/// first of equals. Nothing if none is.
std::optional<std::string> find_nearest(std::string_view word,
                                        const std::vector<std::string>& words);

}  // namespace thaw::cli
