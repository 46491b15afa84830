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
  Work(StateView& view, Instant recorded_at) : view_(view), recorded_at_(recorded_at) {}

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

  bool has(const std::string& key) { return find_bytes(key).has_value(); }

  /// Rows as stored before this command, in key order.
  template <typename Row>
  std::vector<std::pair<std::string, Row>> scan(const std::string& prefix, std::size_t limit) {
    std::vector<std::pair<std::string, Row>> rows;
    for (auto& [key, stored] : view_.scan(prefix, limit)) {
      read_versions_[key] = stored.written_at;
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
    writes_[key] = encode(row);
  }
  void erase(const std::string& key) { writes_[key] = std::nullopt; }
  void emit(Event event) { events_.push_back(std::move(event)); }

  std::size_t row_count() const { return writes_.size(); }
  bool is_damaged() const { return damaged_; }

  WriteSet finish(Reply reply);
  /// A refusal: nothing is written.
  static WriteSet refuse(ReplyCode code, std::string detail = {});

 private:
  std::optional<std::string> find_bytes(const std::string& key);

  StateView& view_;
  Instant recorded_at_;
  std::map<std::string, std::optional<std::string>> writes_;
  std::map<std::string, std::uint64_t> read_versions_;
  std::vector<Event> events_;
  bool damaged_ = false;
};

}  // namespace thaw
