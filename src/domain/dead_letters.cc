#include "domain/dead_letters.h"

#include <charconv>

#include "domain/keys.h"

namespace thaw {

std::string make_timer_item(Instant due, const WindowId& window) {
  return window.text() + "@" + std::to_string(due.ms);
}

std::optional<TimerItem> parse_timer_item(std::string_view item) {
  const std::size_t at = item.rfind('@');
  if (at == item.npos) return std::nullopt;
  TimerItem timer;
  timer.window = WindowId(std::string(item.substr(0, at)));
  const std::string_view due = item.substr(at + 1);
  const auto [end, error] = std::from_chars(due.data(), due.data() + due.size(), timer.due.ms);
  if (error != std::errc{} || end != due.data() + due.size()) return std::nullopt;
  return timer;
}

void put_dead_letter(Work& work, const DeadLetter& letter) {
  work.put(keys::dead_letter(letter.consumer, letter.item), letter);
}

}  // namespace thaw
