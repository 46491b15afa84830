#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "sim/disk/faults.h"
#include "sim/disk/inode.h"

namespace thaw {

/// One folder's names: as processes see them and as they are on the platter. A rename between two
/// folders is one change in each.
class SimFolder {
 public:
  using Names = std::map<std::string, std::shared_ptr<SimInode>>;

  const Names& live() const { return live_; }
  std::shared_ptr<SimInode> find(const std::string& name) const;

  void link(const std::string& name, std::shared_ptr<SimInode> inode);
  void unlink(const std::string& name);
  void rename(const std::string& from, const std::string& to);
  void sync();
  void fail_sync(Random& random, DiskCounters& counters);
  /// Power is cut. Most file systems keep a prefix of the changes; none promises it.
  void crash(Random& random, DiskCounters& counters);

 private:
  struct Change {
    std::string removed;                // "": none
    std::string linked;                 // "": none
    std::shared_ptr<SimInode> inode{};  // of `linked`
  };

  static void apply(const Change& change, Names& names);
  void change(Change change);

  Names live_;
  Names durable_;
  std::vector<Change> pending_;
};

}  // namespace thaw
