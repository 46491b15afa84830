#include <algorithm>
#include <vector>

#include "adapters/files/thaw_csv.h"
#include "base/text.h"
#include "fuzz/fuzz_target.h"

namespace thaw {
namespace {

/// Hands a file on in pieces of one size.
class PiecewiseSource final : public ByteSource {
 public:
  PiecewiseSource(std::string_view bytes, std::size_t piece) : rest_(bytes), piece_(piece) {}

  Result<std::size_t> read(std::span<char> into) override {
    const std::size_t count = std::min({into.size(), piece_, rest_.size()});
    rest_.copy(into.data(), count);
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
  std::size_t piece_;
};

struct Parsed {
  std::vector<FileRecord> records;
  std::expected<FileSummary, FileFault> result;
};

Parsed parse(std::string_view bytes, std::size_t piece) {
  PiecewiseSource source(bytes, piece);
  std::vector<FileRecord> records;
  auto result =
      ThawCsv().parse(source, [&](FileRecord&& record) { records.push_back(std::move(record)); });
  return {std::move(records), std::move(result)};
}

bool is_text(std::string_view text) {
  return !text.empty() && text.size() <= 128 && is_printable_utf8(text);
}

void check_record(const FileRecord& record) {
  CHECK(record.rail && is_text(record.reference));
  CHECK(record.txn_id.empty() || is_text(record.txn_id));
  const bool changes_another =
      record.kind == LineKind::correction || record.kind == LineKind::reversal;
  CHECK(changes_another == !record.original_txn_id.empty());
  CHECK(record.original_txn_id.empty() || is_text(record.original_txn_id));
  if (const auto* at = std::get_if<Instant>(&record.settled_at)) {
    CHECK(*at >= kEarliestInstant && *at <= kLatestInstant);
  } else {
    CHECK(is_valid(std::get<CivilDate>(record.settled_at)));
  }
}

void check_file(const Parsed& parsed) {
  __extension__ __int128 sum = 0;
  bool is_exact = true;
  std::int64_t line = 1;
  for (const FileRecord& record : parsed.records) {
    check_record(record);
    CHECK(record.line_number > line);  // behind the header, and in order
    line = record.line_number;
    is_exact = is_exact && record.minor.has_value();
    sum += record.minor.value_or(0);
  }
  if (!parsed.result) {
    CHECK(parsed.result.error().line >= 1 && !parsed.result.error().detail.empty());
    return;
  }
  const FileSummary& summary = *parsed.result;
  CHECK(summary.records == static_cast<std::int64_t>(parsed.records.size()));
  CHECK(is_text(summary.provider_file_id) && !summary.provider.empty());
  const bool fits = sum >= -Minor::kMax && sum <= Minor::kMax;
  if (is_exact && fits) CHECK(summary.sum && summary.sum->units() == sum);
  if (is_exact && !fits) CHECK(!summary.sum);
}

bool is_same(const Parsed& a, const Parsed& b) {
  if (a.records.size() != b.records.size() || a.result.has_value() != b.result.has_value()) {
    return false;
  }
  for (std::size_t i = 0; i < a.records.size(); ++i) {
    if (a.records[i].raw_hash != b.records[i].raw_hash) return false;
  }
  return a.result.has_value() || a.result.error() == b.result.error();
}

/// Nothing stands in front of the header but one whole mark and blank lines.
bool begins_with_header(std::string_view bytes) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  bytes.remove_prefix(std::min(bytes.find_first_not_of("\r\n"), bytes.size()));
  return bytes.starts_with("H,") || bytes.starts_with("\"H\",");
}

}  // namespace

void fuzz_one(std::string_view input) {
  const Parsed whole = parse(input, SIZE_MAX);
  check_file(whole);
  if (whole.result) CHECK(begins_with_header(input));
  // How the file arrives says nothing about what is in it.
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}}) {
    CHECK(is_same(whole, parse(input, piece)));
  }
}

}  // namespace thaw
