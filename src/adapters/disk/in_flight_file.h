#pragma once

#include <memory>
#include <string>
#include <vector>

#include "application/ports/in_flight.h"
#include "base/result.h"

namespace thaw {

/// The notes as a page of a file that is mapped into memory: a note costs no call of the system.
class InFlightFile final : public InFlight {
 public:
  /// Counts a death for each item that the last process had not ended. A file that makes no sense
  /// is begun anew. Errors: io, no_space.
  static Result<std::unique_ptr<InFlightFile>> open(const std::string& path);
  ~InFlightFile() override;
  InFlightFile(const InFlightFile&) = delete;
  InFlightFile& operator=(const InFlightFile&) = delete;

  /// Items are noted up to 239 bytes.
  void begin(Worker worker, std::string_view item) override;
  void end(Worker worker) override;

  /// Items on which the process died three times in a row.
  struct Poison {
    Worker worker = Worker::timers;
    std::string item;
  };
  std::vector<Poison> find_poison() const;
  /// The item has been set aside, durably.
  void forget(Worker worker);

 private:
  struct Page;
  explicit InFlightFile(Page* page) : page_(page) {}

  Page* page_;
};

}  // namespace thaw
