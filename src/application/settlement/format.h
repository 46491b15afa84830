#pragma once

#include <expected>
#include <functional>
#include <span>
#include <string>

#include "application/settlement/record.h"
#include "base/result.h"

namespace thaw {

/// Bytes of a file, read once from front to back.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Fills the front of `into`; the number of bytes, zero at the end.
  virtual Result<std::size_t> read(std::span<char> into) = 0;
};

/// Why a file is refused: nothing of it is applied. `line` counts from 1; `column` is the field's
/// number in CSV, the character's position in fixed width; zero where a whole line or the file is
/// meant.
struct FileFault {
  std::int64_t line = 0;
  std::int64_t column = 0;
  std::string detail;
  friend bool operator==(const FileFault&, const FileFault&) = default;
};

/// What a file says of itself, its control totals checked.
struct FileSummary {
  std::string provider;
  std::string provider_file_id;
  Instant created_at;
  Currency currency;
  std::int64_t records = 0;
  std::int64_t created_at_column = 0;  // where the first line states it
  std::optional<Minor> sum;            // nothing: more than an amount can be
};

/// Reads one file of a format, record by record, in constant memory. Records are handed on before
/// the trailer is seen: a caller checks the file in a first pass and applies it in a second.
class SettlementFormat {
 public:
  using OnRecord = std::function<void(FileRecord&&)>;
  virtual ~SettlementFormat() = default;
  virtual std::string_view name() const = 0;
  virtual std::expected<FileSummary, FileFault> parse(ByteSource& source,
                                                      const OnRecord& on_record) const = 0;
};

}  // namespace thaw
