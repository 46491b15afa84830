#include "sim/store/damage_trial.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/blobs/folder_blobs.h"
#include "application/journal/segment_files.h"
#include "application/journal/segment_walk.h"

namespace thaw {
namespace {

constexpr const char* kBlobFolder = "blobs";
constexpr std::size_t kBlobNameBytes = 64;  // others are on their way in

}  // namespace

DamageTrial::DamageTrial(JournalOptions options, SimDisk::Image right, std::uint64_t seed)
    : options_(std::move(options)),
      right_(std::move(right)),
      random_(seed),
      disk_(random_.next()) {}

/// Then its mark is there too, and the last frame is known to have been whole.
void DamageTrial::close_in_order() {
  disk_.load_image(right_);
  const auto journal = Journal::open(disk_, options_);
  if (journal && (*journal)->close()) right_ = disk_.take_image();
}

std::optional<DamageTrial::LastFrame> DamageTrial::find_last_frame() {
  const auto names = list_segments(disk_, options_.folder);
  if (!names || names->empty()) return std::nullopt;
  auto walk = SegmentWalk::open(disk_, names->back());
  if (!walk) return std::nullopt;
  std::optional<LastFrame> last;
  for (;;) {
    LastFrame at{names->back(), walk->offset(), walk->head().sequence + 1};
    const auto frame = walk->next();
    if (!frame || !*frame) break;
    last = std::move(at);
  }
  return walk->is_sealed() ? std::nullopt : last;
}

std::string DamageTrial::flip() {
  if (random_.chance(1, 2)) close_in_order();
  disk_.load_image(right_);
  const auto last = find_last_frame();
  const auto hit = disk_.flip_random_bit();
  if (!hit) return {};
  const bool may_be_cut = last && hit->first == last->segment && hit->second >= last->offset;
  may_be_cut_from_ = may_be_cut ? last->first_sequence : UINT64_MAX;
  const std::string found = judge(disk_.take_image());
  return found.empty() ? found : fmt::format("{}, byte {}: {}", hit->first, hit->second, found);
}

Status DamageTrial::verify() {
  const auto journal = verify_journal(disk_, options_.folder);
  if (!journal) return fail_with(journal);
  for (const std::string& name : disk_.list(kBlobFolder).value_or(std::vector<std::string>())) {
    if (name.size() != kBlobNameBytes) continue;
    if (const Status right = verify_blob(disk_, kBlobFolder, name); !right) return right;
  }
  return {};
}

Result<DamageTrial::Records> DamageTrial::start() {
  const auto journal = Journal::open(disk_, options_);
  if (!journal) return fail_with(journal);
  return (*journal)->read_after(0, SIZE_MAX);
}

std::string DamageTrial::judge(const SimDisk::Image& damaged) {
  disk_.load_image(right_);
  const auto whole = start();
  if (!whole) return {};  // not of our making: the start that follows will say so
  disk_.load_image(damaged);
  const Status verified = verify();
  const auto found = verified ? start() : fail_with(verified);
  is_named_ = !found && found.error().code == ErrorCode::corrupt;
  if (is_named_) return {};
  if (!found) return "damaged: " + found.error().detail;
  const bool is_prefix =
      found->size() <= whole->size() && std::equal(found->begin(), found->end(), whole->begin());
  const bool is_enough = found->size() + 1 >= std::min(may_be_cut_from_, whole->size() + 1);
  return is_prefix && is_enough ? "" : "damaged bytes were not named";
}

}  // namespace thaw
