#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "application/ports/blob.h"
#include "application/ports/disk.h"

namespace thaw {

/// Blobs as files of one folder, each under the SHA-256 of its bytes. A blob is written under a
/// passing name, synced, then renamed; what a crash leaves of it is swept away at the next open.
/// Whoever opens one is given the bytes of that hash or none: it is read through first.
class FolderBlobs final : public BlobStore {
 public:
  /// Makes the folder if it is missing. The disk must outlive the store. Errors: io, no_space.
  static Result<std::unique_ptr<FolderBlobs>> open(Disk& disk, const std::string& folder);

  Result<std::unique_ptr<BlobWriter>> create() override;
  Result<std::unique_ptr<ByteSource>> open(const std::string& sha256) override;

 private:
  FolderBlobs(Disk& disk, std::string folder) : disk_(disk), folder_(std::move(folder)) {}

  Disk& disk_;
  const std::string folder_;
  std::atomic<std::uint64_t> next_{1};
};

/// Reads a blob through: are its bytes those of its name? Errors: corrupt, not_found, io.
Status verify_blob(Disk& disk, const std::string& folder, const std::string& sha256);

}  // namespace thaw
