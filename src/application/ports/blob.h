#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "application/settlement/format.h"
#include "base/result.h"

namespace thaw {

/// Takes a blob's bytes in; nothing is kept unless `finish` succeeds.
class BlobWriter {
 public:
  virtual ~BlobWriter() = default;
  virtual Status write(std::string_view bytes) = 0;
  /// Makes the blob durable; answers its name, the SHA-256 of its bytes in hex.
  virtual Result<std::string> finish() = 0;
};

/// Immutable bytes under the hash of their content: settlement files, segment lists. A blob whose
/// hash stands in a journal record is part of the truth. Thread-safe.
class BlobStore {
 public:
  virtual ~BlobStore() = default;
  virtual Result<std::unique_ptr<BlobWriter>> create() = 0;
  /// ErrorCode::not_found if there is none.
  virtual Result<std::unique_ptr<ByteSource>> open(const std::string& sha256) = 0;
};

}  // namespace thaw
