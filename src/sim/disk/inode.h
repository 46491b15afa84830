#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "sim/disk/faults.h"

namespace thaw {

/// One file's bytes: as processes see them (the page cache) and as they are on the platter, and the
/// changes between the two.
class SimInode {
 public:
  const std::string& live() const { return live_; }
  const std::string& durable() const { return durable_; }

  void write(std::uint64_t offset, std::string_view bytes);
  /// The disk writes them at `elsewhere`, and says that all is well. From now on a mirror keeps
  /// what the file should be, through all that happens to it.
  void misdirect(std::uint64_t offset, std::uint64_t elsewhere, std::string_view bytes);
  bool is_misdirected() const { return mirror_ != nullptr; }
  /// What the file should be.
  const std::string& mended() const { return mirror_ ? mirror_->live() : live_; }
  /// Becomes what the mirror has.
  void mend();
  /// Sets the size; what is new is taken from `filler` at its offset, zeros where that ends.
  void resize(std::uint64_t size, std::string_view filler = {});
  void sync();
  /// What a failed sync leaves: of the pending changes some became durable, some stay pending, and
  /// some are forgotten: seen until the crash, but no later sync writes them.
  void fail_sync(Random& random, DiskCounters& counters);
  /// Power is cut: of the pending changes, any may be there, in part, in any order.
  void crash(Random& random, DiskCounters& counters);
  /// Damages bytes at rest, behind everybody's back.
  void flip_bit(std::uint64_t byte, unsigned bit);

 private:
  struct Change {
    bool is_resize = false;
    std::uint64_t offset = 0;  // or the new size
    std::string bytes;         // or the filler
  };

  static void apply(const Change& change, std::string& image);
  void apply_torn(const Change& change, Random& random);

  std::string live_;
  std::string durable_;
  std::vector<Change> pending_;
  std::unique_ptr<SimInode> mirror_;
  bool has_forgotten_ = false;  // by a failed sync: seen, though it will never be durable
};

}  // namespace thaw
