#include "adapters/files/csv_reader.h"

namespace thaw {
namespace {

constexpr int kEnd = -1;
constexpr int kFailed = -2;
constexpr std::size_t kBufferBytes = 64 << 10;

}  // namespace

int CsvReader::peek() {
  if (at_ < buffer_.size()) return static_cast<unsigned char>(buffer_[at_]);
  buffer_.resize(kBufferBytes);
  const auto read = source_.read(buffer_);
  at_ = 0;
  buffer_.resize(read ? *read : 0);
  if (!read) error_ = read.error();
  if (error_) return kFailed;
  if (buffer_.empty()) return kEnd;
  return static_cast<unsigned char>(buffer_[0]);
}

int CsvReader::take() {
  const int byte = peek();
  if (byte < 0) return byte;
  ++at_;
  if (byte == '\n') ++line_;
  return byte;
}

std::unexpected<FileFault> CsvReader::fault(std::size_t column, std::string detail) const {
  return std::unexpected(FileFault{line_, static_cast<std::int64_t>(column), std::move(detail)});
}

/// After the opening quote, up to and with the closing one.
std::expected<void, FileFault> CsvReader::read_quoted(CsvRow& row, std::string& field) {
  for (;;) {
    const int byte = take();
    if (byte < 0) return fault(row.fields.size() + 1, "a quoted field does not end");
    row.raw += static_cast<char>(byte);
    if (row.raw.size() > kRowBytesMax) return fault(0, "a row is longer than 65536 bytes");
    if (byte != '"') {
      field += static_cast<char>(byte);
      continue;
    }
    if (peek() != '"') return {};
    field += '"';
    row.raw += static_cast<char>(take());
  }
}

std::expected<std::optional<CsvRow>, FileFault> CsvReader::next() {
  if (!started_) {
    started_ = true;
    if (peek() == 0xEF) {  // a byte order mark, or no UTF-8
      take();
      if (take() != 0xBB || take() != 0xBF)
        return fault(1, "the file begins with half a byte order mark");
    }
  }
  while (peek() == '\n' || peek() == '\r') take();
  CsvRow row;
  row.line = line_;
  std::string field;
  for (;;) {
    const int byte = take();
    if (byte == kFailed) return fault(0, "the file cannot be read: " + error_->detail);
    if (byte == kEnd && row.raw.empty()) return std::nullopt;
    if (byte == '\r' && peek() == '\n') continue;
    if (byte == kEnd || byte == '\n') break;
    row.raw += static_cast<char>(byte);
    if (row.raw.size() > kRowBytesMax) return fault(0, "a row is longer than 65536 bytes");
    if (byte == ',') {
      row.fields.push_back(std::move(field));
      field.clear();
      if (row.fields.size() >= kFieldsMax) return fault(0, "a row has more than 64 fields");
    } else if (byte == '"' && field.empty()) {
      if (const auto read = read_quoted(row, field); !read) return std::unexpected(read.error());
      const int after = peek();
      if (after >= 0 && after != ',' && after != '\n' && after != '\r') {
        return fault(row.fields.size() + 1, "text after the closing quote of a field");
      }
    } else if (byte == '"') {
      return fault(row.fields.size() + 1, "a quote inside a field that does not begin with one");
    } else {
      field += static_cast<char>(byte);
    }
  }
  row.fields.push_back(std::move(field));
  return row;
}

}  // namespace thaw
