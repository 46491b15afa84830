#pragma once

#include <map>
#include <string>
#include <vector>

#include "application/dispatch/dispatcher.h"

namespace thaw {

/// A consumer that only looks: each member's events come in their order, again perhaps, but none
/// left out. What it has seen outlives the process, as a sink's memory does.
class Sightings {
 public:
  /// What is wrong with the order in which it came; empty: nothing.
  std::string see(const LogRecord& record);
  /// By member, the log's sequences in the order in which they were first seen.
  const std::map<std::string, std::vector<std::uint64_t>>& by_member() const { return seen_; }
  std::int64_t repeats() const { return repeats_; }
  /// The log ends at `sequence` again, after a restore: what came later never happened.
  void forget_after(std::uint64_t sequence);

 private:
  std::map<std::string, std::vector<std::uint64_t>> seen_;
  std::int64_t repeats_ = 0;
};

class Witness final : public Consumer {
 public:
  /// `read_along` is told of each record; null: nobody is.
  Witness(Sightings& sightings, std::function<void(std::string)> complain,
          std::function<void(const LogRecord&)> read_along)
      : sightings_(sightings), complain_(std::move(complain)), read_along_(std::move(read_along)) {}

  const std::string& name() const override;
  Status handle(const LogRecord& record) override;

 private:
  Sightings& sightings_;
  std::function<void(std::string)> complain_;
  std::function<void(const LogRecord&)> read_along_;
};

}  // namespace thaw
