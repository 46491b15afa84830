#include "domain/state.h"

#include <algorithm>

namespace thaw {

Work::Touched* Work::find_touched(std::string_view key) {
  const auto found = std::find_if(touched_.begin(), touched_.end(),
                                  [&](const Touched& touched) { return touched.key == key; });
  return found == touched_.end() ? nullptr : &*found;
}

Work::Touched& Work::touch(const std::string& key) {
  if (Touched* const touched = find_touched(key)) return *touched;
  return touched_.emplace_back(Touched{.key = key});
}

std::optional<std::string> Work::find_bytes(const std::string& key) {
  if (const Touched* touched = find_touched(key); touched && touched->is_written) {
    return touched->value;
  }
  auto stored = view_.find(key);
  touch(key).read_at = stored ? stored->written_at : 0;
  if (!stored) return std::nullopt;
  return std::move(stored->bytes);
}

void Work::write(const std::string& key, std::optional<std::string> value) {
  Touched& touched = touch(key);
  touched.is_written = true;
  touched.value = std::move(value);
}

WriteSet Work::finish(Reply reply) {
  if (damaged_) return refuse(ReplyCode::damaged_state, "a stored row does not decode");
  WriteSet set;
  set.rows.reserve(touched_.size());
  for (Touched& touched : touched_) {
    if (!touched.is_written) continue;
    if (!touched.read_at && !scanned_.empty()) {
      const auto scanned = scanned_.find(touched.key);
      if (scanned != scanned_.end()) touched.read_at = scanned->second;
    }
    set.rows.push_back({std::move(touched.key), std::move(touched.value), touched.read_at});
  }
  // total: each key is touched once.
  std::sort(set.rows.begin(), set.rows.end(),
            [](const RowWrite& a, const RowWrite& b) { return a.key < b.key; });
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
