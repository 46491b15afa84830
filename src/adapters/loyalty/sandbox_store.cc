#include "adapters/loyalty/sandbox_store.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>
#include <type_traits>

namespace thaw {
namespace {

// An issue's row holds its reversal's instant and number too, so that each change is one row or,
// for a reversal, one transaction of two.
constexpr const char* kSchema = R"(
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS movements (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  is_reversal INTEGER NOT NULL,
  key TEXT NOT NULL,
  member TEXT NOT NULL,
  points INTEGER NOT NULL,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  reversed_at INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS movements_by_key ON movements (key, is_reversal, number);
CREATE INDEX IF NOT EXISTS movements_by_time ON movements (at);
)";

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

std::string reference_of(bool is_reversal, std::int64_t number) {
  return fmt::format("{}-{}", is_reversal ? "R" : "P", number);
}

/// One prepared statement, run once.
class Query {
 public:
  Query(sqlite3* database, const char* sql) : database_(database) {
    sqlite3_stmt* statement = nullptr;
    is_ok_ = sqlite3_prepare_v2(database, sql, -1, &statement, nullptr) == SQLITE_OK;
    statement_.reset(statement);
  }

  template <typename... Values>
  Query& bind(const Values&... values) {
    int place = 0;
    (bind_one(++place, values), ...);
    return *this;
  }
  /// True while there is a row; at the end, and after an error, false: ask `status`.
  bool step() {
    if (!is_ok_) return false;
    const int result = sqlite3_step(statement_.get());
    if (result == SQLITE_ROW) return true;
    is_ok_ = result == SQLITE_DONE;
    return false;
  }
  Status status() const {
    if (is_ok_) return {};
    return fail(ErrorCode::io, fmt::format("sandbox database: {}", sqlite3_errmsg(database_)));
  }
  Status run() {
    while (step()) {
    }
    return status();
  }

  std::int64_t number(int column) { return sqlite3_column_int64(statement_.get(), column); }
  bool is_null(int column) { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }
  std::string text(int column) {
    const auto* bytes = sqlite3_column_text(statement_.get(), column);
    if (bytes == nullptr) return "";
    const int size = sqlite3_column_bytes(statement_.get(), column);
    return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
  }

 private:
  void bind_one(int place, std::int64_t value) {
    sqlite3_bind_int64(statement_.get(), place, value);
  }
  void bind_one(int place, const std::string& value) {
    sqlite3_bind_text(statement_.get(), place, value.data(), static_cast<int>(value.size()),
                      SQLITE_TRANSIENT);
  }
  void bind_one(int place, Instant value) { bind_one(place, value.ms); }

  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, CloseDatabase> statement_;
  bool is_ok_ = false;
};

struct IssueRow {
  std::int64_t number = 0;
  PointsEntry entry;
  std::string reason;
};

constexpr const char* kIssueColumns =
    "SELECT number, key, member, points, reason, at, reversed_at FROM movements ";

IssueRow read_issue(Query& query) {
  IssueRow row;
  row.number = query.number(0);
  row.entry.idempotency_key = query.text(1);
  row.entry.member = query.text(2);
  row.entry.points = query.number(3);
  row.reason = query.text(4);
  row.entry.issued_at = Instant{query.number(5)};
  row.entry.reference = reference_of(false, row.number);
  if (!query.is_null(6)) {
    row.entry.reversed_at = Instant{query.number(6)};
    row.entry.state = PointsState::reversed;
  }
  return row;
}

}  // namespace

struct SandboxStore::Implementation {
  std::unique_ptr<sqlite3, CloseDatabase> database;

  Query query(const std::string& sql) { return Query(database.get(), sql.c_str()); }

  /// The latest issue under the key that is not yet forgotten.
  Result<std::optional<IssueRow>> find(const std::string& key, Instant horizon) {
    Query found = query(std::string(kIssueColumns) +
                        "WHERE key = ? AND is_reversal = 0 AND at >= ? "
                        "ORDER BY number DESC LIMIT 1");
    found.bind(key, horizon);
    std::optional<IssueRow> row;
    if (found.step()) row = read_issue(found);
    if (const Status status = found.status(); !status) return fail_with(status);
    return row;
  }

  Result<std::int64_t> add(bool is_reversal, const std::string& key, const std::string& member,
                           std::int64_t points, const std::string& reason, Instant at) {
    Query added = query(
        "INSERT INTO movements (is_reversal, key, member, points, reason, at) "
        "VALUES (?, ?, ?, ?, ?, ?)");
    const Status status =
        added.bind(std::int64_t{is_reversal}, key, member, points, reason, at).run();
    if (!status) return fail_with(status);
    return sqlite3_last_insert_rowid(database.get());
  }

