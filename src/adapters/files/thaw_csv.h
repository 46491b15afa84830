#pragma once

#include "application/settlement/format.h"

namespace thaw {

/// `thaw-csv` (docs/formats/thaw-csv.md): header H, records R, trailer T with count and sum.
class ThawCsv final : public SettlementFormat {
 public:
  std::string_view name() const override { return "thaw-csv"; }
  std::expected<FileSummary, FileFault> parse(ByteSource& source,
                                              const OnRecord& on_record) const override;
};

}  // namespace thaw
