#pragma once

#include "application/journal/journal.h"
#include "application/ports/record_log.h"

namespace thaw {

/// The journal as the engine's log. Outlived by the journal.
class JournalLog final : public RecordLog {
 public:
  explicit JournalLog(Journal& journal) : journal_(journal) {}

  Status append_group(std::span<const std::string_view> records) override {
    const auto receipt = journal_.append_group(records);
    if (!receipt) return fail_with(receipt);
    return {};
  }
  std::uint64_t last_sequence() const override { return journal_.last_sequence(); }
  Result<std::vector<std::pair<std::uint64_t, std::string>>> read_after(
      std::uint64_t sequence, std::size_t limit) const override {
    return journal_.read_after(sequence, limit);
  }

 private:
  Journal& journal_;
};

}  // namespace thaw
