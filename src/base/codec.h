#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/instant.h"
#include "base/money.h"
#include "base/strong_id.h"

namespace thaw {

/// Binary form of rows and events (docs/formats/rows.md). A struct lists its fields once:
///
///   template <typename Archive> void describe(Archive& ar, Enrolment& e) { ar(e.window_id,
///   e.state); }
///
/// found by argument-dependent look-up; the same list writes and reads. Integers are zig-zag
/// varints, text and lists carry their length, structs theirs too: fields are only ever added at
/// the end, an older reader skips them, a newer reader finds them at their defaults.
class Encoder {
 public:
  explicit Encoder(std::string& out) : out_(out) {}

  template <typename... Fields>
  void operator()(const Fields&... fields) {
    (write(fields), ...);
  }
  void write_varint(std::uint64_t value) {
    if (value < 0x80) {
      out_.push_back(static_cast<char>(value));
    } else {
      write_long_varint(value);
    }
  }

 private:
  void write_long_varint(std::uint64_t value);
  void write(std::int64_t value) {
    write_varint((static_cast<std::uint64_t>(value) << 1) ^
                 static_cast<std::uint64_t>(value >> 63));
  }
  void write(const std::string& text);
  void write(Instant at) { write(at.ms); }
  void write(Duration length) { write(length.ms); }
  void write(Minor amount) { write(amount.units()); }
  void write(Currency currency) { out_.append(currency.text()); }
  template <typename T>
    requires(std::is_enum_v<T> || (std::is_integral_v<T> && !std::is_same_v<T, std::int64_t>))
  void write(T value) {
    write(static_cast<std::int64_t>(value));
  }
  template <typename Kind>
  void write(const StrongId<Kind>& id) {
    write(id.text());
  }
  template <typename T>
  void write(const std::optional<T>& value) {
    write_varint(value.has_value() ? 1 : 0);
    if (value) write(*value);
  }
  template <typename T>
  void write(const std::vector<T>& items) {
    write_varint(items.size());
    for (const T& item : items) write(item);
  }
  template <typename... Alternatives>
  void write(const std::variant<Alternatives...>& value) {
    write_varint(value.index());
    std::visit([this](const auto& held) { this->write(held); }, value);
  }
  template <typename T>
    requires(std::is_class_v<T>)
  void write(const T& value) {
    const std::size_t begin = begin_struct();
    describe(*this, const_cast<T&>(value));  // an Encoder reads only
    end_struct(begin);
  }

  /// A struct's length is known only behind it: one byte is kept free, more are made room for.
  std::size_t begin_struct() {
    out_.push_back('\0');
    return out_.size();
  }
  void end_struct(std::size_t begin);

  std::string& out_;
};

/// Reads what an Encoder wrote. Never throws, never reads past the end: after any malformed byte
/// `ok()` is false and everything further reads as default.
class Decoder {
 public:
  explicit Decoder(std::string_view in) : in_(in) {}

  bool ok() const { return ok_; }
  bool at_end() const { return in_.empty(); }
  /// What has not been read yet.
  std::string_view rest() const { return in_; }

  template <typename... Fields>
  void operator()(Fields&... fields) {
    (read(fields), ...);
  }
  std::uint64_t read_varint();

 private:
  void read(std::int64_t& value);
  void read(std::string& text);
  void read(Instant& at) { read(at.ms); }
  void read(Duration& length) { read(length.ms); }
  void read(Minor& amount);
  void read(Currency& currency);
  template <typename T>
    requires(std::is_enum_v<T> || (std::is_integral_v<T> && !std::is_same_v<T, std::int64_t>))
  void read(T& value) {
    std::int64_t wide = static_cast<std::int64_t>(value);
    read(wide);
    value = static_cast<T>(wide);
  }
  template <typename Kind>
  void read(StrongId<Kind>& id) {
    std::string text;
    read(text);
    id = StrongId<Kind>(std::move(text));
  }
  template <typename T>
  void read(std::optional<T>& value) {
    value.reset();
    if (at_end()) return;
    if (read_varint() != 0) read(value.emplace());
  }
  template <typename T>
  void read(std::vector<T>& items) {
    items.clear();
    const std::uint64_t count = at_end() ? 0 : read_varint();
    if (count > in_.size()) return fail();  // each item takes a byte or more
    items.reserve(count);
    for (std::uint64_t i = 0; i < count && ok_; ++i) read(items.emplace_back());
  }
  template <typename... Alternatives>
  void read(std::variant<Alternatives...>& value) {
    const std::uint64_t index = read_varint();
    if (index >= sizeof...(Alternatives)) return fail();  // an alternative that this version lacks
    read_alternative(value, index, std::index_sequence_for<Alternatives...>());
  }
  template <typename Variant, std::size_t... Is>
  void read_alternative(Variant& value, std::uint64_t index, std::index_sequence<Is...>) {
    (void)((Is == index ? (read(value.template emplace<Is>()), true) : false) || ...);
  }
  template <typename T>
    requires(std::is_class_v<T>)
  void read(T& value) {
    if (at_end()) return;
    std::string_view body = read_bytes();
    Decoder inner(body);
    describe(inner, value);
    if (!inner.ok_) fail();
  }
  std::string_view read_bytes();
  void fail() {
    ok_ = false;
    in_ = {};
  }

  std::string_view in_;
  bool ok_ = true;
};

/// `expected_bytes`: room that is made at once, so that writing does not have to make it bit by
/// bit.
template <typename T>
std::string encode(const T& value, std::size_t expected_bytes = 192) {
  std::string out;
  out.reserve(expected_bytes);
  Encoder encoder(out);
  describe(encoder, const_cast<T&>(value));
  return out;
}

/// Nothing if the bytes are not a T.
template <typename T>
std::optional<T> decode(std::string_view bytes) {
  T value;
  Decoder decoder(bytes);
  describe(decoder, value);
  if (!decoder.ok()) return std::nullopt;
  return value;
}

}  // namespace thaw
