#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "adapters/blobs/folder_blobs.h"
#include "adapters/clock/clock.h"
#include "adapters/files/thaw_csv.h"
#include "adapters/http/server.h"
#include "adapters/zones/date_zones.h"
#include "app/api/api.h"
#include "app/config/config.h"
#include "app/server/door.h"
#include "app/server/effects.h"
#include "app/server/engine_host.h"
#include "app/server/file_intake.h"

namespace thaw {

struct ServerOptions {
  Config config;
  std::optional<Instant> manual_clock;  // starts here, or at the last recorded_at if that is later
  std::function<Result<Config>()> reload;  // null: secrets stay as they are
};

/// The whole of `thaw serve`: clock, engine, effects, file intake, door. Opened and closed by one
/// thread.
class Server {
 public:
  /// Recovers and binds; nobody is served yet. `on_failure` comes once if the engine dies: drain
  /// and exit. Errors as of EngineHost::open; invalid, unavailable (the address is taken).
  static Result<std::unique_ptr<Server>> open(ServerOptions options,
                                              std::function<void(const Error&)> on_failure);
  ~Server();

  /// "http://127.0.0.1:8080"
  std::string url() const;
  /// False: a start on a full disk has nothing to give up (docs/runbook).
  bool has_reserve() const { return host_->has_reserve(); }
  bool has_two_person_rule() const { return options_.config.auth == AuthMode::keys; }
  EngineHost& host() { return *host_; }
  /// Starts every thread and begins to serve.
  Status start();
  /// Stops accepting, finishes what is in flight, makes all durable.
  Status close();
  /// After a failure of the engine: lets the answers out, and no more.
  void abandon();

 private:
  explicit Server(ServerOptions options) : options_(std::move(options)) {}

  Status open_engine();
  Status open_door();
  Status pin_reference_key();
  Status configure_providers();
  api::Context make_context();
  Importer make_importer(Ledger& ledger);
  bool move_clock(Instant to, std::function<void(api::ClockMoved)> done);
  void wait_settled(Instant to, const std::function<void(api::ClockMoved)>& done);
  api::Health health() const;
  std::string metrics();
  void stop_http(Duration at_most);

  ServerOptions options_;
  DateZones zones_;
  ThawCsv csv_;
  std::unique_ptr<Clock> clock_;
  std::unique_ptr<EngineHost> host_;
  std::unique_ptr<FolderBlobs> blobs_;
  std::unique_ptr<Door> door_;
  std::unique_ptr<LaneLedger> import_ledger_;
  std::unique_ptr<LaneLedger> setup_ledger_;
  std::unique_ptr<FileIntake> intake_;
  std::unique_ptr<Effects> effects_;
  std::unique_ptr<WorkQueue> clock_moves_;
  std::string reference_key_check_;
  std::unique_ptr<api::Api> api_;
  std::unique_ptr<HttpServer> http_;
  std::vector<std::thread> http_threads_;
  std::atomic<bool> is_ready_{false};
  std::atomic<bool> has_failed_{false};
  std::function<void(const Error&)> on_failure_;
};

}  // namespace thaw
