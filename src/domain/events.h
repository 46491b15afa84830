#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/rows.h"

namespace thaw {

/// The events of SPEC §3.4. The numbers are durable: add at the end.
enum class EventType : std::uint8_t {
  enrolment_created,
  enrolment_cancelled,
  reference_claimed,
  load_recorded,
  load_settled,
  load_confirmed,
  load_held,
  load_released,
  load_reversed,
  withdrawal_recorded,
  withdrawal_reversed,
  window_ended,
  settlement_awaited,
  eligibility_decided,
  eligibility_revised,
  reward_requested,
  reward_attempt_started,
  reward_issued,
  reward_failed,
  reward_outcome_unknown,
  reward_reversed,
  file_accepted,
  file_applied,
  file_reverted,
  case_opened,
  case_resolved,
  campaign_published,
  line_rejected,  // kept for inspection; leaves no trace in matching
  line_repeated,  // the exact repeat of a webhook line
  line_expired,   // kept too long
  line_moved,     // from this member to the one who holds the record that it names
};

/// "EnrolmentCreated", as consumers see it.
std::string_view to_string(EventType type);

struct EnrolmentFacts {
  CampaignId campaign;
  std::int64_t campaign_version = 0;
  Instant enrolled_at;
  Instant ends_at;
  Instant decides_at;
  std::vector<AwaitedFile> awaited;
};
template <typename Archive>
void describe(Archive& ar, EnrolmentFacts& f) {
  ar(f.campaign, f.campaign_version, f.enrolled_at, f.ends_at, f.decides_at, f.awaited);
}

struct LineEventFacts {
  std::string line_key;      // of its row, which stands in the same log record
  std::optional<Line> line;  // of a line without a row: rejected, expired, moved
  Placed outcome = Placed::kept;
  Placed before = Placed::kept;  // where it stood, for a line that has moved
};
template <typename Archive>
void describe(Archive& ar, LineEventFacts& f) {
  ar(f.line_key, f.line, f.outcome, f.before);
}

struct DecisionFacts {
  CampaignId campaign;
  std::int64_t revision = 0;
  Verdict verdict;
  Minor qualifying;
  Minor threshold;
  std::int64_t points = 0;
  std::string cause;
};
template <typename Archive>
void describe(Archive& ar, DecisionFacts& f) {
  ar(f.campaign, f.revision, f.verdict, f.qualifying, f.threshold, f.points, f.cause);
}

struct RewardFacts {
  std::int64_t points = 0;
  std::string idempotency_key;
  std::int64_t attempt = 0;
  std::string result;
  std::string reference;
};
template <typename Archive>
void describe(Archive& ar, RewardFacts& f) {
  ar(f.points, f.idempotency_key, f.attempt, f.result, f.reference);
}

struct FileEventFacts {
  FileId file;
  ProviderId provider;
  std::int64_t records = 0;
};
template <typename Archive>
void describe(Archive& ar, FileEventFacts& f) {
  ar(f.file, f.provider, f.records);
}

struct CaseFacts {
  std::string id;
  std::string kind;
  std::string resolution;  // of a resolved one
};
template <typename Archive>
void describe(Archive& ar, CaseFacts& f) {
  ar(f.id, f.kind, f.resolution);
}

struct ReferenceFacts {
  ReferenceKey reference;
  ReferenceClaim claim;
};
template <typename Archive>
void describe(Archive& ar, ReferenceFacts& f) {
  ar(f.reference, f.claim);
}

struct CampaignFacts {
  CampaignId campaign;
  std::int64_t version = 0;
};
template <typename Archive>
void describe(Archive& ar, CampaignFacts& f) {
  ar(f.campaign, f.version);
}

using EventFacts = std::variant<EnrolmentFacts, LineEventFacts, DecisionFacts, RewardFacts,
                                FileEventFacts, CaseFacts, ReferenceFacts, CampaignFacts>;

/// Something that has happened. Its id and time are those of the journal record that holds it.
struct Event {
  EventType type = EventType::enrolment_created;
  MemberId member;  // empty where it is about none
  WindowId window;  // empty where it is about none
  EventFacts facts;
};
template <typename Archive>
void describe(Archive& ar, Event& e) {
  ar(e.type, e.member, e.window, e.facts);
}

}  // namespace thaw
