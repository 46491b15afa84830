#include "adapters/toml/toml_table.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <set>

namespace thaw {

struct TomlTable::Document {
  std::string name;
  toml::table root;
  std::vector<std::string> faults;
};

struct TomlTable::Node {
  const toml::table* table;
  std::string path;  // "providers.cardco."
  std::set<std::string, std::less<>> asked;

  const toml::node* find(std::string_view key) {
    asked.emplace(key);
    return table->get(key);
  }
};

Result<TomlTable> TomlTable::parse(std::string_view text, const std::string& name) {
  try {
    auto document = std::make_shared<Document>(Document{name, toml::parse(text, name), {}});
    auto node = std::make_shared<Node>(Node{&document->root, "", {}});
    return TomlTable(std::move(document), std::move(node));
  } catch (const toml::parse_error& error) {
    const auto at = error.source().begin;
    return fail(ErrorCode::invalid,
                fmt::format("{}:{}:{}: {}", name, at.line, at.column, error.description()));
  }
}

std::optional<std::string> TomlTable::text(std::string_view key) {
  const toml::node* found = node_->find(key);
  if (!found) return std::nullopt;
  auto value = found->value_exact<std::string>();
  if (!value) fault(key, "a text is wanted");
  return value;
}

std::optional<std::int64_t> TomlTable::integer(std::string_view key) {
  const toml::node* found = node_->find(key);
  if (!found) return std::nullopt;
  auto value = found->value_exact<std::int64_t>();
  if (!value) fault(key, "a whole number is wanted");
  return value;
}

std::optional<bool> TomlTable::boolean(std::string_view key) {
  const toml::node* found = node_->find(key);
  if (!found) return std::nullopt;
  auto value = found->value_exact<bool>();
  if (!value) fault(key, "true or false is wanted");
  return value;
}

std::optional<Duration> TomlTable::duration(std::string_view key) {
  const auto value = text(key);
  if (!value) return std::nullopt;
  const auto length = parse_iso_duration(*value);
  if (!length) fault(key, "an ISO 8601 duration like \"P7D\" or \"PT10S\" is wanted");
  return length;
}

std::vector<std::string> TomlTable::texts(std::string_view key) {
  std::vector<std::string> values;
  const toml::node* found = node_->find(key);
  if (!found) return values;
  const toml::array* list = found->as_array();
  if (!list) {
    fault(key, "a list of texts is wanted");
    return values;
  }
  for (const toml::node& item : *list) {
    auto value = item.value_exact<std::string>();
    if (!value) {
      fault(key, "a list of texts is wanted");
      return values;
    }
    values.push_back(std::move(*value));
  }
  return values;
}

std::optional<TomlTable> TomlTable::table(std::string_view key) {
  const toml::node* found = node_->find(key);
  if (!found) return std::nullopt;
  if (!found->is_table()) {
    fault(key, "a table is wanted");
    return std::nullopt;
  }
  return TomlTable(document_, std::make_shared<Node>(Node{
                                  found->as_table(), node_->path + std::string(key) + ".", {}}));
}

std::vector<std::pair<std::string, TomlTable>> TomlTable::tables() {
  std::vector<std::pair<std::string, TomlTable>> all;
  for (const auto& [key, value] : *node_->table) {
    if (auto inner = table(key.str())) all.emplace_back(std::string(key.str()), *inner);
  }
  return all;
}

bool TomlTable::has(std::string_view key) const {
  return node_->table->contains(key);
}

void TomlTable::fault(std::string_view key, const std::string& message) {
  const toml::node* found = node_->table->get(key);
  const auto at = (found ? found->source() : node_->table->source()).begin;
  document_->faults.push_back(fmt::format("{}:{}:{}: {}{}: {}", document_->name, at.line, at.column,
                                          node_->path, key, message));
}

void TomlTable::finish() {
  for (const auto& [key, value] : *node_->table) {
    if (!node_->asked.contains(key.str())) fault(key.str(), "unknown key");
  }
}

const std::vector<std::string>& TomlTable::faults() const {
  return document_->faults;
}

}  // namespace thaw
