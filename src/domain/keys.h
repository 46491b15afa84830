#pragma once

#include <string>
#include <string_view>

#include "domain/ids.h"
#include "domain/line.h"
#include "domain/rows.h"

namespace thaw::keys {

// One function a kind of row. A key is a short tag, a slash, and parts joined by the unit separator
// (0x1f), which no part may contain. Numbers are fixed width, so that byte order is number order.

std::string campaigns();  // prefix
std::string campaign(const CampaignId& id);
std::string campaign_version(const CampaignId& id, std::int64_t version);
std::string campaign_versions();  // prefix, of all campaigns
std::string campaign_budget(const CampaignId& id);
std::string segment_member(const CampaignId& campaign, const MemberId& member);
std::string provider(const ProviderId& id);
std::string provider_calendar(const ProviderId& id);
std::string provider_list();

std::string member(const MemberId& id);
std::string lines_of(const MemberId& member);  // prefix of all lines of a member
std::string line(const MemberId& member, const Line& line);
std::string identity(const Line& line);
std::string identity(const ProviderId& provider, LineKind kind, const std::string& txn_id);

std::string reference(const ReferenceKey& key);
std::string kept_under(const ReferenceKey& key);  // prefix of the lines kept under a reference
std::string kept_line(const ReferenceKey& key, const Line& line);

std::string claimed_kept_all();  // prefix of references claimed while lines are kept under them
std::string claimed_kept(const ReferenceKey& key);

// Lines that name a record which is not there yet (naming.h).
std::string naming_all(const ProviderId& provider, const std::string& txn_id);  // prefix
std::string naming(const ProviderId& provider, const std::string& txn_id,
                   const std::string& line_key);
std::string found_originals();  // prefix
std::string found_original(const ProviderId& provider, const std::string& txn_id);

std::string kept_by_age();  // prefix: kept lines, oldest first
std::string kept_since(Instant recorded_at, const std::string& line_key);
std::optional<Instant> parse_kept_since(std::string_view key);

std::string timers();  // prefix; rows sort by (due, window)
std::string timer(Instant due, const WindowId& window);
std::string enrolments_in(const CampaignId& campaign, EnrolmentState state);  // prefix
std::string enrolment_in(const CampaignId& campaign, EnrolmentState state, const WindowId& window);

std::string decision(const WindowId& window, std::int64_t revision);
std::string decision_lines(const WindowId& window, std::int64_t revision, std::int64_t chunk);

std::string review_cases();  // prefix
std::string review_case(const std::string& id);
std::string all_blocked();  // prefix
std::string blocked_by(const std::string& case_id, const WindowId& window);
std::string cases_in(CaseState state);  // prefix
std::string case_in(CaseState state, const std::string& id);

// The conditional record of SPEC §2.7: `issue` is 1, and more only after a clawback.
std::string reward(const MemberId& member, const WindowId& window, std::int64_t issue = 1);
std::string rewards();            // prefix
std::string rewards_not_final();  // prefix: the reward queue, first in first out for each member
std::string reward_not_final(const MemberId& member, Instant requested_at, const WindowId& window,
                             std::int64_t issue = 1);

std::string fence();
std::string clock();
std::string pinned(const std::string& name);

std::string files();  // prefix
std::string file(const FileId& id);
std::string file_lines_of(const FileId& id);  // prefix
std::string file_line(const FileId& id, std::int64_t line_number);
std::string provider_file(const ProviderId& provider, const std::string& provider_file_id);
std::string files_applying();  // prefix
std::string file_applying(const FileId& id);
std::string files_of_day(const ProviderId& provider, const std::string& business_date);

std::string answer(const std::string& principal, const std::string& call, const std::string& key);
std::string consumer(const std::string& name);
std::string dead_letters();  // prefix
std::string dead_letters_of(const std::string& consumer);
std::string dead_letter(const std::string& consumer, const std::string& event);

/// True for the row of a member, which nearly every command about it reads and writes.
bool is_member(std::string_view key);
/// True for the row of an identity, which every line claims; it is never removed.
bool is_identity(std::string_view key);
std::string identities();  // prefix

/// How rows of a kind are looked for, so that a table in memory keeps in order only what is
/// scanned.
enum class Lookup {
  alone,     // by its whole key only
  by_group,  // by its whole key, or all rows that share `group_of`
  in_order,  // by any prefix
};
Lookup kind_of_lookup(std::string_view key);
/// The tag and first part of a key, with the separator behind it; empty if nothing follows that.
std::string_view group_of(std::string_view key);

/// The due time and window of a timer's key.
struct TimerKey {
  Instant due;
  WindowId window;
};
std::optional<TimerKey> parse_timer(std::string_view key);

}  // namespace thaw::keys
