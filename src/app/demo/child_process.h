#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/result.h"

namespace thaw::demo {

struct ChildOptions {
  std::string program;
  std::vector<std::string> arguments;
  std::filesystem::path log;  // its standard error, appended
  bool outlives_us = false;   // else it is killed when the starting thread ends
};

/// A process that says on its standard output when it is ready. Owned by one thread.
class ChildProcess {
 public:
  static Result<ChildProcess> start(const ChildOptions& options);
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  /// Ends it (SIGTERM) and waits, unless it was let go.
  ~ChildProcess();

  /// The URL in its first line, "… ready on http://127.0.0.1:40123 …".
  Result<std::string> wait_ready(Duration at_most);
  void kill_hard();  // SIGKILL, and waits
  void let_go();     // it goes on without us
  pid_t pid() const { return pid_; }

 private:
  ChildProcess(pid_t pid, int output) : pid_(pid), output_(output) {}
  void end(int signal_number);

  pid_t pid_ = -1;
  int output_ = -1;
};

}  // namespace thaw::demo
