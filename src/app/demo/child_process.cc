#include "app/demo/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <string_view>
#include <utility>

#include "adapters/clock/clock.h"

namespace thaw::demo {
namespace {

/// What an executable needs, made before the fork: the child may not allocate.
struct Execution {
  std::vector<std::string> words;
  std::vector<char*> arguments;
  std::vector<char*> environment;

  explicit Execution(const ChildOptions& options) : words{options.program} {
    words.insert(words.end(), options.arguments.begin(), options.arguments.end());
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    // The reader's own THAW_* would win over the demo's configuration.
    for (char** entry = environ; *entry; ++entry) {
      if (!std::string_view(*entry).starts_with("THAW_")) environment.push_back(*entry);
    }
    environment.push_back(nullptr);
  }
};

[[noreturn]] void become(const Execution& execution, const ChildOptions& options, pid_t parent,
                         int output, int log) {
  if (options.outlives_us) {
    setsid();
  } else {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);  // it died before we asked
  }
  dup2(output, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  execve(execution.arguments[0], execution.arguments.data(), execution.environment.data());
  _exit(127);
}

std::string error_text() {
  return std::strerror(errno);  // the demo starts processes from one thread
}

}  // namespace

Result<ChildProcess> ChildProcess::start(const ChildOptions& options) {
  const Execution execution(options);
  const int log = open(options.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (log < 0) return fail(ErrorCode::io, options.log.string() + ": " + error_text());
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    close(log);
    return fail(ErrorCode::io, "pipe: " + error_text());
  }
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) become(execution, options, parent, ends[1], log);
  close(log);
  close(ends[1]);
  if (pid < 0) {
    close(ends[0]);
    return fail(ErrorCode::io, "fork: " + error_text());
  }
  return ChildProcess(pid, ends[0]);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), output_(std::exchange(other.output_, -1)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(output_, other.output_);
  return *this;
}

ChildProcess::~ChildProcess() {
  end(SIGTERM);
}

Result<std::string> ChildProcess::wait_ready(Duration at_most) {
  const std::int64_t give_up_at = monotonic_ms() + at_most.ms;
  std::string line;
  while (line.find('\n') == std::string::npos) {
    const std::int64_t left = give_up_at - monotonic_ms();
    pollfd waits{output_, POLLIN, 0};
    if (left <= 0 || poll(&waits, 1, static_cast<int>(left)) <= 0) {
      return fail(ErrorCode::timeout, "it was not ready in time");
    }
    char bytes[512];
    const ssize_t count = read(output_, bytes, sizeof bytes);
    if (count <= 0) return fail(ErrorCode::unavailable, "it ended before it was ready");
    line.append(bytes, static_cast<std::size_t>(count));
  }
  const std::size_t from = line.find("http://");
  if (from == std::string::npos) return fail(ErrorCode::invalid, "it said: " + line);
  return line.substr(from, line.find_first_of(" \n", from) - from);
}

void ChildProcess::end(int signal_number) {
  if (pid_ > 0) {
    kill(pid_, signal_number);
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
  }
  if (output_ >= 0) close(output_);
  pid_ = -1;
  output_ = -1;
}

void ChildProcess::kill_hard() {
  end(SIGKILL);
}

void ChildProcess::let_go() {
  if (output_ >= 0) close(output_);
  pid_ = -1;
  output_ = -1;
}

}  // namespace thaw::demo
