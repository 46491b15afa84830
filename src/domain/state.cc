#include "domain/state.h"

namespace thaw {

std::optional<std::string> Work::find_bytes(const std::string& key) {
  const auto written = writes_.find(key);
  if (written != writes_.end()) return written->second;
  auto stored = view_.find(key);
  read_versions_[key] = stored ? stored->written_at : 0;
  if (!stored) return std::nullopt;
  return std::move(stored->bytes);
}

WriteSet Work::finish(Reply reply) {
  if (damaged_) return refuse(ReplyCode::damaged_state, "a stored row does not decode");
  WriteSet set;
  for (auto& [key, value] : writes_) {
    RowWrite write{key, std::move(value), std::nullopt};
    const auto read = read_versions_.find(key);
    if (read != read_versions_.end()) write.expected = read->second;
    set.rows.push_back(std::move(write));
  }
  set.events = std::move(events_);
  set.reply = std::move(reply);
  return set;
}

WriteSet Work::refuse(ReplyCode code, std::string detail) {
  WriteSet set;
  set.reply.code = code;
  set.reply.detail = std::move(detail);
  return set;
}

}  // namespace thaw