  Status add_reversal(const IssueRow& row, Instant at) {
    if (const Status begun = query("BEGIN IMMEDIATE").run(); !begun) return begun;
    const auto added =
        add(true, row.entry.idempotency_key, row.entry.member, row.entry.points, row.reason, at);
    Status status = added ? Status() : fail_with(added);
    if (status) {
      Query marked = query("UPDATE movements SET reversed_at = ? WHERE number = ?");
      status = marked.bind(at, row.number).run();
    }
    if (status) status = query("COMMIT").run();
    if (!status) std::ignore = query("ROLLBACK").run();
    return status;
  }
};

SandboxStore::SandboxStore(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {}

SandboxStore::~SandboxStore() = default;

Result<std::unique_ptr<SandboxStore>> SandboxStore::open(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(ErrorCode::io, fmt::format("folder {}: {}", folder, error.message()));
  const std::string path = (std::filesystem::path(folder) / "loyalty.db").string();
  auto in = std::make_unique<Implementation>();
  sqlite3* database = nullptr;
  const int opened =
      sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  in->database.reset(database);
  const auto refuse = [&] {
    const int code = sqlite3_errcode(database);
    const bool is_locked = code == SQLITE_BUSY || code == SQLITE_LOCKED;
    return fail(is_locked ? ErrorCode::locked : ErrorCode::io,
                fmt::format("{}: {}", path, sqlite3_errmsg(database)));
  };
  if (opened != SQLITE_OK) return refuse();
  if (sqlite3_exec(database, kSchema, nullptr, nullptr, nullptr) != SQLITE_OK) return refuse();
  return std::unique_ptr<SandboxStore>(new SandboxStore(std::move(in)));
}

Result<SandboxStore::Issued> SandboxStore::issue(const PointsIssueRequest& request, Instant at,
                                                 Instant horizon) {
  const auto known = implementation_->find(request.idempotency_key, horizon);
  if (!known) return fail_with(known);
  if (*known) {
    const IssueRow& first = **known;
    const bool is_same = first.entry.member == request.member &&
                         first.entry.points == request.points && first.reason == request.reason;
    return Issued{is_same ? IssueOutcome::repeated : IssueOutcome::conflict, first.entry.reference};
  }
  const auto number = implementation_->add(false, request.idempotency_key, request.member,
                                           request.points, request.reason, at);
  if (!number) return fail_with(number);
  return Issued{IssueOutcome::created, reference_of(false, *number)};
}

Result<std::optional<PointsEntry>> SandboxStore::find(const std::string& key, Instant horizon) {
  const auto known = implementation_->find(key, horizon);
  if (!known) return fail_with(known);
  if (!*known) return std::nullopt;
  return (*known)->entry;
}

Result<std::optional<PointsEntry>> SandboxStore::reverse(const std::string& key, Instant at,
                                                         Instant horizon) {
  const auto known = implementation_->find(key, horizon);
  if (!known) return fail_with(known);
  if (!*known) return std::nullopt;
  IssueRow row = **known;
  if (row.entry.state == PointsState::reversed) return row.entry;
  if (const Status status = implementation_->add_reversal(row, at); !status) {
    return fail_with(status);
  }
  row.entry.state = PointsState::reversed;
  row.entry.reversed_at = at;
  return row.entry;
}

Result<std::vector<std::pair<std::int64_t, PointsEntry>>> SandboxStore::list(Instant from,
                                                                             Instant to,
                                                                             std::int64_t cursor,
                                                                             std::int64_t limit) {
  Query query =
      implementation_->query(std::string(kIssueColumns) +
                             "WHERE is_reversal = 0 AND number > ?1 AND ((at >= ?2 AND at < ?3) OR "
                             "(reversed_at >= ?2 AND reversed_at < ?3)) ORDER BY number LIMIT ?4");
  query.bind(cursor, from, to, limit);
  std::vector<std::pair<std::int64_t, PointsEntry>> entries;
  while (query.step()) {
    IssueRow row = read_issue(query);
    entries.emplace_back(row.number, std::move(row.entry));
  }
  if (const Status status = query.status(); !status) return fail_with(status);
  return entries;
}

Result<std::vector<SandboxMovement>> SandboxStore::ledger(std::int64_t after, std::int64_t limit) {
  Query query = implementation_->query(
      "SELECT number, is_reversal, key, member, points, reason, at FROM movements "
      "WHERE number > ? ORDER BY number LIMIT ?");
  query.bind(after, limit);
  std::vector<SandboxMovement> movements;
  while (query.step()) {
    const bool is_reversal = query.number(1) != 0;
    movements.push_back({.number = query.number(0),
                         .is_reversal = is_reversal,
                         .key = query.text(2),
                         .member = query.text(3),
                         .points = query.number(4),
                         .reason = query.text(5),
                         .reference = reference_of(is_reversal, query.number(0)),
                         .at = Instant{query.number(6)}});
  }
  if (const Status status = query.status(); !status) return fail_with(status);
  return movements;
}

Result<SandboxTotals> SandboxStore::totals() {
  Query query = implementation_->query(
      "SELECT count(*) FILTER (WHERE is_reversal = 0), count(*) FILTER (WHERE is_reversal = 1), "
      "coalesce(sum(points) FILTER (WHERE is_reversal = 0), 0), "
      "coalesce(sum(points) FILTER (WHERE is_reversal = 1), 0), "
      "(SELECT count(*) FROM (SELECT 1 FROM movements WHERE is_reversal = 0 "
      " GROUP BY key HAVING count(*) > 1)) FROM movements");
  SandboxTotals totals;
  if (query.step()) {
    totals = {query.number(0), query.number(1), query.number(2), query.number(3), query.number(4)};
  }
  if (const Status status = query.status(); !status) return fail_with(status);
  return totals;
}

}  // namespace thaw
