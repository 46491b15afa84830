#pragma once

#include <array>
#include <cstdint>
#include <numeric>
#include <string_view>

namespace thaw {

/// What came of a member's window in the end, as far as points go: one of these for each window.
enum class WindowEnd : std::uint8_t {
  paid_once,      // qualified, and the partner's books have one issue
  on_hold,        // due, or to be taken back, and it waits for the end of a hold
  in_case,        // its reward is with people, whatever the verdict is by now
  after_restore,  // due in time that a restore took away: its reward is not compared
  taken_back,     // paid, and reversed; issued again by two people only
  called_off,     // qualified once, and not any more before anything was paid
  not_qualified,  // or in review: nothing was ever due
  cancelled,      // its enrolment
};

struct WindowEndWords {
  WindowEnd end;
  std::string_view name;   // in JSON
  std::string_view words;  // behind a number
};
inline constexpr std::array<WindowEndWords, 8> kWindowEnds{{
    {WindowEnd::paid_once, "paid_once", "qualified and paid once"},
    {WindowEnd::on_hold, "on_hold", "waiting for the end of a hold"},
    {WindowEnd::in_case, "in_case", "with their reward in a case"},
    {WindowEnd::after_restore, "after_restore", "not compared after a restore"},
    {WindowEnd::taken_back, "taken_back", "paid and taken back"},
    {WindowEnd::called_off, "called_off", "called off before they were paid"},
    {WindowEnd::not_qualified, "not_qualified", "not qualified or in review"},
    {WindowEnd::cancelled, "cancelled", "cancelled"},
}};

/// How many windows came to each end.
class WindowEnds {
 public:
  void add(WindowEnd end) { ++counts_[static_cast<std::size_t>(end)]; }
  void add(const WindowEnds& more) {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += more.counts_[i];
  }
  std::int64_t of(WindowEnd end) const { return counts_[static_cast<std::size_t>(end)]; }
  std::int64_t sum() const {
    return std::accumulate(counts_.begin(), counts_.end(), std::int64_t{});
  }

 private:
  std::array<std::int64_t, kWindowEnds.size()> counts_{};
};

}  // namespace thaw
