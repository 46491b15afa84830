#include "adapters/memory/memory_ledger.h"

#include <algorithm>

#include "domain/decide.h"

namespace thaw {

class MemoryLedger::View final : public StateView {
 public:
  explicit View(const std::map<std::string, StoredRow>& rows) : rows_(rows) {}

  std::optional<StoredRow> find(const std::string& key) override {
    const auto found = rows_.find(key);
    if (found == rows_.end()) return std::nullopt;
    return found->second;
  }

  using StateView::scan;
  std::vector<std::pair<std::string, StoredRow>> scan(const std::string& prefix, std::size_t limit,
                                                      const std::string& from) override {
    std::vector<std::pair<std::string, StoredRow>> found;
    for (auto row = rows_.lower_bound(std::max(prefix, from));
         row != rows_.end() && found.size() < limit; ++row) {
      if (!row->first.starts_with(prefix)) break;
      found.emplace_back(*row);
    }
    return found;
  }

 private:
  const std::map<std::string, StoredRow>& rows_;
};

Instant MemoryLedger::next_recorded_at() {
  return std::max(last_recorded_at_, now_());
}

MemoryLedger::Attempt MemoryLedger::start(const Command& command) {
  View view(rows_);
  const Instant recorded_at = next_recorded_at();
  return {decide(command, view, recorded_at), recorded_at};
}

Result<Reply> MemoryLedger::commit(const Attempt& attempt) {
  const WriteSet& set = attempt.write_set;
  for (const RowWrite& write : set.rows) {
    const auto found = rows_.find(write.key);
    const std::uint64_t version = found == rows_.end() ? 0 : found->second.written_at;
    if (write.expected && *write.expected != version) {
      return fail(ErrorCode::conflict, "changed since it was read: " + write.key, true);
    }
  }
  if (set.is_empty()) return set.reply;
  const std::uint64_t sequence = log_.size() + 1;
  for (const RowWrite& write : set.rows) {
    if (write.value) {
      rows_[write.key] = {*write.value, sequence};
    } else {
      rows_.erase(write.key);
    }
  }
  last_recorded_at_ = std::max(last_recorded_at_, attempt.recorded_at);
  log_.push_back({sequence, attempt.recorded_at, set.rows, set.events});
  return set.reply;
}

Result<Reply> MemoryLedger::run(const Command& command) {
  std::optional<Result<Reply>> first;
  Command current = command;
  for (;;) {
    const Attempt attempt = start(current);
    const Result<Reply> reply = commit(attempt);
    if (!first) first = reply;
    if (!reply || !attempt.write_set.next) return *first;
    current = *attempt.write_set.next;
  }
}

void MemoryLedger::read(const std::function<void(StateView&)>& reader) {
  View view(rows_);
  reader(view);
}

Result<std::vector<LogRecord>> MemoryLedger::records_after(std::uint64_t sequence,
                                                           std::size_t limit) {
  std::vector<LogRecord> records;
  for (std::size_t i = sequence; i < log_.size() && records.size() < limit; ++i) {
    records.push_back(log_[i]);
  }
  return records;
}

}  // namespace thaw
