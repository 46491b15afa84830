#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "application/settlement/format.h"

namespace thaw {

/// One logical line of a CSV file.
struct CsvRow {
  std::int64_t line = 0;  // of its first character
  std::vector<std::string> fields;
  std::string raw;  // as it stands in the file, without the line end
};

/// RFC 4180, streamed: quoted fields may hold commas, quotes (doubled) and line ends. A byte order
/// mark is skipped, blank lines are skipped, lines may end in LF or CRLF. Bounded: a row over 64
/// KiB, or over 64 fields, is a fault.
class CsvReader {
 public:
  explicit CsvReader(ByteSource& source) : source_(source) {}

  /// Nothing at the end of the file.
  std::expected<std::optional<CsvRow>, FileFault> next();

 private:
  static constexpr std::size_t kRowBytesMax = 64 << 10;
  static constexpr std::size_t kFieldsMax = 64;

  /// The next byte, or -1 at the end; -2 after a failed read.
  int peek();
  int take();
  std::unexpected<FileFault> fault(std::size_t column, std::string detail) const;
  std::expected<void, FileFault> read_quoted(CsvRow& row, std::string& field);

  ByteSource& source_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::int64_t line_ = 1;
  bool started_ = false;
  std::optional<Error> error_;
};

}  // namespace thaw
