#include "app/server/dry_ledger.h"

#include <algorithm>

#include "domain/decide.h"

namespace thaw {

/// What was written here in front of what is really there.
class DryLedger::View final : public StateView {
 public:
  View(StateView& real, const std::map<std::string, RowWrite>& written, std::uint64_t sequence)
      : real_(real), written_(written), sequence_(sequence) {}

  std::optional<StoredRow> find(const std::string& key) override {
    const auto found = written_.find(key);
    if (found == written_.end()) return real_.find(key);
    if (!found->second.value) return std::nullopt;
    return StoredRow{*found->second.value, sequence_};
  }

  using StateView::scan;
  std::vector<std::pair<std::string, StoredRow>> scan(const std::string& prefix, std::size_t limit,
                                                      const std::string& from) override {
    std::map<std::string, StoredRow> merged;
    const std::size_t hidden = written_.size();
    const std::size_t most = limit > SIZE_MAX - hidden ? SIZE_MAX : limit + hidden;
    for (auto& [key, row] : real_.scan(prefix, most, from)) merged.emplace(key, std::move(row));
    for (auto row = written_.lower_bound(std::max(prefix, from));
         row != written_.end() && row->first.starts_with(prefix); ++row) {
      if (row->second.value) {
        merged[row->first] = {*row->second.value, sequence_};
      } else {
        merged.erase(row->first);
      }
    }
    std::vector<std::pair<std::string, StoredRow>> found;
    for (auto& [key, row] : merged) {
      if (found.size() >= limit) break;
      found.emplace_back(key, std::move(row));
    }
    return found;
  }

 private:
  StateView& real_;
  const std::map<std::string, RowWrite>& written_;
  std::uint64_t sequence_;
};

Result<Reply> DryLedger::run(const Command& command) {
  std::optional<Reply> first;
  std::shared_ptr<const Command> next;
  const Command* current = &command;
  while (current) {
    WriteSet set;
    read([&](StateView& view) { set = decide(*current, view, now_); });
    for (const RowWrite& write : set.rows) written_[write.key] = write;
    ++sequence_;
    if (!first) first = set.reply;
    next = std::move(set.next);
    current = next.get();
  }
  return *first;
}

void DryLedger::read(const std::function<void(StateView&)>& reader) {
  read_([&](StateView& real) {
    View view(real, written_, sequence_);
    reader(view);
  });
}

}  // namespace thaw
