#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/demo/life.h"

namespace thaw::demo {

inline constexpr const char* kCampaign = "cold-2026";

/// A settlement file as its party sends it.
struct DemoFile {
  std::string provider;
  std::string name;  // also its own file id
  std::string text;
  std::int64_t records = 0;
};

/// What comes in at one slot.
struct SlotFeed {
  std::vector<std::string> events;  // webhook events as JSON, in no order
  std::vector<const Life*> enrolments;
  std::vector<const Life*> claims;
  std::vector<DemoFile> files;
};

/// All that the lives lead to, slot by slot. Keeps pointers into `lives`.
std::map<Instant, SlotFeed> make_feed(const std::vector<Life>& lives, std::uint64_t seed);

std::string make_enrolment_body(const Life& life);
/// `[{"type":"bpay_crn","value":"…"},…]`
std::string make_references_json(const Life& life);

/// The header, `records` in their order, and the trailer that fits them. `created_at` is written
/// with Sydney's offset.
struct CsvRecord {
  std::string line;
  std::int64_t minor = 0;
};
std::string make_thaw_csv(const std::string& provider, const std::string& file_id,
                          Instant created_at, const std::vector<CsvRecord>& records);

}  // namespace thaw::demo
