#include "app/server/data_folder.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>

#include "adapters/crypto/secrets.h"

namespace thaw {
namespace {

constexpr int kFormat = 1;
constexpr std::string_view kFormatPrefix = "thaw data format ";

Result<std::string> read_small_file(Disk& disk, const std::string& name) {
  const auto file = disk.open(name, OpenMode::read);
  if (!file) return fail_with(file);
  std::string text(4096, '\0');
  const auto got = (*file)->read(0, text);
  if (!got) return fail_with(got);
  text.resize(*got);
  return text;
}

Status write_small_file(Disk& disk, const std::string& name, std::string_view text) {
  const std::string passing = name + ".new";
  (void)disk.remove(passing);
  {
    auto file = disk.open(passing, OpenMode::create);
    if (!file) return fail_with(file);
    if (const Status written = (*file)->write(0, text); !written) return written;
    if (const Status synced = (*file)->sync(); !synced) return synced;
  }
  if (const Status moved = disk.rename(passing, name); !moved) return moved;
  return disk.sync_dir("");
}

Status check_format(Disk& disk) {
  const auto text = read_small_file(disk, "FORMAT");
  if (!text && text.error().code == ErrorCode::not_found) {
    return write_small_file(disk, "FORMAT", fmt::format("{}{}\n", kFormatPrefix, kFormat));
  }
  if (!text) return fail_with(text);
  int format = 0;
  if (text->starts_with(kFormatPrefix)) {
    std::from_chars(text->data() + kFormatPrefix.size(), text->data() + text->size(), format);
  }
  if (format == kFormat) return {};
  return fail(ErrorCode::unsupported,
              fmt::format("FORMAT says '{}', this thaw reads format {}: use the version that wrote "
                          "the folder, or a newer one",
                          text->substr(0, text->find('\n')), kFormat));
}

}  // namespace

Result<DataFolder> open_data_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return fail(ErrorCode::io, path + ": " + error.message());
  DataFolder folder;
  auto lock = DataLock::acquire(path);
  if (!lock) return fail_with(lock);
  folder.lock = std::move(*lock);
  auto disk = PosixDisk::open(path);
  if (!disk) return fail_with(disk);
  folder.disk = std::move(*disk);
  if (const Status checked = check_format(*folder.disk); !checked) return fail_with(checked);
  return folder;
}

Result<std::string> load_reference_key(Disk& disk, bool may_make) {
  constexpr std::size_t kKeyBytes = 32;
  auto key = read_small_file(disk, "reference.key");
  if (key && key->size() == kKeyBytes) return key;
  if (key) return fail(ErrorCode::corrupt, "reference.key: 32 bytes are wanted");
  if (key.error().code != ErrorCode::not_found) return key;
  if (!may_make) {
    return fail(
        ErrorCode::corrupt,
        "reference.key is missing, and references are hashed under it: put it back from the "
        "backup of this data folder");
  }
  auto made = make_random_bytes(kKeyBytes);
  if (!made) return made;
  if (const Status written = write_small_file(disk, "reference.key", *made); !written) {
    return fail_with(written);
  }
  return made;
}

}  // namespace thaw
