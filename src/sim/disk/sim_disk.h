#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "application/ports/disk.h"
#include "base/random.h"
#include "sim/disk/faults.h"
#include "sim/disk/folder.h"
#include "sim/disk/inode.h"

namespace thaw {

/// A disk in memory on which everything may go wrong that the port does not promise, decided by a
/// seed. One thread. Must outlive its handles.
class SimDisk final : public Disk {
 public:
  explicit SimDisk(std::uint64_t seed) : random_(seed) {}

  Result<std::unique_ptr<DiskFile>> open(const std::string& name, OpenMode mode) override;
  Status rename(const std::string& from, const std::string& to) override;
  Status remove(const std::string& name) override;
  Result<std::vector<std::string>> list(const std::string& folder) override;
  Status make_dir(const std::string& folder) override;
  Status sync_dir(const std::string& folder) override;
  Result<std::uint64_t> free_bytes() override;

  /// What is drawn from now on.
  void set_faults(const DiskFaults& faults) { faults_ = faults; }
  /// Bytes that all files may have together.
  void set_capacity(std::uint64_t bytes) { capacity_ = bytes; }
  /// The n-th call from now (1: the next) fails, once; zero: none does.
  void fail_call(std::uint64_t n) { failing_call_ = n == 0 ? 0 : counters_.calls + n; }
  /// The n-th call from now and all later ones fail, until a restart or crash.
  void fail_calls_from(std::uint64_t n) { failing_from_ = n == 0 ? 0 : counters_.calls + n; }
  /// At the n-th call from now power is cut: it and all later ones fail until crash().
  void cut_power_at_call(std::uint64_t n) { last_call_ = n == 0 ? 0 : counters_.calls + n; }
  bool has_power() const { return has_power_; }

  /// The process dies, the machine does not: handles are dead, the page cache keeps what it shows.
  void restart();
  /// Power is cut and comes back: handles are dead, what was not synced is lost in part.
  void crash();

  /// Damages a bit at rest. False if the file has no such byte.
  bool flip_bit(const std::string& name, std::uint64_t byte, unsigned bit);
  /// The file and byte that was hit; nothing if all files are empty.
  std::optional<std::pair<std::string, std::uint64_t>> flip_random_bit();

  /// True if a file is not what was written to it, because a write went elsewhere.
  bool is_misdirected() const;
  /// Puts what was written where it belongs, in all files, as from a mirror of this disk.
  void mend();

  /// All files as a process sees them: what a backup of an idle process holds.
  using Image = std::map<std::string, std::string>;
  Image take_image() const;
  /// As it would be after `mend`.
  Image take_mended_image() const;
  /// The disk is another, with these files on it, durable; handles are dead.
  void load_image(const Image& image);

  /// Names with their folder, in byte order, as a process sees them.
  std::vector<std::string> all_names() const;
  /// Bytes as a process sees them; the file must exist.
  const std::string& bytes_of(const std::string& name) const;
  const DiskCounters& counters() const { return counters_; }

 private:
  friend class SimFile;

  // Each begins a call: counts it, and says whether it fails for a reason of ours.
  std::optional<Error> begin(std::uint32_t chance, std::uint64_t& failures, const char* what);
  bool is_room_for(std::uint64_t more_bytes);
  std::unexpected<Error> fail_full(const std::string& name);
  Status write(SimInode& inode, const std::string& name, std::uint64_t offset,
               std::string_view bytes);
  std::shared_ptr<SimInode> find(const std::string& name) const;
  SimFolder* find_folder_of(const std::string& name);
  void bury(const std::shared_ptr<SimInode>& inode);

  Random random_;
  DiskFaults faults_;
  DiskCounters counters_;
  std::map<std::string, SimFolder> folders_{{"", {}}};
  std::set<std::string> durable_folders_{""};
  std::vector<std::weak_ptr<SimInode>> inodes_;  // in order of creation, for a fixed order of draws
  std::string stale_bytes_;                      // of removed files
  std::uint64_t capacity_ = UINT64_MAX;
  std::uint64_t failing_call_ = 0;
  std::uint64_t failing_from_ = 0;
  std::uint64_t last_call_ = 0;
  std::uint64_t full_until_call_ = 0;
  std::uint64_t epoch_ = 0;  // of the process: handles of an earlier one are dead
  bool has_power_ = true;
};

}  // namespace thaw
