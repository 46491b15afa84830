#pragma once

#include <cstdint>

namespace thaw {

/// What may go wrong by chance: per 10,000 calls of the kind. All zero: a faultless disk, on which
/// a crash still loses what was not synced.
struct DiskFaults {
  std::uint32_t failed_write = 0;     // part of the bytes may have been written
  std::uint32_t failed_sync = 0;      // some of the writes before it will never be durable
  std::uint32_t failed_sync_dir = 0;  // likewise for names
  std::uint32_t failed_read = 0;
  std::uint32_t failed_other = 0;       // open, rename, remove, list, truncate, preallocate
  std::uint32_t misdirected_write = 0;  // reported as done, but 4096 or more bytes away
  std::uint32_t full = 0;               // a full disk begins, of writes that need new room
  std::uint32_t full_calls = 20;        // and lasts for so many calls
  bool stale_room = false;              // preallocated room shows bytes of removed files, not zeros
};

/// What happened so far, for auditors: a campaign that never tore a write proved nothing about it.
struct DiskCounters {
  std::uint64_t calls = 0;
  std::uint64_t writes = 0;
  std::uint64_t bytes_written = 0;
  std::uint64_t reads = 0;
  std::uint64_t syncs = 0;
  std::uint64_t folder_syncs = 0;
  std::uint64_t failed_writes = 0;
  std::uint64_t failed_syncs = 0;
  std::uint64_t failed_reads = 0;
  std::uint64_t failed_others = 0;
  std::uint64_t no_space = 0;
  std::uint64_t misdirected_writes = 0;
  std::uint64_t bits_flipped = 0;
  std::uint64_t restarts = 0;
  std::uint64_t crashes = 0;
  std::uint64_t writes_kept = 0;  // by crashes, of writes not synced
  std::uint64_t writes_dropped = 0;
  std::uint64_t writes_torn = 0;
  std::uint64_t writes_forgotten = 0;  // by failed syncs
  std::uint64_t names_kept = 0;
  std::uint64_t names_dropped = 0;
};

}  // namespace thaw
