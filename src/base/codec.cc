#include "base/codec.h"

#include <array>

namespace thaw {

void Encoder::write_long_varint(std::uint64_t value) {
  std::array<char, 10> bytes;
  std::size_t size = 0;
  for (; value >= 0x80; value >>= 7) bytes[size++] = static_cast<char>(value | 0x80);
  bytes[size++] = static_cast<char>(value);
  out_.append(bytes.data(), size);
}

void Encoder::write(const std::string& text) {
  write_varint(text.size());
  out_.append(text);
}

void Encoder::end_struct(std::size_t begin) {
  const std::size_t length = out_.size() - begin;
  if (length < 0x80) {
    out_[begin - 1] = static_cast<char>(length);
    return;
  }
  std::string prefix;
  Encoder(prefix).write_varint(length);
  out_[begin - 1] = prefix.front();
  out_.insert(begin, prefix, 1, std::string::npos);
}

std::uint64_t Decoder::read_varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (in_.empty()) break;
    const auto byte = static_cast<unsigned char>(in_.front());
    in_.remove_prefix(1);
    if (shift == 63 && byte > 1) break;
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  fail();
  return 0;
}

void Decoder::read(std::int64_t& value) {
  if (at_end()) return;  // a field added after these bytes were written
  const std::uint64_t raw = read_varint();
  value = static_cast<std::int64_t>(raw >> 1) ^ -static_cast<std::int64_t>(raw & 1);
}

void Decoder::read(std::string& text) {
  text.clear();
  if (!at_end()) text = read_bytes();
}

void Decoder::read(Minor& amount) {
  std::int64_t units = amount.units();
  read(units);
  const auto made = Minor::make(units);
  if (!made) return fail();
  amount = *made;
}

void Decoder::read(Currency& currency) {
  if (at_end()) return;
  const auto parsed = Currency::parse(in_.substr(0, 3));
  if (!parsed) return fail();
  currency = *parsed;
  in_.remove_prefix(3);
}

std::string_view Decoder::read_bytes() {
  const std::uint64_t length = read_varint();
  if (length > in_.size()) {
    fail();
    return {};
  }
  const std::string_view bytes = in_.substr(0, length);
  in_.remove_prefix(length);
  return bytes;
}

}  // namespace thaw
