#include "app/demo/demo.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "adapters/clock/clock.h"
#include "app/demo/audit.h"
#include "app/demo/closing.h"
#include "app/demo/month.h"
#include "app/demo/stage.h"

namespace thaw {
namespace {

using namespace demo;

constexpr int kOk = 0;
constexpr int kFailed = 1;
constexpr int kDiscrepancy = 3;

bool is_terminal(const std::ostream& stream) {
  if (&stream == &std::cout) return isatty(STDOUT_FILENO) == 1;
  return (&stream == &std::cerr || &stream == &std::clog) && isatty(STDERR_FILENO) == 1;
}

bool has_colours(const std::ostream& stream) {
  const char* wish = std::getenv("NO_COLOR");
  return is_terminal(stream) && (!wish || !*wish);
}

/// Where it broke, and what to read: the folder stays.
int give_up(const DemoOptions& options, const Error& error, std::ostream& progress) {
  progress << "thaw demo: " << error.detail << '\n';
  if (error.code == ErrorCode::conflict) return kFailed;
  progress << fmt::format(
      "  read {0}/server.log and {0}/sandbox.log; the requests are in {0}/requests.\n"
      "  The folder stays until the demo runs there again.\n",
      options.folder.string());
  return kFailed;
}

Status run_month(Desk& desk, const Population& population, const DemoOptions& options, View& view,
                 Findings& findings) {
  auto sender = WebhookSender::make(desk.stage().webhook_secret());
  if (!sender) return fail_with(sender);
  Month month(desk, std::move(*sender), population, options.seed, view, findings);
  const Status done = month.run();
  view.finish();
  return done;
}

}  // namespace

int run_demo(const DemoOptions& options, std::ostream& out, std::ostream& progress) {
  signal(SIGPIPE, SIG_IGN);  // a killed server closes its connections
  const std::int64_t from = monotonic_ms();
  if (options.members == 0) {
    return give_up(options, {ErrorCode::conflict, "at least one member is needed"}, progress);
  }
  const Population population = make_population(options.seed, options.members);
  auto stage = Stage::set_up(options);
  if (!stage) return give_up(options, stage.error(), progress);
  progress << fmt::format("thaw on {}, points partner on {}, seed {}, {} members\n",
                          (*stage)->server_url(), (*stage)->points_url(), options.seed,
                          options.members);
  View view(progress, is_terminal(progress), has_colours(progress));
  Findings findings;
  Desk desk(**stage);
  if (const Status done = run_month(desk, population, options, view, findings); !done) {
    return give_up(options, done.error(), progress);
  }
  const auto results = audit(**stage, population, findings);
  if (!results) return give_up(options, results.error(), progress);
  Closing closing{options, **stage, population, *results, findings, desk.figures()};
  if (options.keep_serving) closing.stop_command = (*stage)->let_go();
  closing.has_colours = has_colours(out);
  closing.took_ms = monotonic_ms() - from;
  if (const Status left = leave_notes(closing); !left) {
    return give_up(options, left.error(), progress);
  }
  (options.json ? print_json : print_table)(closing, out);
  return findings.all_hold() ? kOk : kDiscrepancy;
}

}  // namespace thaw
