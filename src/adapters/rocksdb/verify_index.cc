#include "adapters/rocksdb/verify_index.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>

#include <memory>

#include "adapters/rocksdb/index_position.h"

namespace thaw {
namespace {

/// Whoever writes the index merges its files and removes the old ones while we read them: then we
/// look again. Several times in a row that does not happen by chance.
constexpr int kLooksMax = 5;

/// Else opening would begin a log file in the folder.
class NoLog final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

rocksdb::Status read_position(rocksdb::DB& db, std::uint64_t& position) {
  std::string text;
  const rocksdb::Status read = db.Get(rocksdb::ReadOptions(), kIndexPositionKey, &text);
  if (read.IsNotFound()) return {};  // nothing was flushed yet
  if (!read.ok()) return read;
  const auto parsed = parse_index_position(text);
  if (!parsed) return rocksdb::Status::Corruption("its position is unreadable");
  position = *parsed;
  return {};
}

rocksdb::Status look(const std::string& path, std::uint64_t& position) {
  rocksdb::Options options;
  options.info_log = std::make_shared<NoLog>();
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(options, path, &opened);
  if (!status.ok()) return status;
  const std::unique_ptr<rocksdb::DB> db(opened);
  const rocksdb::Status read = read_position(*db, position);
  return read.ok() ? db->VerifyChecksum() : read;
}

}  // namespace

Result<std::optional<std::uint64_t>> verify_rocksdb_index(const std::string& path) {
  if (rocksdb::Env::Default()->FileExists(path + "/CURRENT").IsNotFound()) return std::nullopt;
  std::uint64_t position = 0;
  rocksdb::Status status;
  for (int i = 0; i < kLooksMax; ++i) {
    status = look(path, position);
    if (status.ok()) return position;
  }
  if (status.IsIOError() && !status.IsPathNotFound()) {
    return fail(ErrorCode::io, "index " + path + ": " + status.ToString());
  }
  return fail(ErrorCode::corrupt, "index " + path + ": " + status.ToString() +
                                      "; it can be made anew: thaw rebuild-index");
}

}  // namespace thaw
