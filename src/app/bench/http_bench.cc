#include "app/bench/http_bench.h"

#include <fmt/format.h>

#include <atomic>
#include <condition_variable>
#include <ostream>
#include <thread>

#include "adapters/crypto/standard_webhooks.h"
#include "adapters/http/client.h"
#include "adapters/json/json.h"
#include "app/bench/latencies.h"
#include "app/bench/load_source.h"
#include "app/server/server.h"
#include "base/random.h"

namespace thaw {
namespace {

constexpr const char* kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr Duration kTimeout = Duration::seconds(10);

/// What one connection, or all together, came to.
struct Tally {
  Latencies latencies;
  std::uint64_t answered = 0;  // requests with 200
  std::uint64_t refused = 0;   // other statuses
  std::uint64_t broken = 0;    // no answer

  void add(Tally& other) {
    latencies.add(other.latencies);
    answered += other.answered;
    refused += other.refused;
    broken += other.broken;
  }
};

/// The moments of a run: request n is due at `start + n * interval`.
struct Schedule {
  std::int64_t start_ns = 0;
  std::int64_t interval_ns = 0;
  std::uint64_t requests = 0;
  std::atomic<std::uint64_t> next{0};
};

void wait_until_ns(std::int64_t at_ns) {
  std::mutex mutex;
  std::condition_variable nobody;
  std::unique_lock lock(mutex);
  for (std::int64_t left = at_ns - monotonic_ns(); left > 0; left = at_ns - monotonic_ns()) {
    nobody.wait_for(lock, std::chrono::nanoseconds(left));
  }
}

/// One sender with its own connection, signature and random members.
class Sender {
 public:
  Sender(std::unique_ptr<HttpClient> client, StandardWebhooks signer, std::uint64_t seed,
         const HttpBenchOptions& options)
      : client_(std::move(client)), signer_(std::move(signer)), random_(seed), options_(options) {}

  Tally run(Schedule& schedule) {
    Tally tally;
    for (;;) {
      const std::uint64_t number = schedule.next++;
      if (number >= schedule.requests) return tally;
      const std::int64_t due =
          schedule.start_ns + static_cast<std::int64_t>(number) * schedule.interval_ns;
      wait_until_ns(due);
      send(number, tally);
      tally.latencies.add_ns(monotonic_ns() - due);
    }
  }

