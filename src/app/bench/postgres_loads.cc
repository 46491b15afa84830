#include "app/bench/postgres_loads.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <deque>
#include <memory>
#include <vector>

#include "app/bench/stopwatch.h"

namespace thaw {
namespace {

struct CloseConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using Connection = std::unique_ptr<PGconn, CloseConnection>;
struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, ClearResult>;

constexpr const char* kTables = R"sql(
  CREATE TABLE identity (
    provider text, kind smallint, txn_id text, member text NOT NULL, currency char(3) NOT NULL,
    rail_class smallint);
  CREATE TABLE line (
    member text, arrival bigint, provider text NOT NULL, txn_id text NOT NULL, path smallint,
    rail smallint, currency char(3) NOT NULL, amount bigint NOT NULL, occurred_at bigint NOT NULL,
    recorded_at bigint NOT NULL, placed smallint NOT NULL, counted bigint NOT NULL);
  CREATE TABLE member (
    member text, window_id text NOT NULL, campaign text NOT NULL,
    enrolled_at bigint NOT NULL, ends_at bigint NOT NULL, arrivals bigint NOT NULL,
    instant bigint NOT NULL, settled bigint NOT NULL, held bigint NOT NULL)
    WITH (fillfactor = 80);
)sql";

// Keys come after the rows of before, which is how a server is filled fast and its indexes are at
// their best.
constexpr const char* kKeys = R"sql(
  ALTER TABLE identity ADD PRIMARY KEY (provider, kind, txn_id);
  ALTER TABLE line ADD PRIMARY KEY (member, arrival);
  ALTER TABLE member ADD PRIMARY KEY (member);
)sql";

// A load whose identity is taken changes nothing, as in thaw.
constexpr const char* kLoad = R"sql(
  WITH claimed AS (
    INSERT INTO identity VALUES ($1, 0, $2, $3, 'AUD', 0) ON CONFLICT DO NOTHING RETURNING member),
  moved AS (
    UPDATE member SET arrivals = arrivals + 1, instant = instant + $4::bigint
    FROM claimed WHERE member.member = claimed.member
    RETURNING member.member, member.arrivals)
  INSERT INTO line SELECT member, arrivals, $1, $2, 0, 1, 'AUD', $4::bigint, $5::bigint,
    $6::bigint, 0, $4::bigint FROM moved
)sql";

std::unexpected<Error> fail_postgres(PGconn* connection) {
  return fail(ErrorCode::io, std::string("PostgreSQL: ") + PQerrorMessage(connection));
}

Result<Connection> open_connection(const std::string& text) {
  Connection connection(PQconnectdb(text.c_str()));
  if (PQstatus(connection.get()) != CONNECTION_OK) return fail_postgres(connection.get());
  return connection;
}

Status run_sql(PGconn* connection, const std::string& sql) {
  const Answer answer(PQexec(connection, sql.c_str()));
  const ExecStatusType status = PQresultStatus(answer.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return {};
  return fail_postgres(connection);
}

/// One connection in pipeline mode, with the transactions that it has not answered yet.
class Pipeline {
 public:
  static Result<Pipeline> open(const std::string& text) {
    auto connection = open_connection(text);
    if (!connection) return fail_with(connection);
    const Answer prepared(PQprepare(connection->get(), "load", kLoad, 0, nullptr));
    if (PQresultStatus(prepared.get()) != PGRES_COMMAND_OK ||
        PQsetnonblocking(connection->get(), 1) != 0 ||
        PQenterPipelineMode(connection->get()) != 1) {
      return fail_postgres(connection->get());
    }
    return Pipeline(std::move(*connection));
  }

  std::size_t in_flight() const { return sent_.size(); }
  pollfd to_poll() const {
    return {PQsocket(connection_.get()), static_cast<short>(is_unsent_ ? POLLIN | POLLOUT : POLLIN),
            0};
  }

  /// A sync ends the implicit transaction of the statements before it.
  Status send(const std::vector<RecordLine>& loads, Instant now) {
    for (const RecordLine& load : loads) {
      const std::string amount = fmt::to_string(load.line.amount->units());
      const std::string occurred = fmt::to_string(load.line.time.from.ms);
      const std::string recorded = fmt::to_string(now.ms);
      const std::array values{load.line.provider.text().c_str(),
                              load.line.txn_id.c_str(),
                              load.member.text().c_str(),
                              amount.c_str(),
                              occurred.c_str(),
                              recorded.c_str()};
      if (PQsendQueryPrepared(connection_.get(), "load", static_cast<int>(values.size()),
                              values.data(), nullptr, nullptr, 0) != 1) {
        return fail_postgres(connection_.get());
      }
    }
    if (PQpipelineSync(connection_.get()) != 1) return fail_postgres(connection_.get());
    sent_.push_back({monotonic_ns(), loads.size()});
    return flush();
  }

  Status flush() {
    const int left = PQflush(connection_.get());
    if (left < 0) return fail_postgres(connection_.get());
    is_unsent_ = left == 1;
    return {};
  }

  /// Takes what has come. The number of loads that are durable now.
  Result<std::size_t> receive(Latencies& latencies) {
    if (PQconsumeInput(connection_.get()) != 1) return fail_postgres(connection_.get());
    std::size_t durable = 0;
    while (!sent_.empty() && PQisBusy(connection_.get()) == 0) {
      const Answer answer(PQgetResult(connection_.get()));
      if (!answer) continue;  // the end of one statement's results
      const ExecStatusType status = PQresultStatus(answer.get());
      if (status == PGRES_PIPELINE_SYNC) {
        latencies.add_ns(monotonic_ns() - sent_.front().at_ns, sent_.front().loads);
        durable += sent_.front().loads;
        sent_.pop_front();
      } else if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        return fail_postgres(connection_.get());
      }
    }
    return durable;
  }

 private:
  struct Sent {
    std::int64_t at_ns = 0;
    std::size_t loads = 0;
  };
  explicit Pipeline(Connection connection) : connection_(std::move(connection)) {}

  Connection connection_;
  std::deque<Sent> sent_;
  bool is_unsent_ = false;
};

