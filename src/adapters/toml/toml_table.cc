#include "adapters/toml/toml_table.h"

#include <fmt/format.h>

#include <set>

#include "adapters/toml/toml_text.h"

namespace {

/// toml++ asserts some of what a file may well get wrong; it is to be refused, not to end us.
struct TomlAssertion {};
constexpr void toml_expects(bool holds) {
  if (!holds) throw TomlAssertion();
}

}  // namespace

#ifdef NDEBUG
#error "toml++ would take its assertions for granted"
#endif
#define TOML_ASSERT(expression) toml_expects(static_cast<bool>(expression))
#include <toml++/toml.h>

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

namespace {

/// The line that an assertion of toml++ is about, which says none: the first with which it fails.
std::size_t find_asserted_line(std::string_view text) {
  std::size_t line = 1;
  for (std::size_t end = text.find('\n'); end != text.npos; end = text.find('\n', end + 1)) {
    try {
      (void)toml::parse(text.substr(0, end));
    } catch (const TomlAssertion&) {
      return line;
    } catch (const toml::parse_error&) {
      // What is whole with more lines behind it.
    }
    ++line;
  }
  return line;
}

}  // namespace

Result<TomlTable> TomlTable::parse(std::string_view text, const std::string& name) {
  if (const auto at = find_bare_non_ascii(text)) {
    const auto [line, column] = place_of(text, *at);
    return fail(ErrorCode::invalid,
                fmt::format("{}:{}:{}: a character that TOML has in quotes and comments only", name,
                            line, column));
  }
  try {
    auto document = std::make_shared<Document>(Document{name, toml::parse(text, name), {}});
    auto node = std::make_shared<Node>(Node{&document->root, "", {}});
    return TomlTable(std::move(document), std::move(node));
  } catch (const toml::parse_error& error) {
    const auto at = error.source().begin;
    return fail(ErrorCode::invalid,
                fmt::format("{}:{}:{}: {}", name, at.line, at.column, error.description()));
  } catch (const TomlAssertion&) {
    return fail(ErrorCode::invalid,
                fmt::format("{}:{}:1: not TOML", name, find_asserted_line(text)));
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
