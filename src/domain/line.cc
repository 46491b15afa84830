#include "domain/line.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace thaw {
namespace {

auto file_key(const Line& line) {
  static const FileFacts none;
  const FileFacts& file = line.file ? *line.file : none;
  return std::tie(file.file_created_at, file.provider_file_id, file.file, file.line_number);
}

}  // namespace

std::span<const LineKind> kinds_named(const Line& line) {
  static constexpr std::array kEither{LineKind::load, LineKind::withdrawal};
  if (!line.original) return {};
  if (line.original->kind) return std::span(&*line.original->kind, 1);
  return kEither;
}

bool names(const Line& line, const Line& record) {
  if (!line.original || line.provider != record.provider) return false;
  if (line.original->txn_id != record.txn_id) return false;
  return std::ranges::count(kinds_named(line), record.kind) > 0;
}

bool comes_before(const Line& a, const Line& b) {
  const auto key = [](const Line& l) { return std::tie(l.kind, l.provider, l.txn_id, l.path); };
  if (key(a) != key(b)) return key(a) < key(b);
  if (file_key(a) != file_key(b)) return file_key(a) < file_key(b);
  const auto content = [](const Line& l) {
    return std::tie(l.amount, l.time.from, l.time.until, l.currency, l.rail);
  };
  if (content(a) != content(b)) return content(a) < content(b);
  const auto original = [](const Line& l) {
    static const OriginalRef none;
    const OriginalRef& named = l.original ? *l.original : none;
    return std::tie(named.kind, named.txn_id);
  };
  return original(a) < original(b);
}

}  // namespace thaw
