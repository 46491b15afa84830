#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "application/journal/journal.h"
#include "sim/disk/sim_disk.h"

namespace thaw {

/// A data folder in memory with one segment, as it is found at a start.
struct JournalImage {
  std::string segment;  // bytes of the file of record 1
  std::string mark;     // of the clean mark; empty: there is none

  void put_on(SimDisk& disk) const;
};

/// The checksums of the segment's header and of every frame that could begin, as its bytes are now:
/// the code behind them is then reached by any input.
void mend_checksums(std::string& segment);

/// What a start makes of an image: all its records, or the error.
struct Found {
  std::vector<std::string> records;
  Status status;
  std::string cut;
  friend bool operator==(const Found&, const Found&) = default;
};
Found find_records(const JournalImage& image);

}  // namespace thaw
