// The n-th call of the disk fails, for n = 1, 2, … until none fails (DESIGN §7): over a whole small
// campaign, by the real journal, engine, blobs, importer, timers and rewards, from an empty folder
// on and over a stop in order. Once, and from then on; then the process dies, or the power goes.

#include <gtest/gtest.h>

#include "domain/keys.h"
#include "sim/node/node.h"
#include "sim/node/plain_store_for_test.h"
#include "sim/points/sim_points.h"
#include "sim/workload/rendering.h"

namespace thaw {
namespace {

constexpr int kStepsMax = 2000;  // of what a process does by itself before it must be at rest
constexpr const char* kQualifying[] = {"A", "C"};

enum class Fault { once, from_then_on };
enum class End { restart, power_cut, in_turn };

audit::Line make_line(const std::string& member, const std::string& id, std::int64_t minor,
                      Instant at, bool is_by_file) {
  audit::Line line;
  line.provider = is_by_file ? "bankco" : "cardco";
  line.kind = "load";
  line.txn_id = id;
  line.rail = is_by_file ? "bank_transfer" : "apple_pay";
  line.minor = minor;
  line.member = member;
  line.made_at.instant = at;
  if (is_by_file) line.settled_at.instant = at;
  line.by_file = is_by_file;
  return line;
}

/// A, B and C; A and C qualify. Two lives of the process.
World make_world() {
  World world;
  world.starts_at = *parse_rfc3339("2025-11-01T00:00:00Z");
  world.ends_at = world.starts_at + Duration::days(90);
  world.history.providers = {{"cardco", {"apple_pay"}}, {"bankco", {"bank_transfer"}}};
  world.series = {{"cardco"}, {"bankco"}};
  CampaignRules rules;
  rules.id = CampaignId("cold");
  rules.name = "cold";
  rules.currency = *Currency::parse("AUD");
  rules.threshold = Minor::of(50'000);
  rules.points = 2000;
  rules.rails = {Rail::apple_pay, Rail::bank_transfer};
  rules.settlement_wait = {};
  world.campaigns = {rules};
  const Instant first = world.starts_at + Duration::hours(1);
  const Instant second = first + Duration::days(40);
  for (const char* member : {"A", "B", "C"}) {
    const Instant at = *member == 'C' ? second : first;
    world.history.enrolments.push_back({"", member, 0, at});
  }
  auto& lines = world.history.lines;
  lines = {make_line("A", "w1", 30'000, first, false), make_line("B", "w2", 10'000, first, false),
           make_line("A", "w3", 15'000, first, false), make_line("A", "f1", 5'000, first, true),
           make_line("B", "f2", 7'000, first, true),   make_line("C", "w4", 60'000, second, false),
           make_line("A", "w5", 1'000, second, false), make_line("C", "f3", 2'000, second, true)};
  return world;
}

/// One disk, and the processes that live on it one after the other.
class Story {
 public:
  Story(Fault fault, std::uint64_t n, End end)
      : fault_(fault),
        n_(n),
        is_power_cut_(end == End::power_cut || (end == End::in_turn && n % 2 == 0)),
        disk_(n) {
    fault == Fault::once ? disk_.fail_call(n) : disk_.fail_calls_from(n);
  }

  /// Whether any call failed.
  bool play() {
    clock_.now = clock_.booted_at = world_.starts_at;
    start();
    do_step([this] { return ask(DraftCampaign{world_.campaigns.front()}); });
    do_step([this] { return ask(PublishCampaign{world_.campaigns.front().id, {}}); });
    move_to(world_.starts_at + Duration::hours(1));
    do_step([this] { return enrol(0) && enrol(1); });
    do_step([this] { return send({0, 1}); });
    do_step([this] { return upload("F1", {3, 4}); });
    do_step([this] { return index(); });
    do_step([this] { return send({2}); });
    move_to(world_.starts_at + Duration::days(40) + Duration::hours(1));
    stop();
    start();
    do_step([this] { return enrol(2); });
    do_step([this] { return send({5, 6}); });
    do_step([this] { return upload("F2", {7}); });
    move_to(world_.starts_at + Duration::days(80));
    stop();
    const std::uint64_t calls = disk_.counters().calls;
    disk_.fail_call(0);
    disk_.fail_calls_from(0);
    start();
    check_end();
    const auto verified = verify_journal(disk_, "journal");
    EXPECT_TRUE(verified) << where() << verified.error().detail;
    return calls >= n_;
  }
  int deaths() const { return deaths_; }
  int refusals() const { return refusals_; }

 private:
  using Step = std::function<bool()>;

  std::string where() const {
    return "n " + std::to_string(n_) + (fault_ == Fault::once ? " once: " : " from then on: ");
  }

  bool try_start() {
    node_.reset();
    store_ = std::make_unique<PlainStore>(disk_, index_);
    if (const Status opened = store_->open([this] { return clock_.wall(); }); !opened) {
      EXPECT_NE(opened.error().code, ErrorCode::corrupt) << where() << opened.error().detail;
      return false;
    }
    node_ = std::make_unique<Node>(
        NodeParts{*store_, points_, clock_, world_, sightings_, [] {},
                  [this](const std::string& what) { ADD_FAILURE() << where() << what; },
                  [](const char*) {}},
        n_);
    return node_->open().has_value();
  }
  void start() {
    if (!try_start()) die();
  }

  /// What it had begun is finished by the disk's own rules; the next start has no more faults.
  void die() {
    ++deaths_;
    node_.reset();
    store_.reset();
    is_power_cut_ ? disk_.crash() : disk_.restart();
    index_.lose_unflushed();
    ASSERT_TRUE(try_start()) << where() << "does not come up again";
    check_acknowledged();
  }

  /// Until it is acknowledged: by the same process if that lives on, else by the next.
  void do_step(const Step& step) {
    for (int attempt = 0; attempt < 3; ++attempt) {
      if (testing::Test::HasFailure() || step()) return;
      ++refusals_;
      if (store_->is_down() || fault_ == Fault::from_then_on) die();
    }
    ADD_FAILURE() << where() << "a step is never acknowledged";
  }

  void move_to(Instant at) {
    do_step([this, at] {
      clock_.now = at;
      int calm = 0;  // a timer fired last gives others something to do
      for (int step = 0; step < kStepsMax && !store_->is_down(); ++step) {
        calm = node_->step() ? 0 : calm + 1;
        if (calm == 3) return true;
      }
      return false;
    });
  }
  void stop() {
    do_step([this] {
      node_.reset();
      if (store_->close()) return true;
      die();
      return false;
    });
  }
  bool index() {
    return store_->engine().index_step().has_value() && store_->engine().flush_index();
  }

  /// Any reply will do: a repeat of what was carried out unheard is refused or repeated.
  bool ask(CommandBody body) {
    return node_->call({std::move(body), "outside", false, {}}).has_value();
  }
  bool enrol(std::size_t enrolment) {
    const auto reply = node_->call(to_command(world_, EnrolCall{enrolment, {}}));
    if (!reply) return false;
    EXPECT_TRUE(is_success(reply->code) && reply->enrolment) << where();
    windows_[world_.history.enrolments[enrolment].member] = reply->enrolment->id;
    return true;
  }
  bool send(const std::vector<std::size_t>& lines) {
    for (const Command& command : to_commands(world_, WebhookCall{"cardco", lines})) {
      const auto reply = node_->call(command);
      if (!reply) return false;
      const auto& record = std::get<RecordLine>(command.body);
      acknowledged_.insert(record.line.txn_id);
      const auto again = node_->call(command);
      if (!again) return false;
      EXPECT_EQ(again->placed, Placed::duplicate) << where();
    }
    return true;
  }
  bool upload(const std::string& id, const std::vector<std::size_t>& lines) {
    const FileCall call{"bankco", id, clock_.now, lines};
    const auto imported = node_->upload("bankco", to_csv(world_, call));
    if (!imported) return false;
    EXPECT_TRUE(std::holds_alternative<SettlementFile>(*imported)) << where();
    for (const std::size_t line : lines) acknowledged_.insert(world_.history.lines[line].txn_id);
    return true;
  }

  std::multiset<std::string> find_present() {
    std::multiset<std::string> present;
    store_->read([&](StateView& view) {
      for (const audit::Enrolment& enrolment : world_.history.enrolments) {
        for (const auto& [key, row] : view.scan(keys::lines_of(MemberId(enrolment.member)), 100)) {
          const auto stored = decode<LineRow>(row.bytes);
          ASSERT_TRUE(stored) << where() << key;
          present.insert(stored->line.txn_id);
        }
      }
    });
    return present;
  }
  void check_acknowledged() {
    const auto present = find_present();
    for (const std::string& id : acknowledged_) {
      EXPECT_TRUE(present.contains(id)) << where() << id << " was acknowledged";
    }
    for (const std::string& id : present) EXPECT_EQ(present.count(id), 1u) << where() << id;
  }

  void check_end() {
    EXPECT_EQ(find_present().size(), world_.history.lines.size()) << where();
    check_acknowledged();
    std::multiset<std::string> paid;
    for (const SimPoints::Paid& one : points_.ledger()) paid.insert(one.member);
    EXPECT_EQ(paid, std::multiset<std::string>(std::begin(kQualifying), std::end(kQualifying)))
        << where();
    store_->read([&](StateView& view) {
      for (const auto& [member, window] : windows_) {
        const auto row = view.find(keys::decision(window, 1));
        const auto decision = row ? decode<Decision>(row->bytes) : std::nullopt;
        ASSERT_TRUE(decision) << where() << member;
        EXPECT_EQ(decision->verdict.outcome,
                  member == "B" ? Outcome::not_qualified : Outcome::qualified)
            << where() << member;
        EXPECT_FALSE(view.find(keys::decision(window, 2))) << where() << member;
      }
    });
  }

  const World world_ = make_world();
  Fault fault_;
  std::uint64_t n_;
  bool is_power_cut_;
  SimDisk disk_;
  MemoryIndex index_;
  SimClock clock_;
  SimPoints points_{1, [this] { return clock_.now; }};
  Sightings sightings_;
  std::unique_ptr<PlainStore> store_;
  std::unique_ptr<Node> node_;
  std::map<std::string, WindowId> windows_;
  std::set<std::string> acknowledged_;
  int deaths_ = 0;
  int refusals_ = 0;
};

class NthCall : public testing::TestWithParam<std::pair<Fault, End>> {};

TEST_P(NthCall, of_the_disk_fails_and_what_was_acknowledged_is_there_once) {
  int deaths = 0, refusals = 0;
  std::uint64_t n = 1;
  for (bool did_fail = true; did_fail && !HasFailure(); ++n) {
    Story story(GetParam().first, n, GetParam().second);
    did_fail = story.play();
    deaths += story.deaths();
    refusals += story.refusals();
  }
  EXPECT_GT(n, 1000u);
  EXPECT_GT(deaths, 100);
  EXPECT_GT(refusals, 50);
  RecordProperty("calls", std::to_string(n));
}

INSTANTIATE_TEST_SUITE_P(EachWay, NthCall,
                         testing::Values(std::pair(Fault::once, End::restart),
                                         std::pair(Fault::once, End::power_cut),
                                         std::pair(Fault::from_then_on, End::in_turn)));

}  // namespace
}  // namespace thaw
