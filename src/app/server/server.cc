#include "app/server/server.h"

#include <fmt/format.h>

#include <cstring>

#include "adapters/crypto/secrets.h"
#include "app/server/data_folder.h"
#include "app/server/dry_ledger.h"
#include "base/sha256.h"
#include "domain/keys.h"

namespace thaw {
namespace {

constexpr Duration kDrain = Duration::seconds(30);
constexpr Duration kLastAnswers = Duration::seconds(1);
constexpr Duration kClockAnswer = Duration::seconds(30);
constexpr Duration kClockPoll = Duration::milliseconds(2);
constexpr std::size_t kHttpThreads = 2;
constexpr std::size_t kContentHashBytes = 16;  // tells a repeat from another content
constexpr const char* kDefaultZone = "Australia/Sydney";

std::uint64_t draw_seed() {
  std::uint64_t seed = 1;
  if (const auto bytes = make_random_bytes(sizeof seed)) {
    std::memcpy(&seed, bytes->data(), sizeof seed);
  }
  return seed;
}

}  // namespace

Result<std::unique_ptr<Server>> Server::open(ServerOptions options,
                                             std::function<void(const Error&)> on_failure) {
  std::unique_ptr<Server> server(new Server(std::move(options)));
  server->on_failure_ = std::move(on_failure);
  if (const Status opened = server->open_engine(); !opened) return fail_with(opened);
  if (const Status opened = server->open_door(); !opened) return fail_with(opened);
  return server;
}

Status Server::open_engine() {
  if (options_.manual_clock) {
    clock_ = std::make_unique<ManualClock>(*options_.manual_clock);
  } else {
    clock_ = std::make_unique<WallClock>();
  }
  auto host = EngineHost::open(options_.config.data, [this] { return clock_->now(); });
  if (!host) return fail_with(host);
  host_ = std::move(*host);
  if (ManualClock* manual = clock_->manual()) {
    (void)manual->move_to(host_->engine().last_recorded_at());  // an older one moves nothing
  }
  auto blobs = FolderBlobs::open(host_->disk(), kBlobFolder);
  if (!blobs) return fail_with(blobs);
  blobs_ = std::move(*blobs);
  auto effects = Effects::make(
      *host_, *clock_, options_.config.loyalty, [this] { (void)configure_providers(); },
      draw_seed());
  if (!effects) return fail_with(effects);
  effects_ = std::move(*effects);
  return {};
}

Status Server::open_door() {
  bool is_pinned = false;
  host_->read(
      [&](StateView& view) { is_pinned = view.find(keys::pinned(kReferenceKey)).has_value(); });
  auto key = load_reference_key(host_->disk(), !is_pinned);
  if (!key) return fail_with(key);
  reference_key_check_ = make_reference_key_check(*key);
  auto door = Door::make(options_.config, std::move(*key), options_.reload);
  if (!door) return fail_with(door);
  door_ = std::move(*door);
  import_ledger_ = std::make_unique<LaneLedger>(*host_, Lane::import);
  setup_ledger_ = std::make_unique<LaneLedger>(*host_, Lane::requests);
  intake_ = std::make_unique<FileIntake>(
      *blobs_, *import_ledger_, [this](Ledger& ledger) { return make_importer(ledger); },
      [this] {
        return std::make_unique<DryLedger>([this](const auto& reader) { host_->read(reader); },
                                           clock_->now());
      });
  clock_moves_ = std::make_unique<WorkQueue>();
  api_ = std::make_unique<api::Api>(make_context());
  const auto listen = parse_listen(options_.config.listen);
  if (!listen) return fail(ErrorCode::invalid, options_.config.listen + ": address:port is wanted");
  HttpServerOptions http;
  http.address = listen->host;
  http.port = listen->port;
  http.threads = kHttpThreads;
  http.request_id_seed = draw_seed();
  if (!options_.config.certificate.empty()) {
    http.tls = TlsFiles{options_.config.certificate, options_.config.private_key};
  }
  auto opened = HttpServer::open(std::move(http), *api_);
  if (!opened) return fail_with(opened);
  http_ = std::move(*opened);
  return {};
}

Server::~Server() {
  if (!http_threads_.empty()) stop_http(Duration{});
  effects_.reset();
  intake_.reset();
  clock_moves_.reset();
}

std::string Server::url() const {
  const auto listen = parse_listen(options_.config.listen);
  const std::string host = listen ? listen->host : "";
  return fmt::format("{}://{}:{}", options_.config.certificate.empty() ? "http" : "https",
                     host.find(':') == std::string::npos ? host : "[" + host + "]", http_->port());
}

/// With another key no file would find its members, and anybody could claim what is claimed.
Status Server::pin_reference_key() {
  const auto pinned =
      setup_ledger_->run({PinSetting{kReferenceKey, reference_key_check_}, {}, false, {}});
  if (!pinned) return fail_with(pinned);
  if (is_success(pinned->code)) return {};
  return std::unexpected(make_wrong_reference_key());
}

Status Server::start() {
  host_->start([this](const Error& error) {
    has_failed_ = true;
    on_failure_(error);
  });
  if (const Status pinned = pin_reference_key(); !pinned) return pinned;
  if (const Status configured = configure_providers(); !configured) return configured;
  if (const Status started = effects_->start(); !started) return started;
  intake_->resume();
  for (std::size_t i = 0; i < kHttpThreads; ++i) {
    http_threads_.emplace_back([this, i] { http_->run(i); });
  }
  is_ready_ = true;
  return {};
}

/// Journals what rules depend on, where it has changed (SPEC §2.6: the calendar moves with the
/// day).
Status Server::configure_providers() {
  for (const ProviderConfig& provider : options_.config.providers) {
    ProviderSettings settings{
        provider.id, provider.rails, {}, provider.not_by_webhook, provider.not_by_file};
    if (provider.expected) {
      settings.expected =
          expected_files(*provider.expected, provider.files.time_zone, clock_->now(), zones_);
    }
    const auto reply = setup_ledger_->run({ConfigureProvider{std::move(settings)}, {}, false, {}});
    if (!reply) return fail_with(reply);
  }
  return {};
}

Importer Server::make_importer(Ledger& ledger) {
  std::vector<ProviderFiles> files;
  for (const ProviderConfig& provider : options_.config.providers) files.push_back(provider.files);
  return {ledger,  *blobs_,
          zones_,  [this](std::string_view text) { return door_->hash_reference(text); },
          {&csv_}, std::move(files)};
}

api::Context Server::make_context() {
  api::Context context;
  context.submit = [this](Lane lane, Command command, auto done) {
    return host_->submit(lane, std::move(command), std::move(done));
  };
  context.read = [this](const auto& reader) { host_->read(reader); };
  context.now = [this] { return clock_->now(); };
  context.authenticate = [this](const HttpRequest& request) {
    return door_->authenticate(request);
  };
  context.check_signature = [this](const ProviderId& provider, const HttpRequest& request) {
    return door_->check_signature(provider, request, clock_->now());
  };
  context.hash_content = [](std::string_view text) {
    const Sha256Digest digest = sha256(text);
    return std::string(digest.begin(), digest.begin() + kContentHashBytes);
  };
  context.hash_reference = [this](std::string_view text) { return door_->hash_reference(text); };
  context.start_of_day = [this](CivilDate date) { return zones_.start_of(date, kDefaultZone); };
  context.knows_zone = [this](std::string_view zone) { return zones_.knows(zone); };
  context.is_full = [this](Lane lane) {
    return host_->engine().waiting(lane) >= host_->engine().lane_capacity();
  };
  context.open_upload = [this] { return intake_->open_upload(); };
  context.take_file = [this](api::FileUpload upload, auto done) {
    intake_->take(std::move(upload), std::move(done));
  };
  context.read_clock = [this] { return clock_->read(); };
  if (clock_->manual()) {
    context.move_clock = [this](Instant to, auto done) { return move_clock(to, std::move(done)); };
  }
  context.health = [this] { return health(); };
  context.metrics = [this] { return metrics(); };
  return context;
}

bool Server::move_clock(Instant to, std::function<void(api::ClockMoved)> done) {
  if (!clock_->manual()->move_to(to)) return false;
  effects_->notice_clock();
  clock_moves_->post([this, to, done = std::move(done)] {
    (void)setup_ledger_->run({NoteClock{clock_->read()}, {}, false, {}});  // the move is journaled
    wait_settled(to, done);
  });
  return true;
}

/// At rest means: looked at twice, with nothing left to do in between.
void Server::wait_settled(Instant to, const std::function<void(api::ClockMoved)>& done) {
  const std::int64_t give_up_at = monotonic_ms() + kClockAnswer.ms;
  int calm = 0;
  std::string waits_for;
  for (;;) {
    const std::uint64_t seen = host_->committed().rings();
    waits_for = intake_->is_idle() ? effects_->find_unsettled() : "file import";
    calm = waits_for.empty() ? calm + 1 : 0;
    if (calm >= 2 || has_failed_ || !is_ready_ || monotonic_ms() >= give_up_at) break;
    host_->committed().wait_beyond(seen, kClockPoll);
  }
  done({std::max(to, clock_->now()), calm >= 2, waits_for});
}

api::Health Server::health() const {
  if (has_failed_) return {false, false, "the journal failed; the process is about to exit"};
  if (!is_ready_) return {true, false, "draining"};
  return {};
}

void Server::stop_http(Duration at_most) {
  is_ready_ = false;
  if (at_most > Duration{}) {
    (void)http_->drain(at_most);
  } else {
    http_->stop();
  }
  for (std::thread& thread : http_threads_) thread.join();
  http_threads_.clear();
}

Status Server::close() {
  stop_http(kDrain);
  effects_->stop();
  intake_.reset();
  clock_moves_.reset();
  return host_->stop();
}

void Server::abandon() {
  stop_http(kLastAnswers);
}

}  // namespace thaw
