#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/disk/data_lock.h"
#include "adapters/disk/posix_disk.h"
#include "base/result.h"

namespace thaw {

inline constexpr const char* kJournalFolder = "journal";
inline constexpr const char* kIndexFolder = "index";
inline constexpr const char* kBlobFolder = "blobs";
inline constexpr const char* kInFlightFile = "IN-FLIGHT";
inline constexpr const char* kReferenceKey = "reference.key";

/// A data folder that this process holds alone.
struct DataFolder {
  std::unique_ptr<DataLock> lock;
  std::unique_ptr<PosixDisk> disk;
};

/// Makes the folder if it is missing, locks it before any file is touched, and checks or writes
/// DATA/FORMAT. Errors: locked, unsupported (written by a newer thaw), io, no_space.
Result<DataFolder> open_data_folder(const std::string& path);

/// Errors: not_found, unsupported (written by a newer thaw), corrupt, io.
Status check_format(Disk& disk);

/// The key under which references are hashed (SPEC §3.5), made at the first start. It never
/// changes: with another one no file would find its members again. 32 bytes.
/// `may_make`: false where references are already hashed under a key.
Result<std::string> load_reference_key(Disk& disk, bool may_make);

/// Tells one reference key from another, and nothing of it: what is pinned in the ledger.
std::string make_reference_key_check(std::string_view key);
Error make_wrong_reference_key();

}  // namespace thaw
