#include "adapters/rocksdb/rocksdb_index.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <atomic>
#include <cstdarg>
#include <cstdio>

#include "adapters/rocksdb/index_position.h"

namespace thaw {
namespace {

/// From so many rows on, a batch in key order becomes a table file of its own: sorting rows once is
/// far cheaper than one insertion each into a memtable, which is then sorted and written anyway.
constexpr std::size_t kRowsPerFileMin = 4096;

/// Of rows that are read and checked together. Merging costs less the fewer blocks there are,
/// looking for one row more the larger they are.
constexpr std::size_t kBlockBytes = 8192;

/// Sorted runs from which on some are merged.
constexpr int kRunsMax = 64;

std::unexpected<Error> fail_as(const rocksdb::Status& status, const std::string& what) {
  const ErrorCode code = status.IsCorruption() ? ErrorCode::corrupt
                         : status.IsNoSpace()  ? ErrorCode::no_space
                                               : ErrorCode::io;
  return fail(code, what + ": " + status.ToString());
}

rocksdb::Slice slice(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}

/// Each key once, and behind the position's.
bool is_in_key_order(std::span<const IndexWrite> writes) {
  std::string_view before = kIndexPositionKey;
  for (const IndexWrite& write : writes) {
    if (write.key <= before) return false;
    before = write.key;
  }
  return true;
}

/// What RocksDB says, in its folder's LOG, and of the start before in LOG.old. Its own one refuses
/// to open without such a file and asserts that it can be closed; here a full disk loses lines.
class LogFile final : public rocksdb::Logger {
 public:
  explicit LogFile(const std::string& path) {
    (void)std::rename(path.c_str(), (path + ".old").c_str());
    file_.reset(std::fopen(path.c_str(), "we"));
  }

  void Logv(const char* format, va_list arguments) override {
    if (!file_) return;
    char line[1024];
    (void)std::vsnprintf(line, sizeof line, format, arguments);
    std::int64_t seconds = 0;
    (void)rocksdb::Env::Default()->GetCurrentTime(&seconds);
    (void)std::fprintf(
        file_.get(), "%s %s\n",
        rocksdb::Env::Default()->TimeToString(static_cast<std::uint64_t>(seconds)).c_str(), line);
    (void)std::fflush(file_.get());
  }
  using rocksdb::Logger::Logv;

