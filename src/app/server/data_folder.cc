#include "app/server/data_folder.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>

#include "adapters/crypto/secrets.h"
#include "base/sha256.h"

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

}  // namespace

Status check_format(Disk& disk) {
  const auto text = read_small_file(disk, "FORMAT");
  if (!text) return fail_with(text);
  if (*text == fmt::format("{}{}\n", kFormatPrefix, kFormat)) return {};
  const std::string first_line = text->substr(0, text->find('\n'));
  int format = kFormat;
  if (first_line.starts_with(kFormatPrefix)) {
    const char* const end = first_line.data() + first_line.size();
    (void)std::from_chars(first_line.data() + kFormatPrefix.size(), end, format);
  }
  if (format == kFormat) {
    return fail(ErrorCode::corrupt,
                fmt::format("FORMAT says '{}', which no thaw has written: put it back from the "
                            "backup of this data folder",
                            first_line));
  }
  return fail(ErrorCode::unsupported,
              fmt::format("FORMAT says '{}', this thaw reads format {}: use the version that wrote "
                          "the folder, or a newer one",
                          first_line, kFormat));
}

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
  Status checked = check_format(*folder.disk);
  if (!checked && checked.error().code == ErrorCode::not_found) {
    checked =
        write_small_file(*folder.disk, "FORMAT", fmt::format("{}{}\n", kFormatPrefix, kFormat));
  }
  if (!checked) return fail_with(checked);
  return folder;
}

Result<std::string> load_reference_key(Disk& disk, bool may_make) {
  constexpr std::size_t kKeyBytes = 32;
  auto key = read_small_file(disk, kReferenceKey);
  if (key && key->size() == kKeyBytes) return key;
  if (key) {
    return fail(ErrorCode::corrupt,
                "reference.key: 32 bytes are wanted: put it back from the backup of this data "
                "folder");
  }
  if (key.error().code != ErrorCode::not_found) return key;
  if (!may_make) {
    return fail(
        ErrorCode::corrupt,
        "reference.key is missing, and references are hashed under it: put it back from the "
        "backup of this data folder");
  }
  auto made = make_random_bytes(kKeyBytes);
  if (!made) return made;
  if (const Status written = write_small_file(disk, kReferenceKey, *made); !written) {
    return fail_with(written);
  }
  return made;
}

std::string make_reference_key_check(std::string_view key) {
  return to_hex(sha256("thaw reference.key check " + std::string(key))).substr(0, 16);
}

Error make_wrong_reference_key() {
  return {ErrorCode::corrupt,
          "reference.key is not the one that references are hashed under: put the right one back "
          "from the backup of this data folder"};
}

}  // namespace thaw
