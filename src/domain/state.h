#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/codec.h"
#include "domain/events.h"
#include "domain/reply.h"

namespace thaw {

struct Command;

/// A stored row and the sequence of the journal record that wrote it last: its version.
struct StoredRow {
  std::string bytes;
  std::uint64_t written_at = 0;
};

/// Rows in decoded form that many commands read and few write: rules, settings. Kept by a view that
/// serves more than one command, which forgets what is written. One thread.
class RowMemo {
 public:
  /// A key names rows of one type only. Nothing if it is not kept.
  template <typename Row>
  std::shared_ptr<const Row> find(const std::string& key, std::uint64_t& written_at) const {
    const auto kept = rows_.find(key);
    if (kept == rows_.end()) return nullptr;
    written_at = kept->second.written_at;
    return std::static_pointer_cast<const Row>(kept->second.row);
  }
  void keep(const std::string& key, std::shared_ptr<const void> row, std::uint64_t written_at) {
    constexpr std::size_t kMost = 1024;  // a bound, far above what campaigns and providers need
    if (rows_.size() >= kMost) rows_.clear();
    rows_[key] = {std::move(row), written_at};
  }
  void forget(const std::string& key) {
    if (!rows_.empty()) rows_.erase(key);
  }

 private:
  struct Kept {
    std::shared_ptr<const void> row;
    std::uint64_t written_at = 0;
  };
  std::map<std::string, Kept> rows_;
};

/// What a command may read. One command sees one consistent state. An adapter that cannot answer at
/// once (a remote store) answers "nothing", fetches, and runs the pure step again.
class StateView {
 public:
  virtual ~StateView() = default;
  virtual std::optional<StoredRow> find(const std::string& key) = 0;
  /// Rows whose key begins with `prefix` and is not below `from`, in key order, at most `limit`.
  virtual std::vector<std::pair<std::string, StoredRow>> scan(const std::string& prefix,
                                                              std::size_t limit,
                                                              const std::string& from) = 0;
  std::vector<std::pair<std::string, StoredRow>> scan(const std::string& prefix,
                                                      std::size_t limit) {
    return scan(prefix, limit, prefix);
  }
  /// Null: nothing is kept from one command to the next.
  virtual RowMemo* memo() { return nullptr; }
};

/// One row to write; no value: to remove.
struct RowWrite {
  std::string key;
  std::optional<std::string> value;
  /// The version that was read; 0: there was none. Nothing: not read, write whatever is there.
  std::optional<std::uint64_t> expected;
};
template <typename Archive>
void describe(Archive& ar, RowWrite& w) {
  ar(w.key, w.value);  // `expected` is for the store that takes the write; it is not kept
}

/// Everything that a command changes: written whole or not at all, durable before the answer.
struct WriteSet {
  std::vector<RowWrite> rows;
  std::vector<Event> events;
  Reply reply;
  std::shared_ptr<const Command> next;  // a chain goes on with this (DESIGN §1, "resumable chains")

  bool is_empty() const { return rows.empty() && events.empty(); }
};

/// A WriteSet holds at most this many rows; longer work is a chain of commands.
inline constexpr std::size_t kMaxRowsPerWrite = 50;

/// A command at work: reads through the view, sees its own writes, collects them.
class Work {
 public:
  Work(StateView& view, Instant recorded_at) : view_(view), recorded_at_(recorded_at) {
    touched_.reserve(8);
  }

  Instant recorded_at() const { return recorded_at_; }

  /// Nothing if there is no such row. A row that does not decode is a damaged store: reported by
  /// `is_damaged`, never guessed at.
  template <typename Row>
  std::optional<Row> find(const std::string& key) {
    const auto bytes = find_bytes(key);
    if (!bytes) return std::nullopt;
    auto row = decode<Row>(*bytes);
    if (!row) damaged_ = true;
    return row;
  }

  /// As `find`, for rows that nearly every command reads and few write: decoded once for many
  /// commands, where the view can. Null if there is no such row.
  template <typename Row>
  std::shared_ptr<const Row> find_shared(const std::string& key) {
    RowMemo* const memo = view_.memo();
    if (memo && !find_touched(key)) {
      std::uint64_t written_at = 0;
      if (auto kept = memo->find<Row>(key, written_at)) {
        touched_.push_back({.key = key, .read_at = written_at});
        return kept;
      }
    }
    auto row = find<Row>(key);
    if (!row) return nullptr;
    auto shared = std::make_shared<const Row>(std::move(*row));
    const Touched& touched = *find_touched(key);
    if (memo && !touched.is_written) memo->keep(key, shared, *touched.read_at);
    return shared;
  }

  bool has(const std::string& key) { return find_bytes(key).has_value(); }

  /// Rows as stored before this command, in key order.
  template <typename Row>
  std::vector<std::pair<std::string, Row>> scan(const std::string& prefix, std::size_t limit) {
    std::vector<std::pair<std::string, Row>> rows;
    for (auto& [key, stored] : view_.scan(prefix, limit)) {
      scanned_[key] = stored.written_at;
      if (auto row = decode<Row>(stored.bytes)) {
        rows.emplace_back(key, std::move(*row));
      } else {
        damaged_ = true;
      }
    }
    return rows;
  }

  template <typename Row>
  void put(const std::string& key, const Row& row) {
    write(key, encode(row));
  }
  void erase(const std::string& key) { write(key, std::nullopt); }
  void emit(Event event) { events_.push_back(std::move(event)); }

  bool is_damaged() const { return damaged_; }

  WriteSet finish(Reply reply);
  /// A refusal: nothing is written.
  static WriteSet refuse(ReplyCode code, std::string detail = {});

 private:
  /// A row that was read or written, with what it was when it was read first.
  struct Touched {
    std::string key;
    std::optional<std::uint64_t> read_at;
    bool is_written = false;
    std::optional<std::string> value;  // of a written one; nothing: removed
  };

  std::optional<std::string> find_bytes(const std::string& key);
  void write(const std::string& key, std::optional<std::string> value);
  Touched* find_touched(std::string_view key);
  Touched& touch(const std::string& key);

  StateView& view_;
  Instant recorded_at_;
  std::vector<Touched> touched_;                  // few: looked through
  std::map<std::string, std::uint64_t> scanned_;  // may be many; with their versions
  std::vector<Event> events_;
  bool damaged_ = false;
};

}  // namespace thaw
