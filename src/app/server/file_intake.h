#pragma once

#include <functional>
#include <memory>

#include "app/api/context.h"
#include "app/server/work_queue.h"
#include "application/settlement/importer.h"

namespace thaw {

/// Takes settlement files in through the door: bodies stream into blobs on one thread, files are
/// checked and applied on another, one at a time, in the order in which they came. Thread-safe.
class FileIntake {
 public:
  using MakeImporter = std::function<Importer(Ledger&)>;

  /// `make_dry_ledger` gives a ledger that only pretends.
  FileIntake(BlobStore& blobs, Ledger& ledger, MakeImporter make_importer,
             std::function<std::unique_ptr<Ledger>()> make_dry_ledger);

  Result<std::shared_ptr<BodySink>> open_upload();
  /// `done` comes on the import thread, at once after acceptance for a large file.
  void take(api::FileUpload upload, std::function<void(Result<api::FileTaken>)> done);
  /// Goes on with what an earlier run of the process left half applied.
  void resume();
  bool is_idle() const { return imports_.size() == 0; }

 private:
  void import(const api::FileUpload& upload, const std::string& sha256,
              const std::function<void(Result<api::FileTaken>)>& done);
  Result<api::FileTaken> pretend(const api::FileUpload& upload, const std::string& sha256);

  BlobStore& blobs_;
  Importer importer_;
  MakeImporter make_importer_;
  std::function<std::unique_ptr<Ledger>()> make_dry_ledger_;
  WorkQueue uploads_;
  WorkQueue imports_;
};

}  // namespace thaw
