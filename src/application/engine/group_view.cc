#include "application/engine/group_view.h"

#include "base/check.h"
#include "domain/keys.h"

namespace thaw {
namespace {

std::optional<StoredRow> to_row(const TableRow& row) {
  if (row.is_removed()) return std::nullopt;
  return StoredRow{std::string(row.bytes()), row.sequence};
}

}  // namespace

std::optional<StoredRow> GroupView::find(const std::string& key) {
  const bool is_kept = memory_ && keys::is_member(key);
  if (is_kept) {
    if (const TableRow* row = memory_->members.find(key)) return to_row(*row);
  }
  if (memory_ && memory_->has_every_identity && keys::is_identity(key) &&
      !memory_->identities.may_have(key)) {
    return std::nullopt;
  }
  if (const TableRow* row = staged_->find(key)) return to_row(*row);
  for (auto group = sent_.rbegin(); group != sent_.rend(); ++group) {
    if (const TableRow* row = (*group)->find(key)) return to_row(*row);
  }
  if (const TableRow* row = overlay_.find(key)) return to_row(*row);
  auto row = find_in_index(key);
  if (row && is_kept) memory_->members.put(key, row->bytes, row->written_at);
  return row;
}

std::optional<StoredRow> GroupView::find_in_index(const std::string& key) {
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
  // A row may hide one of the layer below: that many more are taken there.
  auto groups = staged_->scan(prefix, from, limit);
  for (auto group = sent_.rbegin(); group != sent_.rend(); ++group) {
    groups = merge_rows(groups, (*group)->scan(prefix, from, add_limits(limit, groups.size())));
  }
  const auto upper =
      merge_rows(groups, overlay_.scan(prefix, from, add_limits(limit, groups.size())));
  std::vector<std::pair<std::string, StoredRow>> found;
  // Removed rows of the upper layers hide rows of the index, so that many more may have to be read.
  const auto stored = index_.scan(prefix, from, add_limits(limit, upper.size()));
  if (!stored) {
    if (!error_) error_ = stored.error();
    return found;
  }
  auto above = upper.begin();
  const auto take_upper_before = [&](const std::string* key) {
    for (; above != upper.end() && (!key || (*above)->key < *key); ++above) {
      auto row = to_row(**above);
      if (row && found.size() < limit) found.emplace_back((*above)->key, std::move(*row));
    }
  };
  for (const auto& [key, bytes] : *stored) {
    take_upper_before(&key);
    if (found.size() >= limit) break;
    if (above != upper.end() && (*above)->key == key) continue;
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
  for (const RowWrite& write : rows) {
    staged_->put(write.key, write.value, sequence);
    memo_.forget(write.key);
    if (!memory_) continue;
    if (keys::is_member(write.key)) memory_->members.put(write.key, write.value, sequence);
    if (keys::is_identity(write.key)) memory_->identities.add(write.key);
  }
}

void GroupView::send_group() {
  sent_.push_back(std::move(staged_));
  if (spare_.empty()) spare_.push_back(std::make_unique<RowTable>());
  staged_ = std::move(spare_.back());
  spare_.pop_back();
}

void GroupView::drop_oldest_sent() {
  sent_.front()->clear();
  spare_.push_back(std::move(sent_.front()));
  sent_.pop_front();
}

}  // namespace thaw
