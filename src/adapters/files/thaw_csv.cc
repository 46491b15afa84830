#include "adapters/files/thaw_csv.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "adapters/files/csv_reader.h"
#include "base/fnv.h"
#include "base/text.h"

namespace thaw {
namespace {

__extension__ typedef __int128 Wide;

constexpr std::size_t kHeaderFields = 7;
constexpr std::size_t kRecordFields = 11;
constexpr std::size_t kTrailerFields = 3;
constexpr std::size_t kDigitsMax =
    30;  // more than any sum of a file; keeps `Wide` from overflowing

std::unexpected<FileFault> fault(const CsvRow& row, std::int64_t column, std::string detail) {
  return std::unexpected(FileFault{row.line, column, std::move(detail)});
}

/// A whole number with an optional sign.
std::optional<Wide> parse_number(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > kDigitsMax) return std::nullopt;
  Wide value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return negative ? -value : value;
}

std::optional<std::int64_t> narrow(Wide value) {
  if (value > INT64_MAX || value < INT64_MIN) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

std::optional<StatedTime> parse_time(std::string_view text) {
  if (const auto date = parse_date(text)) return *date;
  if (const auto instant = parse_rfc3339(text)) return *instant;
  return std::nullopt;
}

std::optional<LineKind> parse_type(std::string_view text) {
  if (text == "payment") return LineKind::load;
  if (text == "load") return std::nullopt;
  return parse_line_kind(text);
}

bool is_reference_type(std::string_view text) {
  static constexpr std::array<std::string_view, 5> kTypes{
      "member_id", "bpay_crn", "account_bsb_number", "payid", "card_token"};
  for (const std::string_view type : kTypes) {
    if (text == type) return true;
  }
  return false;
}

/// Reads one file; state between its lines.
class Reading {
 public:
  Reading(ByteSource& source, const SettlementFormat::OnRecord& on_record)
      : reader_(source), on_record_(on_record) {}

  std::expected<FileSummary, FileFault> run() {
    for (;;) {
      const auto row = reader_.next();
      if (!row) return std::unexpected(row.error());
      if (!*row) break;
      if (const auto read = read_row(**row); !read) return std::unexpected(read.error());
      last_line_ = (*row)->line;
    }
    if (!has_header_) return end_fault("the file is empty: no header H");
    if (!has_trailer_) return end_fault("the file ends without its trailer T");
    return summary_;
  }

 private:
  std::unexpected<FileFault> end_fault(std::string detail) const {
    return std::unexpected(FileFault{last_line_ + 1, 0, std::move(detail)});
  }

  std::expected<void, FileFault> read_row(const CsvRow& row) {
    for (std::size_t i = 0; i < row.fields.size(); ++i) {
      if (is_text(row.fields[i])) continue;
      return fault(row, static_cast<std::int64_t>(i) + 1, "not UTF-8, or with a NUL in it");
    }
    if (has_trailer_) return fault(row, 0, "a line after the trailer T");
    const std::string& type = row.fields[0];
    if (!has_header_ && type != "H") return fault(row, 1, "the first line must be the header H");
    if (type == "H") return read_header(row);
    if (type == "R") return read_record(row);
    if (type == "T") return read_trailer(row);
    return fault(row, 1, "a line must begin with H, R or T");
  }

  std::expected<void, FileFault> read_header(const CsvRow& row) {
    if (has_header_) return fault(row, 1, "a second header H");
    if (row.fields.size() != kHeaderFields) {
      return fault(row, 0,
                   fmt::format("a header has {} fields, not {}", kHeaderFields, row.fields.size()));
    }
    if (row.fields[1] != "thaw-csv") return fault(row, 2, "not a thaw-csv file");
    if (row.fields[2] != "1") return fault(row, 3, "only version 1 is known");
    if (!parse_provider_id(row.fields[3])) return fault(row, 4, "not a provider id");
    if (!is_provider_text(row.fields[4]))
      return fault(row, 5, "not a file id: 1 to 128 bytes of printable UTF-8");
    const auto created_at = parse_rfc3339(row.fields[5]);
    if (!created_at) return fault(row, 6, "not an RFC 3339 time with an offset");
    const auto currency = Currency::parse(row.fields[6]);
    if (!currency) return fault(row, 7, "not a currency: three capital letters");
    summary_.provider = row.fields[3];
    summary_.provider_file_id = row.fields[4];
    summary_.created_at = *created_at;
    summary_.created_at_column = 6;
    summary_.currency = *currency;
    has_header_ = true;
    return {};
  }

  std::expected<void, FileFault> read_record(const CsvRow& row) {
    if (row.fields.size() != kRecordFields) {
      return fault(row, 0,
                   fmt::format("a record has {} fields, not {}", kRecordFields, row.fields.size()));
    }
    FileRecord record;
    record.line_number = row.line;
    record.txn_id = row.fields[1];
    if (!record.txn_id.empty() && !is_provider_text(record.txn_id)) {
      return fault(row, 2, "an id is 1 to 128 bytes of printable UTF-8");
    }
    const auto kind = parse_type(row.fields[2]);
    if (!kind) return fault(row, 3, "payment, correction, reversal or withdrawal");
    record.kind = *kind;
    record.rail = parse_rail(row.fields[3]);
    if (!record.rail) return fault(row, 4, "not a rail");
    if (!is_reference_type(row.fields[4])) return fault(row, 5, "not a reference type");
    record.reference_type = row.fields[4];
    if (!is_provider_text(row.fields[5]))
      return fault(row, 6, "a reference is 1 to 128 bytes of printable UTF-8");
    record.reference = row.fields[5];
    const auto amount = parse_number(row.fields[6]);
    if (!amount) return fault(row, 7, "an amount is a whole number of minor units");
    sum_ += *amount;
    record.minor = narrow(*amount);
    if (const auto read = read_times(row, record); !read) return read;
    record.original_txn_id = row.fields[9];
    const bool names_another = *kind == LineKind::correction || *kind == LineKind::reversal;
    if (names_another != !record.original_txn_id.empty()) {
      return fault(row, 10,
                   names_another ? "it must name the record that it changes"
                                 : "only a correction or reversal names another record");
    }
    if (names_another && !is_provider_text(record.original_txn_id)) {
      return fault(row, 10, "an id is 1 to 128 bytes of printable UTF-8");
    }
    record.text = row.fields[10];
    record.raw_hash = fmt::format("{:016x}", fnv1a(row.raw));
    ++summary_.records;
    on_record_(std::move(record));
    return {};
  }

  static std::expected<void, FileFault> read_times(const CsvRow& row, FileRecord& record) {
    if (!row.fields[7].empty()) {
      record.initiated_at = parse_time(row.fields[7]);
      if (!record.initiated_at) return fault(row, 8, "not a date and not an RFC 3339 time");
    }
    const auto settled_at = parse_time(row.fields[8]);
    if (!settled_at) return fault(row, 9, "not a date and not an RFC 3339 time");
    record.settled_at = *settled_at;
    return {};
  }

  std::expected<void, FileFault> read_trailer(const CsvRow& row) {
    if (row.fields.size() != kTrailerFields) {
      return fault(
          row, 0,
          fmt::format("a trailer has {} fields, not {}", kTrailerFields, row.fields.size()));
    }
    const auto records = parse_number(row.fields[1]);
    if (!records) return fault(row, 2, "a number of records");
    if (*records != summary_.records) {
      return fault(row, 2,
                   fmt::format("the trailer's number of records is {}, the file's {}",
                               row.fields[1], summary_.records));
    }
    const auto sum = parse_number(row.fields[2]);
    if (!sum) return fault(row, 3, "a sum of amounts in minor units");
    if (*sum != sum_) return fault(row, 3, "the trailer's sum is not the sum of all amounts");
    // A record's amount may be beyond all bounds, and so may their sum.
    if (const auto units = narrow(sum_)) summary_.sum = Minor::make(*units);
    has_trailer_ = true;
    return {};
  }

  CsvReader reader_;
  const SettlementFormat::OnRecord& on_record_;
  FileSummary summary_;
  Wide sum_ = 0;
  bool has_header_ = false;
  bool has_trailer_ = false;
  std::int64_t last_line_ = 0;
};

}  // namespace

std::expected<FileSummary, FileFault> ThawCsv::parse(ByteSource& source,
                                                     const OnRecord& on_record) const {
  return Reading(source, on_record).run();
}

}  // namespace thaw
