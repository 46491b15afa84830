#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace thaw {

/// A text id of one kind; ids of different kinds do not mix. Validity (SPEC, "Ids") is checked
/// where the text enters, by the kind's own `parse_…` function.
template <typename Kind>
class StrongId {
 public:
  StrongId() = default;
  explicit StrongId(std::string text) : text_(std::move(text)) {}

  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  friend auto operator<=>(const StrongId&, const StrongId&) = default;

 private:
  std::string text_;
};

}  // namespace thaw