 private:
  std::string make_body(std::uint64_t number, Instant now) {
    std::string body = options_.events > 1 ? "[" : "";
    for (std::uint64_t i = 0; i < options_.events; ++i) {
      if (i > 0) body += ',';
      body += fmt::format(
          R"({{"id":"e{0}-{1}","type":"load","provider_txn_id":"p{0}-{1}","member":"{2}",)"
          R"("rail":"apple_pay","amount":{{"currency":"AUD","minor":{3}}},"occurred_at":"{4}"}})",
          number, i, LoadSource::member(random_.below(options_.members)).text(),
          1000 + random_.below(20'000), to_rfc3339(now));
    }
    return options_.events > 1 ? body + "]" : body;
  }

  void send(std::uint64_t number, Tally& tally) {
    const Instant now = clock_.now();
    const std::string id = fmt::format("msg-{}", number);
    HttpCallRequest request{"POST", "/v1/webhooks/cardco", {}, make_body(number, now)};
    request.headers.add("Content-Type", "application/json");
    request.headers.add("webhook-id", id);
    request.headers.add("webhook-timestamp", std::to_string(now.ms / 1000));
    request.headers.add("webhook-signature", signer_.sign(id, now, request.body));
    const auto answer = client_->send(request, kTimeout);
    const auto* response = std::get_if<HttpResponse>(&answer);
    if (!response) {
      ++tally.broken;
    } else if (response->status == 200) {
      ++tally.answered;
    } else {
      ++tally.refused;
    }
  }

  std::unique_ptr<HttpClient> client_;
  StandardWebhooks signer_;
  Random random_;
  const HttpBenchOptions& options_;
  WallClock clock_;
};

Result<std::unique_ptr<Server>> open_server(const HttpBenchOptions& options) {
  Config config;
  config.listen = "127.0.0.1:0";
  config.data = options.folder;
  config.auth = AuthMode::none;
  ProviderConfig provider;
  provider.id = ProviderId("cardco");
  provider.rails = {Rail::debit_card, Rail::apple_pay, Rail::google_pay};
  provider.webhook_secrets = {kSecret};
  config.providers.push_back(std::move(provider));
  auto server = Server::open({std::move(config), {}}, [](const Error&) {});
  if (!server) return server;
  if (const Status started = (*server)->start(); !started) return fail_with(started);
  return server;
}

Status enrol_members(Server& server, std::uint64_t members) {
  LaneLedger ledger(server.host(), Lane::requests);
  const WallClock clock;
  for (const Command& command : LoadSource::setup()) {
    if (const auto reply = ledger.run(command); !reply) return fail_with(reply);
  }
  constexpr std::uint64_t kGroup = 2048;
  for (std::uint64_t next = 0; next < members;) {
    std::vector<Command> group;
    while (group.size() < kGroup && next < members) {
      group.push_back(LoadSource::enrol(next++, clock.now()));
    }
    for (const auto& reply : ledger.run_all(std::move(group))) {
      if (!reply) return fail_with(reply);
    }
  }
  return {};
}

Result<Tally> run_senders(const HttpBenchOptions& options, const std::string& url,
                          Schedule& schedule) {
  std::vector<std::unique_ptr<Sender>> senders;
  for (std::size_t i = 0; i < options.connections; ++i) {
    auto client = HttpClient::make({url});
    auto signer = StandardWebhooks::make({kSecret});
    if (!client) return fail_with(client);
    if (!signer) return fail_with(signer);
    senders.push_back(std::make_unique<Sender>(std::move(*client), std::move(*signer),
                                               options.seed * 1000 + i, options));
  }
  std::vector<Tally> tallies(senders.size());
  schedule.start_ns = monotonic_ns() + 50'000'000;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < senders.size(); ++i) {
    threads.emplace_back([&, i] { tallies[i] = senders[i]->run(schedule); });
  }
  for (std::thread& thread : threads) thread.join();
  Tally all;
  for (Tally& tally : tallies) all.add(tally);
  return all;
}

void print(const HttpBenchOptions& options, Tally& tally, double seconds, std::ostream& out) {
  Latencies& l = tally.latencies;
  const double loads = static_cast<double>(tally.answered * options.events) / seconds;
  if (options.is_json) {
    out << fmt::format(
        R"({{"asked_per_s":{},"loads_per_s":{:.0f},"p50_ms":{:.2f},"p99_ms":{:.2f},)"
        R"("p999_ms":{:.2f},"max_ms":{:.2f},"refused":{},"broken":{},"connections":{},)"
        R"("events":{},"cores":{}}})"
        "\n",
        options.rate, loads, l.at_per_mille(500), l.at_per_mille(990), l.at_per_mille(999),
        l.at_per_mille(1000), tally.refused, tally.broken, options.connections, options.events,
        std::thread::hardware_concurrency());
    return;
  }
  out << fmt::format(
      "signed webhook loads over HTTP: open loop, {} connections, {} a request, {} cores shared "
      "with the generator, one fdatasync a group\n",
      options.connections, options.events, std::thread::hardware_concurrency());
  out << "  asked/s    loads/s   p50 ms   p99 ms p99.9 ms   max ms  refused   broken\n";
  out << fmt::format("{:>9} {:>10.0f} {:>8.2f} {:>8.2f} {:>8.2f} {:>8.2f} {:>8} {:>8}\n",
                     options.rate, loads, l.at_per_mille(500), l.at_per_mille(990),
                     l.at_per_mille(999), l.at_per_mille(1000), tally.refused, tally.broken);
}

Status run(const HttpBenchOptions& options, std::ostream& out, std::ostream& progress) {
  auto server = open_server(options);
  if (!server) return fail_with(server);
  const std::int64_t from = monotonic_ns();
  if (const Status done = enrol_members(**server, options.members); !done) return done;
  progress << fmt::format("{} members enrolled in {:.1f} s\n", options.members,
                          static_cast<double>(monotonic_ns() - from) / 1e9);
  const std::uint64_t per_second = std::max<std::uint64_t>(1, options.rate / options.events);
  Schedule schedule;
  schedule.requests = per_second * options.seconds;
  schedule.interval_ns = 1'000'000'000 / static_cast<std::int64_t>(per_second);
  auto tally = run_senders(options, (*server)->url(), schedule);
  if (!tally) return fail_with(tally);
  const double seconds = static_cast<double>(monotonic_ns() - schedule.start_ns) / 1e9;
  print(options, *tally, seconds, out);
  return (*server)->close();
}

}  // namespace

int run_http_bench(const HttpBenchOptions& options, std::ostream& out, std::ostream& progress) {
  const Status done = run(options, out, progress);
  if (done) return 0;
  progress << "bench http: " << done.error().detail << '\n';
  return 1;
}

}  // namespace thaw
