#include "adapters/blobs/folder_blobs.h"

#include <array>

#include "base/sha256.h"

namespace thaw {
namespace {

constexpr std::string_view kPassing = ".part";

Status check_content(DiskFile& file, const std::string& sha256) {
  Sha256 digest;
  std::array<char, 65536> piece{};
  for (std::uint64_t at = 0;;) {
    const auto got = file.read(at, piece);
    if (!got) return fail_with(got);
    if (*got == 0) break;
    digest.update({piece.data(), *got});
    at += *got;
  }
  if (to_hex(digest.finish()) == sha256) return {};
  return fail(ErrorCode::corrupt, "blob " + sha256 +
                                      " has other bytes than its name says: put it back from the "
                                      "backup of this data folder");
}

class FileSource final : public ByteSource {
 public:
  explicit FileSource(std::unique_ptr<DiskFile> file) : file_(std::move(file)) {}
  Result<std::size_t> read(std::span<char> into) override {
    const auto got = file_->read(at_, into);
    if (got) at_ += *got;
    return got;
  }

 private:
  std::unique_ptr<DiskFile> file_;
  std::uint64_t at_ = 0;
};

class FileWriter final : public BlobWriter {
 public:
  FileWriter(Disk& disk, std::string folder, std::string passing_name,
             std::unique_ptr<DiskFile> file)
      : disk_(disk),
        folder_(std::move(folder)),
        passing_name_(std::move(passing_name)),
        file_(std::move(file)) {}
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;
  ~FileWriter() override {
    if (!is_kept_) (void)disk_.remove(passing_name_);  // else swept at the next open
  }

  Status write(std::string_view bytes) override {
    const Status written = file_->write(at_, bytes);
    if (!written) return written;
    at_ += bytes.size();
    digest_.update(bytes);
    return {};
  }

  Result<std::string> finish() override {
    if (const Status synced = file_->sync(); !synced) return fail_with(synced);
    const std::string name = to_hex(digest_.finish());
    if (const Status moved = disk_.rename(passing_name_, folder_ + "/" + name); !moved) {
      return fail_with(moved);
    }
    is_kept_ = true;
    if (const Status synced = disk_.sync_dir(folder_); !synced) return fail_with(synced);
    return name;
  }

 private:
  Disk& disk_;
  const std::string folder_;
  const std::string passing_name_;
  std::unique_ptr<DiskFile> file_;
  Sha256 digest_;
  std::uint64_t at_ = 0;
  bool is_kept_ = false;
};

bool is_blob_name(std::string_view name) {
  return name.size() == 64 && name.find_first_not_of("0123456789abcdef") == name.npos;
}

}  // namespace

Result<std::unique_ptr<FolderBlobs>> FolderBlobs::open(Disk& disk, const std::string& folder) {
  if (const Status made = disk.make_dir(folder); !made) return fail_with(made);
  if (const Status synced = disk.sync_dir(""); !synced) return fail_with(synced);
  const auto names = disk.list(folder);
  if (!names) return fail_with(names);
  for (const std::string& name : *names) {
    if (!name.ends_with(kPassing)) continue;
    if (const Status gone = disk.remove(folder + "/" + name); !gone) return fail_with(gone);
  }
  return std::unique_ptr<FolderBlobs>(new FolderBlobs(disk, folder));
}

Result<std::unique_ptr<BlobWriter>> FolderBlobs::create() {
  const std::string name = folder_ + "/" + std::to_string(next_++) + std::string(kPassing);
  auto file = disk_.open(name, OpenMode::create);
  if (!file) return fail_with(file);
  return std::make_unique<FileWriter>(disk_, folder_, name, std::move(*file));
}

Result<std::unique_ptr<ByteSource>> FolderBlobs::open(const std::string& sha256) {
  if (!is_blob_name(sha256)) return fail(ErrorCode::not_found, "no blob is called so");
  auto file = disk_.open(folder_ + "/" + sha256, OpenMode::read);
  if (!file) return fail_with(file);
  if (const Status right = check_content(**file, sha256); !right) return fail_with(right);
  return std::make_unique<FileSource>(std::move(*file));
}

Status verify_blob(Disk& disk, const std::string& folder, const std::string& sha256) {
  const auto file = disk.open(folder + "/" + sha256, OpenMode::read);
  return file ? check_content(**file, sha256) : fail_with(file);
}

}  // namespace thaw
