#include "adapters/disk/in_flight_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>

#include "adapters/disk/file_descriptor.h"
#include "adapters/disk/posix_error.h"

namespace thaw {
namespace {

constexpr std::size_t kPageBytes = 4096;
constexpr std::size_t kItemMax = 239;
constexpr std::uint32_t kDeathsMax = 3;
constexpr std::array<char, 8> kMagic{'t', 'h', 'a', 'w', 'f', 'l', 'y', '1'};
constexpr std::array kWorkers{Worker::timers, Worker::consumers};

struct Item {
  std::uint32_t length = 0;  // 0: none
  std::array<char, kItemMax + 1> text{};

  std::string_view view() const { return {text.data(), std::min<std::size_t>(length, kItemMax)}; }
  void set(std::string_view item) {
    item = item.substr(0, kItemMax);
    std::copy(item.begin(), item.end(), text.begin());
    // The process may die between any two stores: the length makes the text count, so it is last.
    std::atomic_signal_fence(std::memory_order_release);
    length = static_cast<std::uint32_t>(item.size());
  }
};

}  // namespace

struct InFlightFile::Page {
  struct Slot {
    Item now;      // being worked on
    Item suspect;  // the process died on it
    std::uint32_t deaths = 0;
  };
  std::array<char, 8> magic{};
  std::array<Slot, kWorkers.size()> slots{};

  Slot& of(Worker worker) { return slots[static_cast<std::size_t>(worker)]; }
};

Result<std::unique_ptr<InFlightFile>> InFlightFile::open(const std::string& path) {
  static_assert(sizeof(Page) <= kPageBytes);
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640));
  if (!file.is_open()) return fail_errno(errno, "open", path);
  // Blocks are reserved: a write into the mapping must not find the disk full.
  if (const int error = ::posix_fallocate(file.number(), 0, kPageBytes); error != 0) {
    return fail_errno(error, "fallocate", path);
  }
  void* mapped = ::mmap(nullptr, kPageBytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.number(), 0);
  if (mapped == MAP_FAILED) return fail_errno(errno, "mmap", path);
  Page* page = static_cast<Page*>(mapped);
  const bool makes_sense =
      page->magic == kMagic &&
      std::all_of(page->slots.begin(), page->slots.end(), [](const Page::Slot& slot) {
        return slot.now.length <= kItemMax && slot.suspect.length <= kItemMax &&
               slot.deaths <= kDeathsMax;
      });
  if (!makes_sense) *page = Page{kMagic, {}};
  for (Page::Slot& slot : page->slots) {
    if (slot.now.length == 0) continue;
    const bool is_again = slot.now.view() == slot.suspect.view();
    slot.deaths = is_again ? std::min(slot.deaths + 1, kDeathsMax) : 1;
    slot.suspect.set(slot.now.view());
    slot.now.length = 0;
  }
  return std::unique_ptr<InFlightFile>(new InFlightFile(page));
}

InFlightFile::~InFlightFile() {
  ::munmap(page_, kPageBytes);
}

void InFlightFile::begin(Worker worker, std::string_view item) {
  page_->of(worker).now.set(item);
}

void InFlightFile::end(Worker worker) {
  Page::Slot& slot = page_->of(worker);
  if (slot.suspect.length > 0 && slot.suspect.view() == slot.now.view()) forget(worker);
  slot.now.length = 0;
}

std::vector<InFlightFile::Poison> InFlightFile::find_poison() const {
  std::vector<Poison> found;
  for (const Worker worker : kWorkers) {
    const Page::Slot& slot = page_->of(worker);
    if (slot.deaths >= kDeathsMax) found.push_back({worker, std::string(slot.suspect.view())});
  }
  return found;
}

void InFlightFile::forget(Worker worker) {
  Page::Slot& slot = page_->of(worker);
  slot.suspect.length = 0;
  slot.deaths = 0;
}

}  // namespace thaw
