#include "app/server/verify_folder.h"

#include <fmt/format.h>

#include "adapters/blobs/folder_blobs.h"
#include "adapters/rocksdb/verify_index.h"
#include "app/server/api_keys.h"
#include "app/server/data_folder.h"
#include "application/ports/ledger.h"
#include "domain/keys.h"

namespace thaw {
namespace {

class FolderVerifier {
 public:
  FolderVerifier(const std::string& path, Disk& disk) : path_(path), disk_(disk) {}

  /// The index before the journal: beside a server both grow, and the index is never ahead.
  FolderReport verify() {
    check(check_format(disk_), ErrorCode::not_found);
    check(ApiKeys(path_).load());
    verify_index();
    verify_records();
    verify_reference_key();
    verify_blobs();
    return std::move(report_);
  }

 private:
  /// False, and a finding, if it failed; `allowed`: what is missing is made by a start.
  template <typename T>
  bool check(const Result<T>& result, std::optional<ErrorCode> allowed = std::nullopt) {
    if (!result && result.error().code != allowed) report_.findings.push_back(result.error());
    return result.has_value();
  }

  void verify_index() {
    const auto position = verify_rocksdb_index(path_ + "/" + kIndexFolder);
    if (check(position)) report_.index_position = *position;
  }

  void verify_records() {
    const auto journal = verify_journal(disk_, kJournalFolder, std::nullopt,
                                        [this](std::string_view record) { look_for_pin(record); });
    if (!check(journal)) return;
    report_.journal = *journal;
    const std::uint64_t indexed = report_.index_position.value_or(0);
    if (indexed <= journal->head.sequence) return;
    report_.findings.push_back(
        {ErrorCode::corrupt,
         fmt::format("the journal ends with record {}, yet the index has record {}: put the rest "
                     "of the journal back from the backup, or, if the journal is right, thaw "
                     "rebuild-index",
                     journal->head.sequence, indexed)});
  }

  /// The first server to start on the folder writes it, so hardly any record is decoded for it.
  void look_for_pin(std::string_view bytes) {
    if (pinned_) return;
    const auto record = decode<LogRecord>(bytes);
    for (const RowWrite& row : record ? record->rows : std::vector<RowWrite>()) {
      const auto pin = row.key == keys::pinned(kReferenceKey) && row.value
                           ? decode<PinSetting>(*row.value)
                           : std::nullopt;
      if (pin) pinned_ = pin->value;
    }
  }

  void verify_reference_key() {
    const auto there = disk_.open(kReferenceKey, OpenMode::read);
    const bool is_missing = !there && there.error().code == ErrorCode::not_found;
    if (is_missing && !pinned_) return;  // no server has started yet
    const auto key = load_reference_key(disk_, false);
    if (!check(key) || !pinned_) return;
    if (make_reference_key_check(*key) != *pinned_) {
      report_.findings.push_back(make_wrong_reference_key());
    }
  }

  void verify_blobs() {
    const auto names = disk_.list(kBlobFolder);
    if (!check(names, ErrorCode::not_found)) return;
    for (const std::string& name : *names) {
      if (name.size() != 64) continue;  // on its way in
      if (check(verify_blob(disk_, kBlobFolder, name))) ++report_.blobs;
    }
  }

  const std::string& path_;
  Disk& disk_;
  FolderReport report_;
  std::optional<std::string> pinned_;
};

}  // namespace

Result<FolderReport> verify_folder(const std::string& path) {
  const auto disk = PosixDisk::open(path);
  if (!disk) return fail_with(disk);
  return FolderVerifier(path, **disk).verify();
}

}  // namespace thaw
