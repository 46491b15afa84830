#include "sim/node/node.h"

#include "domain/keys.h"
#include "sim/workload/rendering.h"

namespace thaw {
namespace {

constexpr Duration kHousekeeping = Duration::hours(1);
constexpr Duration kClockTolerated = Duration::seconds(60);
constexpr std::size_t kHerd = 3;
constexpr const char* kBlobFolder = "blobs";

Command make_command(CommandBody body) {
  return {std::move(body), {}, false, {}};
}

std::vector<Rail> read_rails(const std::vector<std::string>& names) {
  std::vector<Rail> rails;
  for (const std::string& rail : names) rails.push_back(*parse_rail(rail));
  return rails;
}

/// A file for each day of the world.
std::vector<ExpectedFile> make_calendar(const World& world, const Zones& zones,
                                        const std::string& zone) {
  std::vector<ExpectedFile> expected;
  const CivilDate first = zones.date_of(world.starts_at - Duration::days(8), zone);
  for (std::int64_t day = days_from_civil(first);
       zones.start_of(civil_from_days(day), zone) < world.ends_at; ++day) {
    const CivilDate date = civil_from_days(day);
    const Instant next = zones.start_of(civil_from_days(day + 1), zone);
    expected.push_back({to_string(date), zones.start_of(date, zone), next, next});
  }
  return expected;
}

std::vector<ProviderFiles> make_provider_files(const World& world) {
  std::vector<ProviderFiles> files;
  for (std::size_t i = 0; i < world.history.providers.size(); ++i) {
    const audit::Provider& provider = world.history.providers[i];
    ProviderFiles one;
    one.id = ProviderId(provider.id);
    one.time_zone = provider.time_zone;
    for (const std::string& id : provider.settles_for) one.settles_for.emplace_back(id);
    one.is_cumulative = world.series[i].is_cumulative;
    files.push_back(std::move(one));
  }
  return files;
}

}  // namespace

Node::Node(const NodeParts& parts, std::uint64_t seed)
    : parts_(parts),
      random_(seed),
      import_ledger_(parts.store, random_.next(), parts.between),
      worker_(parts.store, parts.points, [&clock = parts.clock] { return clock.wall(); },
              random_.next(), {}),
      grants_(parts.store, [this](const WindowId& window) { worker_.notice(window); }),
      waits_(parts.store),
      witness_(parts.sightings, parts.complain, parts.read_along),
      dispatcher_(parts.store, {&grants_, &waits_, &witness_}),
      clock_guard_(parts.store, [&clock = parts.clock] { return clock.read(); }),
      timers_([&store = parts.store](const auto& reader) { store.read(reader); },
              [this](const Command& command, const auto& done) {
                if (parts_.store.is_down() || random_.chance(1, 6)) return false;
                run_timer(command);
                done(Reply{});
                return true;
              }),
      came_up_at_(parts.clock.now) {}

Status Node::open() {
  auto blobs = FolderBlobs::open(parts_.store.disk(), kBlobFolder);
  if (!blobs) return fail_with(blobs);
  blobs_ = std::move(*blobs);
  if (const Status configured = configure_providers(); !configured) return configured;
  if (const Status opened = dispatcher_.open(); !opened) return opened;
  if (const Status opened = worker_.open(); !opened) return opened;
  Importer importer(import_ledger_, *blobs_, zones_, hash_simulated_reference, {&csv_},
                    make_provider_files(parts_.world));
  is_importing_ = true;
  const Status resumed = importer.resume();
  is_importing_ = false;
  return resumed;
}

Status Node::configure_providers() {
  for (std::size_t i = 0; i < parts_.world.history.providers.size(); ++i) {
    const audit::Provider& provider = parts_.world.history.providers[i];
    ProviderSettings settings{ProviderId(provider.id),
                              read_rails(provider.rails),
                              {},
                              read_rails(provider.not_by_webhook),
                              read_rails(provider.not_by_file)};
    if (parts_.world.series[i].is_expected) {
      settings.expected = make_calendar(parts_.world, zones_, provider.time_zone);
    }
    const auto reply = parts_.store.run(make_command(ConfigureProvider{std::move(settings)}));
    if (!reply) return fail_with(reply);
  }
  return {};
}

/// One file at a time, as in the server.
Result<ImportResult> Node::upload(const std::string& provider, const std::string& bytes) {
  if (is_importing_) return fail(ErrorCode::unavailable, "another file is being applied", true);
  auto writer = blobs_->create();
  if (!writer) return fail_with(writer);
  if (const Status written = (*writer)->write(bytes); !written) return fail_with(written);
  const auto sha256 = (*writer)->finish();
  if (!sha256) return fail_with(sha256);
  Importer importer(import_ledger_, *blobs_, zones_, hash_simulated_reference, {&csv_},
                    make_provider_files(parts_.world));
  is_importing_ = true;
  auto imported = importer.import(ProviderId(provider), "thaw-csv", *sha256);
  is_importing_ = false;
  return imported;
}

bool Node::step() {
  has_failed_ = false;
  const bool goes_on = take_turn();
  failures_in_a_row_ = has_failed_ ? failures_in_a_row_ + 1 : 0;
  return goes_on;
}

bool Node::take_turn() {
  const std::uint64_t first = random_.below(4);
  for (std::uint64_t i = 0; i < 4; ++i) {
    if (parts_.store.is_down()) return true;
    switch ((first + i) % 4) {
      case 0:
        if (fire_timers()) return true;
        break;
      case 1:
        if (keep_house()) return true;
        break;
      case 2:
        if (const auto handled = dispatcher_.step(); !handled || *handled > 0) {
          has_failed_ = !handled;
          return true;
        }
        break;
      default:
        if (const auto worked = worker_.step(); !worked || *worked) {
          has_failed_ = !worked;
          return true;
        }
    }
  }
  return false;
}

bool Node::fire_timers() {
  const auto allowed = clock_guard_.allows_timers();
  if (!allowed) return true;
  if (!*allowed) {
    is_clock_held_ = true;
    parts_.note("timers held for a clock that was set forward");
    return false;
  }
  is_clock_held_ = false;
  overdue_fired_ = 0;
  (void)timers_.step(parts_.clock.wall());
  if (overdue_fired_ >= kHerd) parts_.note("timer herd after a restart");
  return !timers_.is_idle(parts_.clock.wall());
}

/// Some firings come twice, or of another's hand: that changes nothing.
void Node::run_timer(const Command& command) {
  const auto& fire = std::get<FireTimer>(command.body);
  const Duration excused = std::max(parts_.clock.ahead_at_boot, Duration{});
  if (fire.due > parts_.clock.now + excused + kClockTolerated) {
    parts_.complain(fire.window.text() + ": its timer was fired early");
  }
  if (fire.due < came_up_at_) ++overdue_fired_;
  (void)parts_.store.run(command);
  if (random_.chance(1, 10)) {
    (void)parts_.store.run(command);
    parts_.note("timer fired twice");
  }
}

bool Node::keep_house() {
  const Instant now = parts_.clock.wall();
  if (house_kept_at_ != Instant::min() && now < house_kept_at_ + kHousekeeping) return false;
  house_kept_at_ = now;
  (void)parts_.store.run(make_command(PlaceKept{}));
  (void)parts_.store.run(make_command(ExpireKept{}));
  return false;
}

std::optional<Instant> Node::next_due(Instant rewards_from) const {
  std::optional<Instant> due = worker_.next_due();
  if (due && *due < rewards_from) due = rewards_from;
  const auto timer = is_clock_held_ ? std::nullopt : timers_.first_due();
  if (timer && (!due || *timer < *due)) due = timer;
  return due ? std::optional(*due - parts_.clock.ahead) : std::nullopt;
}

}  // namespace thaw
