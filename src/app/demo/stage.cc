#include "app/demo/stage.h"

#include <fmt/format.h>

#include <fstream>

#include "adapters/crypto/base64.h"
#include "app/demo/schedule.h"
#include "base/random.h"

namespace thaw::demo {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMarker = ".thaw-demo";
constexpr Duration kReadyWithin = Duration::seconds(60);

std::string make_secret(std::uint64_t seed) {
  Random random(seed ^ 0x5ec7e7);
  std::string bytes;
  for (int i = 0; i < 24; ++i) bytes += static_cast<char>(random.below(256));
  return "whsec_" + to_base64(bytes);
}

constexpr const char* kConfig = R"(# The demo's server. auth = "none" is for loopback only.
[auth]
mode = "none"

[loyalty]
url = "{}"
timeout = "PT0.3S"      # on the real clock; backoff and horizon run on the manual one
max_in_flight = 16

[providers.cardco]      # tells of each payment at once
rails = ["debit_card", "apple_pay", "google_pay"]
webhook_secrets = ["{}"]

[providers.cardfile]    # settles them, under ids of its own; each file repeats the day so far
rails = ["debit_card", "apple_pay", "google_pay"]
file_format = "thaw-csv"
series = "cumulative"
settles_for = ["cardco"]
time_zone = "Australia/Sydney"

[providers.bankco]      # one file a bank day, some of the day before in it again
rails = ["bpay", "bank_transfer", "npp"]
file_format = "thaw-csv"
time_zone = "Australia/Sydney"
[providers.bankco.expected]
days = ["mon", "tue", "wed", "thu", "fri"]
holidays = ["2026-04-03", "2026-04-06"]
due = "13:00"
)";

}  // namespace

Stage::Stage(const DemoOptions& options)
    : folder_(fs::absolute(options.folder)),
      program_(options.program),
      keeps_serving_(options.keep_serving),
      webhook_secret_(make_secret(options.seed)) {}

Result<std::unique_ptr<Stage>> Stage::set_up(const DemoOptions& options) {
  std::unique_ptr<Stage> stage(new Stage(options));
  if (const Status made = stage->make_folder(); !made) return fail_with(made);
  if (const Status started = stage->start_points(); !started) return fail_with(started);
  if (const Status written = stage->write_config(); !written) return fail_with(written);
  if (const Status started = stage->start_server("127.0.0.1:0"); !started) {
    return fail_with(started);
  }
  return stage;
}

Status Stage::make_folder() const {
  std::error_code error;
  if (fs::exists(folder_, error) && !fs::is_empty(folder_, error)) {
    if (!fs::exists(folder_ / kMarker, error)) {
      return fail(ErrorCode::conflict, folder_.string() +
                                           " holds something else than an earlier demo: it is "
                                           "left alone, name another folder");
    }
    fs::remove_all(folder_, error);
  }
  for (const char* name : {"files", "requests"}) fs::create_directories(folder_ / name, error);
  std::ofstream(folder_ / kMarker) << "made by `thaw demo`, which wipes it when it runs again\n";
  if (!fs::exists(folder_ / kMarker, error)) {
    return fail(ErrorCode::io, folder_.string() + " cannot be written");
  }
  return {};
}

Status Stage::write_config() const {
  std::ofstream file(folder_ / "thaw.toml");
  file << fmt::format(fmt::runtime(kConfig), points_url_, webhook_secret_);
  if (!file.flush()) return fail(ErrorCode::io, "thaw.toml cannot be written");
  return {};
}

Status Stage::start_points() {
  ChildOptions options;
  options.program = program_;
  options.arguments = {"loyalty-sandbox", "--listen", "127.0.0.1:0", "--data",
                       (folder_ / "points").string()};
  options.log = folder_ / "sandbox.log";
  options.outlives_us = keeps_serving_;
  auto process = ChildProcess::start(options);
  if (!process) return fail_with(process);
  points_process_ = std::move(*process);
  auto url = points_process_->wait_ready(kReadyWithin);
  if (!url) return fail(url.error().code, "the points partner: " + url.error().detail);
  points_url_ = *url;
  auto exchange = Exchange::connect(points_url_);
  if (!exchange) return fail_with(exchange);
  points_ = std::move(*exchange);
  return {};
}

Status Stage::start_server(const std::string& listen) {
  ChildOptions options;
  options.program = program_;
  options.arguments = {"serve",
                       "--config",
                       (folder_ / "thaw.toml").string(),
                       "--data",
                       (folder_ / "data").string(),
                       "--listen",
                       listen,
                       "--clock",
                       "manual=" + to_rfc3339(month_begins())};
  options.log = folder_ / "server.log";
  options.outlives_us = keeps_serving_;
  auto process = ChildProcess::start(options);
  if (!process) return fail_with(process);
  server_process_ = std::move(*process);
  auto url = server_process_->wait_ready(kReadyWithin);
  if (!url) return fail(url.error().code, "the server: " + url.error().detail);
  server_url_ = *url;
  auto exchange = Exchange::connect(server_url_);
  if (!exchange) return fail_with(exchange);
  server_ = std::move(*exchange);
  return {};
}

Status Stage::start_server_again() {
  const std::string host = server_url_.substr(std::string("http://").size());
  return start_server(host);
}

std::string Stage::let_go() {
  const pid_t server = server_process_->pid();
  const pid_t points = points_process_->pid();
  server_process_->let_go();
  points_process_->let_go();
  return fmt::format("kill {} {}", server, points);
}

}  // namespace thaw::demo
