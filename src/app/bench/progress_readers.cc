#include "app/bench/progress_readers.h"

#include "app/bench/load_source.h"
#include "app/bench/stopwatch.h"
#include "domain/keys.h"

namespace thaw {
namespace {

constexpr Duration kBetweenReads = Duration::milliseconds(1);

template <typename Row>
std::optional<Row> read_row(BenchEngine& engine, const std::string& key) {
  std::optional<StoredRow> stored;
  engine.read([&](StateView& view) { stored = view.find(key); });
  return stored ? decode<Row>(stored->bytes) : std::nullopt;
}

}  // namespace

ProgressReaders::ProgressReaders(BenchEngine& engine, std::uint64_t members, std::size_t threads,
                                 std::uint64_t seed)
    : engine_(engine), members_(members), reads_(threads) {
  for (std::size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this, i, seed] { read_until_stopped(seed + i, reads_[i]); });
  }
}

bool ProgressReaders::read_progress(std::uint64_t number) {
  const auto member = read_row<Member>(engine_, keys::member(LoadSource::member(number)));
  if (!member || member->enrolments.empty()) return false;
  const Enrolment& enrolment = member->enrolments.back();
  const auto rules = read_row<CampaignRules>(
      engine_, keys::campaign_version(enrolment.campaign, enrolment.campaign_version));
  (void)read_row<Reward>(engine_, keys::reward(member->id, enrolment.id));
  return rules.has_value();
}

void ProgressReaders::read_until_stopped(std::uint64_t seed, Reads& reads) {
  Random random(seed);
  while (!is_stopping_) {
    const std::uint64_t number = random.below(members_);
    const Stopwatch watch;
    if (!read_progress(number)) ++reads.missed;
    reads.latencies.add_ns(watch.ns());
    never_.wait_beyond(never_.rings(), kBetweenReads);
  }
}

ProgressReaders::Reads ProgressReaders::stop() {
  is_stopping_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  Reads all;
  for (Reads& reads : reads_) {
    all.latencies.add(reads.latencies);
    all.missed += reads.missed;
  }
  reads_.clear();
  return all;
}

}  // namespace thaw