/// Keeps every pipeline full until all loads are durable.
class Driver {
 public:
  Driver(LoadSource& source, std::uint64_t loads, PostgresLoadOptions options)
      : source_(source), left_(loads), options_(options) {}

  Status run(std::vector<Pipeline>& pipelines, Measured& measured) {
    std::uint64_t durable = 0;
    const std::uint64_t all = left_;
    while (durable < all) {
      std::vector<pollfd> polled;
      for (Pipeline& pipeline : pipelines) {
        if (const Status filled = fill(pipeline); !filled) return filled;
        polled.push_back(pipeline.to_poll());
      }
      if (::poll(polled.data(), polled.size(), -1) < 0) return fail(ErrorCode::io, "poll");
      for (std::size_t i = 0; i < pipelines.size(); ++i) {
        if ((polled[i].revents & POLLOUT) != 0) {
          if (const Status sent = pipelines[i].flush(); !sent) return sent;
        }
        if ((polled[i].revents & ~POLLOUT) == 0) continue;
        const auto received = pipelines[i].receive(measured.latencies);
        if (!received) return fail_with(received);
        durable += *received;
      }
    }
    return {};
  }

 private:
  Status fill(Pipeline& pipeline) {
    while (left_ > 0 && pipeline.in_flight() < options_.in_flight) {
      std::vector<RecordLine> loads;
      for (; left_ > 0 && loads.size() < options_.loads_per_transaction; --left_) {
        loads.push_back(source_.next_load(now_));
      }
      // One order for all transactions, so that none waits for another in a circle.
      // total: of two loads of one member either may come first.
      std::sort(loads.begin(), loads.end(),
                [](const RecordLine& a, const RecordLine& b) { return a.member < b.member; });
      if (const Status sent = pipeline.send(loads, now_); !sent) return sent;
    }
    return {};
  }

  LoadSource& source_;
  std::uint64_t left_;
  PostgresLoadOptions options_;
  Instant now_ = *parse_rfc3339("2025-11-03T00:00:00Z");
};

/// The rows of `members` members with `loads` loads of 100.00 each, in the order of arrival.
std::string make_rows_sql(std::uint64_t members, std::uint64_t loads) {
  return fmt::format(R"sql(
    INSERT INTO member
      SELECT m, 'cold-2025.' || m || '.1762128000000', 'cold-2025', 1762128000000, 1764720000000,
        {1}, {1} * 10000, 0, 0
      FROM (SELECT 'm-' || lpad(n::text, 10, '0') AS m FROM generate_series(0, {0} - 1) n) members;
    CREATE VIEW loads AS
      SELECT 'm-' || lpad(n::text, 10, '0') AS m, arrival,
        'pi_' || left(md5(n::text), 16) || lpad(to_hex(arrival * {0} + n), 8, '0') AS txn
      FROM generate_series(1, {1}) arrival, generate_series(0, {0} - 1) n;
    INSERT INTO identity SELECT 'cardco', 0, txn, m, 'AUD', 0 FROM loads;
    INSERT INTO line SELECT m, arrival, 'cardco', txn, 0, 1, 'AUD', 10000, 1762128000000,
      1762128002000, 0, 10000 FROM loads;
  )sql",
                     members, loads);
}

}  // namespace

Status prepare_postgres(const std::string& connection, std::uint64_t members,
                        std::uint64_t loads_each) {
  const auto opened = open_connection(connection);
  if (!opened) return fail_with(opened);
  // Each on its own: VACUUM wants no transaction around it.
  // Tables and rows in one: rows of a table that is new need no log.
  const std::vector<std::string> steps{kTables + make_rows_sql(members, loads_each), kKeys,
                                       "VACUUM ANALYZE", "CHECKPOINT"};
  for (const std::string& step : steps) {
    if (const Status done = run_sql(opened->get(), step); !done) return done;
  }
  return {};
}

Result<Measured> run_postgres_loads(const std::string& connection, LoadSource& source,
                                    std::uint64_t loads, PostgresLoadOptions options) {
  std::vector<Pipeline> pipelines;
  for (std::size_t i = 0; i < options.connections; ++i) {
    auto pipeline = Pipeline::open(connection);
    if (!pipeline) return fail_with(pipeline);
    pipelines.push_back(std::move(*pipeline));
  }
  Measured measured;
  measured.name = fmt::format("postgresql, {} connections", options.connections);
  measured.group = options.loads_per_transaction;
  measured.loads = loads;
  measured.latencies.reserve(loads);
  Driver driver(source, loads, options);
  const Stopwatch watch;
  if (const Status ran = driver.run(pipelines, measured); !ran) return fail_with(ran);
  measured.seconds = watch.seconds();
  return measured;
}

}  // namespace thaw
