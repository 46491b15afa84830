#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "base/result.h"

namespace thaw {

/// A table of a TOML file, read strictly: what is of the wrong type, and what nobody asked for, is
/// a fault with its line and column. All tables of a file share one list of faults. One thread.
class TomlTable {
 public:
  /// `name` is shown in front of faults. ErrorCode::invalid for text that is no TOML, with line and
  /// column.
  static Result<TomlTable> parse(std::string_view text, const std::string& name);

  std::optional<std::string> text(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key);
  std::optional<bool> boolean(std::string_view key);
  std::optional<Duration> duration(std::string_view key);  // ISO 8601, "P7D"
  std::vector<std::string> texts(std::string_view key);    // a list; empty if absent
  std::optional<TomlTable> table(std::string_view key);
  /// Every entry of this table, each of which must be a table.
  std::vector<std::pair<std::string, TomlTable>> tables();

  bool has(std::string_view key) const;
  void fault(std::string_view key, const std::string& message);
  /// Notes each key that was not asked for; call when all have been.
  void finish();
  /// "thaw.toml:12:3: server.lissten: unknown key" and so on, of the whole file.
  const std::vector<std::string>& faults() const;

 private:
  struct Document;
  struct Node;
  TomlTable(std::shared_ptr<Document> document, std::shared_ptr<Node> node)
      : document_(std::move(document)), node_(std::move(node)) {}

  std::shared_ptr<Document> document_;
  std::shared_ptr<Node> node_;
};

}  // namespace thaw
