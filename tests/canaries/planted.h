#pragma once

namespace thaw {

/// True while the bug of that name is asked for (canaries.toml). One thread.
bool is_planted(const char* name);

}  // namespace thaw
