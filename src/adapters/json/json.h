#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace thaw {

/// A JSON value, by Boost.JSON, for bodies off the hot path. A regular value; not for sharing
/// between threads while it changes.
class Json {
 public:
  enum class Type { null, boolean, integer, number, text, array, object };

  Json();  // null
  // A value where Json is wanted is the value itself: {"amount", 12}.
  // NOLINTBEGIN(google-explicit-constructor)
  Json(bool value);
  Json(std::int64_t value);
  Json(std::string_view value);
  Json(const char* value) : Json(std::string_view(value)) {}
  Json(const std::string& value) : Json(std::string_view(value)) {}
  // NOLINTEND(google-explicit-constructor)
  Json(const Json& other);
  Json(Json&& other) noexcept;
  Json& operator=(Json other) noexcept;
  ~Json();

  static Json object();
  static Json array();
  /// ErrorCode::invalid with the byte at which it goes wrong. Depth at most 32; a repeated key,
  /// text after the value and text that is not UTF-8 are refused.
  static Result<Json> parse(std::string_view text);

  Type type() const;
  std::optional<bool> as_boolean() const;
  /// Whole numbers that fit 64 bits, written without fraction or exponent.
  std::optional<std::int64_t> as_integer() const;
  std::optional<std::string> as_text() const;

  // Objects: fields in the order set.
  Json& set(std::string_view name, Json value);
  std::optional<Json> find(std::string_view name) const;
  std::vector<std::string> names() const;
  // Arrays.
  Json& push(Json value);
  std::vector<Json> items() const;

  std::string dump() const;
  friend bool operator==(const Json& a, const Json& b);

 private:
  struct Value;
  explicit Json(std::unique_ptr<Value> value);
  std::unique_ptr<Value> value_;
};

}  // namespace thaw
