#include "application/engine/group_view.h"

#include <algorithm>

namespace thaw {
namespace {

std::optional<StoredRow> to_row(const Overlay::Entry& entry) {
  if (!entry.value) return std::nullopt;
  return StoredRow{*entry.value, entry.sequence};
}

}  // namespace

std::optional<StoredRow> GroupView::find(const std::string& key) {
  if (const auto staged = staged_.find(key); staged != staged_.end()) return to_row(staged->second);
  const Overlay::Rows& rows = overlay_.rows();
  if (const auto row = rows.find(key); row != rows.end()) return to_row(row->second);
  const auto found = index_.find(key);
  if (!found) {
    if (!error_) error_ = found.error();
    return std::nullopt;
  }
  if (!*found) return std::nullopt;
  auto row = parse_stored(**found);
  if (!row && !error_) error_ = Error{ErrorCode::corrupt, "index row " + key};
  return row;
}

std::vector<std::pair<std::string, StoredRow>> GroupView::scan(const std::string& prefix,
                                                               std::size_t limit,
                                                               const std::string& from) {
  // Removed rows of the upper layers hide rows of the index, so that many more may have to be read.
  std::map<std::string, std::optional<StoredRow>> upper;
  const auto collect = [&](const Overlay::Rows& rows, std::size_t live_max) {
    std::size_t live = 0;
    for (auto row = rows.lower_bound(std::max(prefix, from));
         row != rows.end() && live < live_max && row->first.starts_with(prefix); ++row) {
      upper[row->first] = to_row(row->second);
      live += row->second.value ? 1 : 0;
    }
  };
  // What is staged may hide that many rows of the overlay.
  const std::size_t hidden_max = staged_.size();
  collect(overlay_.rows(), limit > SIZE_MAX - hidden_max ? SIZE_MAX : limit + hidden_max);
  collect(staged_, limit);

  std::vector<std::pair<std::string, StoredRow>> found;
  const std::size_t most = limit > SIZE_MAX - upper.size() ? SIZE_MAX : limit + upper.size();
  const auto stored = index_.scan(prefix, from, most);
  if (!stored) {
    if (!error_) error_ = stored.error();
    return found;
  }
  auto above = upper.begin();
  const auto take_upper_before = [&](const std::string* key) {
    for (; above != upper.end() && (!key || above->first < *key); ++above) {
      if (above->second && found.size() < limit) found.emplace_back(above->first, *above->second);
    }
  };
  for (const auto& [key, bytes] : *stored) {
    take_upper_before(&key);
    if (found.size() >= limit) break;
    if (above != upper.end() && above->first == key) continue;
    auto row = parse_stored(bytes);
    if (!row) {
      if (!error_) error_ = Error{ErrorCode::corrupt, "index row " + key};
      return found;
    }
    found.emplace_back(key, std::move(*row));
  }
  take_upper_before(nullptr);
  return found;
}

void GroupView::stage(const std::vector<RowWrite>& rows, std::uint64_t sequence) {
  for (const RowWrite& write : rows) staged_[write.key] = {write.value, sequence};
}

}  // namespace thaw
