#include "app/server/file_intake.h"

namespace thaw {
namespace {

/// A file with more records is answered as soon as it is accepted.
constexpr std::int64_t kAnsweredWhenApplied = 20'000;
/// A dry run keeps all that it would write in memory.
constexpr std::int64_t kDryRunRecordsMax = 200'000;

}  // namespace

/// The body of an upload on its way into a blob.
class UploadSink final : public BodySink, public std::enable_shared_from_this<UploadSink> {
 public:
  UploadSink(std::unique_ptr<BlobWriter> writer, WorkQueue& queue)
      : writer_(std::move(writer)), queue_(queue) {}

  void write(std::string_view chunk, std::function<void(Status)> done) override {
    queue_.post([self = shared_from_this(), chunk, done = std::move(done)] {
      done(self->writer_->write(chunk));
    });
  }
  Result<std::string> finish() { return writer_->finish(); }

 private:
  std::unique_ptr<BlobWriter> writer_;
  WorkQueue& queue_;
};

FileIntake::FileIntake(BlobStore& blobs, Ledger& ledger, MakeImporter make_importer,
                       std::function<std::unique_ptr<Ledger>()> make_dry_ledger)
    : blobs_(blobs),
      importer_(make_importer(ledger)),
      make_importer_(std::move(make_importer)),
      make_dry_ledger_(std::move(make_dry_ledger)) {}

Result<std::shared_ptr<BodySink>> FileIntake::open_upload() {
  auto writer = blobs_.create();
  if (!writer) return fail_with(writer);
  return std::make_shared<UploadSink>(std::move(*writer), uploads_);
}

void FileIntake::take(api::FileUpload upload, std::function<void(Result<api::FileTaken>)> done) {
  imports_.post([this, upload = std::move(upload), done = std::move(done)] {
    const auto sha256 = static_cast<UploadSink&>(*upload.body).finish();
    if (!sha256) return done(fail_with(sha256));
    if (upload.is_dry_run) return done(pretend(upload, *sha256));
    import(upload, *sha256, done);
  });
}

void FileIntake::import(const api::FileUpload& upload, const std::string& sha256,
                        const std::function<void(Result<api::FileTaken>)>& done) {
  auto accepted = importer_.accept(upload.provider, upload.format, sha256, upload.caller);
  if (!accepted) return done(fail_with(accepted));
  if (std::holds_alternative<ImportRefusal>(*accepted)) return done(api::FileTaken{*accepted});
  auto& taken = std::get<AcceptedFile>(*accepted);
  const bool is_large = taken.file.records > kAnsweredWhenApplied;
  const bool is_applying = taken.file.status == FileStatus::applying;
  if (is_large && is_applying) done(api::FileTaken{taken, true});
  const auto applied = importer_.apply(taken.file.id);
  if (is_large && is_applying) return;
  if (!applied) return done(fail_with(applied));
  taken.file = *applied;
  done(api::FileTaken{taken});
}

Result<api::FileTaken> FileIntake::pretend(const api::FileUpload& upload,
                                           const std::string& sha256) {
  const auto ledger = make_dry_ledger_();
  Importer importer = make_importer_(*ledger);
  auto accepted = importer.accept(upload.provider, upload.format, sha256);
  if (!accepted) return fail_with(accepted);
  if (std::holds_alternative<ImportRefusal>(*accepted)) return api::FileTaken{*accepted};
  auto& taken = std::get<AcceptedFile>(*accepted);
  if (taken.file.records > kDryRunRecordsMax) {
    return api::FileTaken{
        ImportRefusal{ReplyCode::too_large,
                      {0, 0, "a dry run takes at most 200,000 records; the file is valid"}}};
  }
  const auto applied = importer.apply(taken.file.id);
  if (!applied) return fail_with(applied);
  taken.file = *applied;
  return api::FileTaken{taken};
}

void FileIntake::resume() {
  imports_.post([this] { (void)importer_.resume(); });  // what fails stays to be resumed
}

}  // namespace thaw
