#include "app/demo/child_process.h"

#include <gtest/gtest.h>
#include <signal.h>

namespace thaw::demo {
namespace {

ChildOptions shell(const std::string& script) {
  ChildOptions options;
  options.program = "/bin/sh";
  options.arguments = {"-c", script};
  options.log = std::filesystem::path(testing::TempDir()) / "child_process_test.log";
  return options;
}

TEST(ChildProcess, tells_the_url_of_its_ready_line) {
  auto child = ChildProcess::start(
      shell("echo 'thaw ready on http://127.0.0.1:4711 (auth none)'; read wait"));
  ASSERT_TRUE(child);
  EXPECT_EQ(child->wait_ready(Duration::seconds(20)), "http://127.0.0.1:4711");
}

TEST(ChildProcess, one_that_ends_before_it_is_ready_is_a_failure) {
  auto child = ChildProcess::start(shell("exit 1"));
  ASSERT_TRUE(child);
  const auto ready = child->wait_ready(Duration::seconds(20));
  ASSERT_FALSE(ready);
  EXPECT_EQ(ready.error().code, ErrorCode::unavailable);
}

TEST(ChildProcess, is_gone_once_killed) {
  auto child = ChildProcess::start(shell("echo http://x; exec sleep 100"));
  ASSERT_TRUE(child && child->wait_ready(Duration::seconds(20)));
  const pid_t pid = child->pid();
  child->kill_hard();
  EXPECT_NE(kill(pid, 0), 0);
}

TEST(ChildProcess, does_not_see_the_readers_own_settings) {
  setenv("THAW_LISTEN", "0.0.0.0:1", 1);
  auto child = ChildProcess::start(shell("echo \"http://[$THAW_LISTEN]\"; read wait"));
  unsetenv("THAW_LISTEN");
  ASSERT_TRUE(child);
  EXPECT_EQ(child->wait_ready(Duration::seconds(20)), "http://[]");
}

}  // namespace
}  // namespace thaw::demo
