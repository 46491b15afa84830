#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/campaign.h"
#include "sim/auditor/auditor.h"

namespace thaw {

// What happens outside thaw in one simulated campaign: who enrols, pays, claims, and what is sent
// about it. Lines are kept as they are sent, in the auditor's own terms; what thaw is given is made
// of them (messages.h).

struct EnrolCall {
  std::size_t enrolment = 0;        // of the history
  std::vector<std::size_t> claims;  // references named with it
};
struct ClaimCall {
  std::size_t claim = 0;
};
/// Of a claim that was open when it was made: when it ends.
struct EndClaimCall {
  std::size_t claim = 0;
};
struct CancelCall {
  std::size_t enrolment = 0;
};
/// The second version of a campaign, drafted and published.
struct PublishCall {
  std::size_t successor = 0;
};
/// Of a member's rewards, or its end.
struct HoldCall {
  std::string member;
  bool on_hold = true;
};
struct WebhookCall {
  std::string provider;
  std::vector<std::size_t> lines;  // events of one request
};
struct FileCall {
  std::string provider;
  std::string file_id;
  Instant created_at;
  std::vector<std::size_t> lines;  // records, in their order
};

/// Sent at `at` for the first time, and until it is answered.
struct Message {
  Instant at;
  std::uint64_t id = 0;  // the same whatever else is left out of the world
  std::variant<EnrolCall, ClaimCall, EndClaimCall, CancelCall, HoldCall, PublishCall, WebhookCall,
               FileCall>
      body;
};

/// How one provider's files come.
struct FileSeries {
  std::string provider;
  bool is_cumulative = false;  // a later file of a day repeats the earlier ones
  bool is_expected = false;    // one a day, and thaw waits for it
};

struct World {
  std::uint64_t seed = 0;
  Instant starts_at;
  Instant ends_at;                        // all has been sent, and every verdict is due
  std::vector<CampaignRules> campaigns;   // their first versions; the front of history.rules
  std::vector<CampaignRules> successors;  // second versions of some; the rest of history.rules
  std::vector<FileSeries> series;
  audit::History history;         // as sent; what is recorded is filled in afterwards
  std::vector<Message> messages;  // in order of (at, id)
};

/// How many members a world has, and what of it is left out to find the smallest one that fails.
struct WorldOptions {
  std::size_t members = 12;
  std::set<std::size_t> without_members;
  std::set<std::uint64_t> only_messages;  // empty: all
};

/// A version, by its index in history.rules.
const CampaignRules& rules_at(const World& world, std::size_t index);
/// Its index; nothing if the world has none of that number.
std::optional<std::size_t> find_version(const World& world, std::string_view campaign,
                                        std::int64_t version);

/// How far the clocks of a provider are ahead of UTC, as its sender reckons: in Sydney always as
/// in one half of the year, so that some dates are those of the day beside.
Duration reckon_offset(const World& world, const std::string& provider, Duration in_sydney);

World draw_world(std::uint64_t seed, const WorldOptions& options);

}  // namespace thaw
