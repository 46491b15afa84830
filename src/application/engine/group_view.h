#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "application/engine/overlay.h"
#include "application/engine/writer_memory.h"
#include "application/ports/index.h"
#include "domain/state.h"

namespace thaw {

/// What commands of one group read: rows of earlier commands of the group first, then those of the
/// groups before it that are still on their way to the disk, then the overlay, then the index.
/// Without groups of its own it is what readers see. The overlay's mutex is held by the caller for
/// as long as the view is read.
class GroupView final : public StateView {
 public:
  /// `memory`: the writer's, which is kept up to date; null: of a reader.
  GroupView(const Overlay& overlay, const Index& index, WriterMemory* memory = nullptr)
      : overlay_(overlay), index_(index), memory_(memory) {}

  std::optional<StoredRow> find(const std::string& key) override;
  using StateView::scan;
  std::vector<std::pair<std::string, StoredRow>> scan(const std::string& prefix, std::size_t limit,
                                                      const std::string& from) override;
  RowMemo* memo() override { return &memo_; }

  /// Takes a command's rows in, for the commands after it in the group.
  void stage(const std::vector<RowWrite>& rows, std::uint64_t sequence);
  /// The group is complete and on its way: another one may begin.
  void send_group();
  /// Rows of the oldest group on its way, of which there is one.
  const RowTable& oldest_sent() const { return *sent_.front(); }
  /// Forgets the oldest group on its way, whose rows are in the overlay by now. The memo stays:
  /// only commands of this view write.
  void drop_oldest_sent();

  /// The first read that failed: nothing decided over this view may be written or answered.
  const std::optional<Error>& error() const { return error_; }

 private:
  std::optional<StoredRow> find_in_index(const std::string& key);

  const Overlay& overlay_;
  const Index& index_;
  WriterMemory* memory_;
  std::unique_ptr<RowTable> staged_ = std::make_unique<RowTable>();
  std::deque<std::unique_ptr<RowTable>> sent_;    // oldest first
  std::vector<std::unique_ptr<RowTable>> spare_;  // empty; their memory serves again
  RowMemo memo_;
  std::optional<Error> error_;
};

}  // namespace thaw