 private:
  struct Close {
    void operator()(std::FILE* file) const { (void)std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;
};

/// A disk that fails says nothing about the index; all else means that it is damaged.
std::unexpected<Error> fail_to_open(const rocksdb::Status& status, const std::string& path) {
  const std::string what = "index " + path;
  if (status.IsIOError() && !status.IsPathNotFound()) return fail_as(status, what);
  return fail(ErrorCode::corrupt,
              what + ": " + status.ToString() + "; it can be made anew: thaw rebuild-index");
}

rocksdb::Options make_options(const RocksDbOptions& wanted) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.write_buffer_size = wanted.write_buffer_bytes;
  options.max_write_buffer_number = 4;
  options.max_background_jobs = 2;
  // Lines and identities come in random order of keys and seldom change: levels would write each of
  // them some ten times over, whole runs two or three times. What costs are reads, which look into
  // more runs: filters spare most of that.
  options.compaction_style = rocksdb::kCompactionStyleUniversal;
  options.level0_file_num_compaction_trigger = kRunsMax;
  options.level0_slowdown_writes_trigger = 8 * kRunsMax;
  options.level0_stop_writes_trigger = 16 * kRunsMax;
  // Runs within four times each other's size, never large ones with small ones, nor all of them for
  // the room that old rows take: lines and identities have none (docs/adr/0026).
  options.compaction_options_universal.min_merge_width = 8;
  options.compaction_options_universal.stop_style = rocksdb::kCompactionStopStyleSimilarSize;
  options.compaction_options_universal.size_ratio = 300;
  options.compaction_options_universal.max_size_amplification_percent = 1'000'000;
  options.compaction_readahead_size = 2ULL << 20;
  // What is merged is seldom read soon: past the page cache it costs fewer copies and no pages.
  options.use_direct_io_for_flush_and_compaction = true;
  options.compression = rocksdb::kNoCompression;
  options.avoid_flush_during_shutdown = true;  // a clean stop flushes by itself
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(wanted.block_cache_bytes);
  table.block_size = kBlockBytes;
  // Most look-ups are of single rows: members, and identities that are not there.
  table.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

void run_on_merging_thread(rocksdb::Env& env, std::function<void()> work) {
  const auto run = [](void* argument) {
    const std::unique_ptr<std::function<void()>> owned(
        static_cast<std::function<void()>*>(argument));
    (*owned)();
  };
  env.Schedule(run, new std::function<void()>(std::move(work)), rocksdb::Env::Priority::LOW);
}

}  // namespace

struct RocksDbIndex::Store {
  rocksdb::Options options;
  std::string new_file;  // path of a table file that is not yet part of the index
  std::unique_ptr<rocksdb::DB> db;
  std::atomic<std::uint64_t> position{0};
  std::atomic<std::uint64_t> durable_position{0};
};

RocksDbIndex::RocksDbIndex(std::unique_ptr<Store> store) : store_(std::move(store)) {}
RocksDbIndex::~RocksDbIndex() = default;

Result<std::unique_ptr<RocksDbIndex>> RocksDbIndex::open(const std::string& path,
                                                         RocksDbOptions options) {
  auto store = std::make_unique<Store>();
  store->options = make_options(options);
  (void)rocksdb::Env::Default()->CreateDirIfMissing(path);  // for the log; else opening says why
  store->options.info_log = std::make_shared<LogFile>(path + "/LOG");
  store->new_file = path + "/new.sst";
  rocksdb::DB* db = nullptr;
  rocksdb::Status opened = rocksdb::DB::Open(store->options, path, &db);
  if (opened.IsInvalidArgument() || opened.IsNotSupported()) {  // a file system in memory, say
    store->options.use_direct_io_for_flush_and_compaction = false;
    opened = rocksdb::DB::Open(store->options, path, &db);
  }
  if (!opened.ok()) return fail_to_open(opened, path);
  store->db.reset(db);
  if (options.on_merging_thread) run_on_merging_thread(*db->GetEnv(), options.on_merging_thread);
  std::string text;
  const rocksdb::Status read = db->Get(rocksdb::ReadOptions(), kIndexPositionKey, &text);
  if (!read.ok() && !read.IsNotFound()) return fail_as(read, "index position");
  if (read.ok()) {
    const auto position = parse_index_position(text);
    if (!position) {
      return fail(ErrorCode::corrupt, "index position is unreadable: thaw rebuild-index");
    }
    store->position = *position;
    store->durable_position = *position;
  }
  return std::unique_ptr<RocksDbIndex>(new RocksDbIndex(std::move(store)));
}

Result<std::optional<std::string>> RocksDbIndex::find(const std::string& key) const {
  rocksdb::PinnableSlice value;
  rocksdb::DB& db = *store_->db;
  const rocksdb::Status read =
      db.Get(rocksdb::ReadOptions(), db.DefaultColumnFamily(), key, &value);
  if (read.IsNotFound()) return std::nullopt;
  if (!read.ok()) return fail_as(read, "index read");
  return std::string(value.data(), value.size());
}

Result<std::vector<std::pair<std::string, std::string>>> RocksDbIndex::scan(
    const std::string& prefix, const std::string& from, std::size_t limit) const {
  std::vector<std::pair<std::string, std::string>> found;
  const std::unique_ptr<rocksdb::Iterator> row(store_->db->NewIterator(rocksdb::ReadOptions()));
  for (row->Seek(std::max(prefix, from)); row->Valid() && found.size() < limit; row->Next()) {
    if (!row->key().starts_with(prefix)) break;
    found.emplace_back(row->key().ToString(), row->value().ToString());
  }
  if (!row->status().ok()) return fail_as(row->status(), "index scan");
  return found;
}

Status RocksDbIndex::apply(std::span<const IndexWrite> writes, std::uint64_t position) {
  return writes.size() >= kRowsPerFileMin && is_in_key_order(writes)
             ? apply_as_file(writes, position)
             : apply_as_batch(writes, position);
}

Status RocksDbIndex::apply_as_file(std::span<const IndexWrite> writes, std::uint64_t position) {
  rocksdb::EnvOptions environment;
  environment.use_direct_writes = store_->options.use_direct_io_for_flush_and_compaction;
  rocksdb::SstFileWriter file(environment, store_->options);
  rocksdb::Status done = file.Open(store_->new_file);
  if (done.ok()) done = file.Put(kIndexPositionKey, std::to_string(position));
  for (const IndexWrite& write : writes) {
    if (!done.ok()) break;
    done = write.value ? file.Put(slice(write.key), slice(*write.value))
                       : file.Delete(slice(write.key));
  }
  if (done.ok()) done = file.Finish();  // synced
  if (!done.ok()) return fail_as(done, "index file");
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  options.snapshot_consistency = false;  // nobody keeps a snapshot
  options.write_global_seqno = false;    // it is in the manifest
  done = store_->db->IngestExternalFile({store_->new_file}, options);
  if (!done.ok()) return fail_as(done, "index file");
  store_->position = position;
  store_->durable_position = position;  // what memtables held was flushed in front of the file
  return {};
}

Status RocksDbIndex::apply_as_batch(std::span<const IndexWrite> writes, std::uint64_t position) {
  rocksdb::WriteBatch batch;
  for (const IndexWrite& write : writes) {
    const rocksdb::Status added = write.value ? batch.Put(slice(write.key), slice(*write.value))
                                              : batch.Delete(slice(write.key));
    if (!added.ok()) return fail_as(added, "index batch");
  }
  if (const rocksdb::Status put = batch.Put(kIndexPositionKey, std::to_string(position));
      !put.ok()) {
    return fail_as(put, "index batch");
  }
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  const rocksdb::Status written = store_->db->Write(options, &batch);
  if (!written.ok()) return fail_as(written, "index write");
  store_->position = position;
  return {};
}

Status RocksDbIndex::flush() {
  const std::uint64_t reached = store_->position;
  rocksdb::FlushOptions options;
  options.allow_write_stall = true;  // else it may wait for merging, and the writer for it
  const rocksdb::Status flushed = store_->db->Flush(options);
  if (!flushed.ok()) return fail_as(flushed, "index flush");
  store_->durable_position = reached;
  return {};
}

std::uint64_t RocksDbIndex::position() const {
  return store_->position;
}
std::uint64_t RocksDbIndex::durable_position() const {
  return store_->durable_position;
}

}  // namespace thaw
