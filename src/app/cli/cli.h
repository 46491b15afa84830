#pragma once

namespace thaw::cli {

/// Exit codes (SPEC §3.3).
inline constexpr int kOk = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;
inline constexpr int kDiscrepancy = 3;

/// The `thaw` command: parses, carries out, answers with the exit code.
int run(int argc, const char* const* argv);

}  // namespace thaw::cli
