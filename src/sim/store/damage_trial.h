#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "application/journal/journal.h"
#include "sim/disk/sim_disk.h"

namespace thaw {

/// A copy of a disk between two lives of its process, on which bytes are changed behind everybody's
/// back: verify or a start must name that, or it does no harm. Other data is never accepted.
class DamageTrial {
 public:
  /// `options`: with what is known to be durable. `right`: the files undamaged.
  DamageTrial(JournalOptions options, SimDisk::Image right, std::uint64_t seed);

  /// Changes a bit of any file; now and then after a shutdown in order. What is wrong with what
  /// came of it; empty: nothing.
  std::string flip();
  /// The same for files that are damaged already.
  std::string judge(const SimDisk::Image& damaged);
  /// The last damage was named; false: it did no harm, or a violation was answered.
  bool is_named() const { return is_named_; }

 private:
  using Records = std::vector<std::pair<std::uint64_t, std::string>>;
  /// The one frame that may be cut, if it is damaged: nothing tells it from one half written.
  struct LastFrame {
    std::string segment;
    std::uint64_t offset = 0;
    std::uint64_t first_sequence = 0;
  };

  void close_in_order();
  std::optional<LastFrame> find_last_frame();
  Status verify();
  Result<Records> start();

  JournalOptions options_;
  SimDisk::Image right_;
  Random random_;
  SimDisk disk_;
  bool is_named_ = false;
  std::uint64_t may_be_cut_from_ = UINT64_MAX;  // sequence
};

}  // namespace thaw
