#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>

#include "adapters/http/server.h"
#include "adapters/loyalty/sandbox.h"
#include "adapters/zones/date_zones.h"
#include "app/cli/cli.h"
#include "app/cli/commands.h"
#include "app/server/server.h"

namespace thaw::cli {
namespace {

/// SIGTERM, SIGINT: drain. SIGUSR1 is our own: the engine has failed.
sigset_t block_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return set;
}

Result<std::optional<Instant>> parse_clock(const std::string& text) {
  if (text == "wall") return std::optional<Instant>();
  constexpr std::string_view kManual = "manual=";
  if (text.starts_with(kManual)) {
    if (const auto start = parse_rfc3339(text.substr(kManual.size()))) return start;
  }
  return fail(ErrorCode::invalid, "--clock: 'wall' or 'manual=2025-11-01T00:00:00Z' is wanted");
}

/// What to do after the engine has failed. What was acknowledged is on the disk.
std::string_view advise(const Error& error) {
  if (error.code == ErrorCode::no_space) {
    return "make room on the disk of the data folder and start it again; nothing acknowledged is "
           "lost";
  }
  return "look at the disk of the data folder (dmesg), then start it again; nothing acknowledged "
         "is lost";
}

void say_ready(const Server& server) {
  if (!server.has_reserve()) {
    fmt::print(stderr,
               "thaw: no room on the disk for journal.reserve; make room and restart when "
               "it suits\n");
  }
  fmt::print("thaw ready on {}{}\n", server.url(),
             server.has_two_person_rule()
                 ? ""
                 : " (auth none: one principal, the two-person rule is off)");
  std::fflush(stdout);
}

int run_until_signal(Server& server, const sigset_t& signals) {
  int signal_number = 0;
  sigwait(&signals, &signal_number);
  if (signal_number == SIGUSR1) {
    // Memory is ahead of the disk: nothing more is written, not even in destructors.
    server.abandon();
    _exit(kFailed);
  }
  fmt::print(stderr, "thaw: draining\n");
  if (const Status closed = server.close(); !closed) return fail_command(closed.error());
  return kOk;
}

}  // namespace

int serve(const ServeArguments& arguments) {
  const DateZones zones;
  const auto manual_clock = parse_clock(arguments.clock);
  if (!manual_clock) return fail_command(manual_clock.error()), kUsage;
  auto config = load_config(arguments.config, {arguments.listen, arguments.data}, zones);
  if (!config) return fail_command(config.error());
  const sigset_t signals = block_signals();
  const auto on_failure = [](const Error& error) {
    fmt::print(stderr, "thaw: the engine failed and the process ends: {}\nthaw: {}\n", error.detail,
               advise(error));
    kill(getpid(), SIGUSR1);
  };
  const auto reload = [&] {
    return load_config(arguments.config, {arguments.listen, arguments.data}, zones);
  };
  auto server = Server::open({std::move(*config), *manual_clock, reload}, on_failure);
  if (!server) return fail_command(server.error());
  if (const Status started = (*server)->start(); !started) return fail_command(started.error());
  say_ready(**server);
  return run_until_signal(**server, signals);
}

int loyalty_sandbox(const SandboxArguments& arguments) {
  const auto listen = parse_listen(arguments.listen);
  if (!listen) return fail_command("--listen: address:port is wanted"), kUsage;
  const sigset_t signals = block_signals();
  const WallClock clock;
  auto sandbox =
      LoyaltySandbox::open({arguments.data, arguments.api_key, [&clock] { return clock.now(); }});
  if (!sandbox) return fail_command(sandbox.error());
  HttpServerOptions options;
  options.address = listen->host;
  options.port = listen->port;
  auto http = HttpServer::open(options, **sandbox);
  if (!http) return fail_command(http.error());
  std::thread thread([&] { (*http)->run(0); });
  fmt::print("thaw loyalty-sandbox ready on http://{}:{}\n", listen->host, (*http)->port());
  std::fflush(stdout);
  int signal_number = 0;
  sigwait(&signals, &signal_number);
  (void)(*http)->drain(Duration::seconds(5));
  thread.join();
  return kOk;
}

}  // namespace thaw::cli
