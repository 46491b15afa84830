#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "domain/clock_step.h"
#include "domain/files.h"
#include "domain/reward.h"
#include "domain/rows.h"

namespace thaw {

// Everything that can be asked of the ledger. Each is carried out by `decide` (decide.h): pure, any
// number of times, written once.

struct DraftCampaign {
  CampaignRules rules;
};
template <typename Archive>
void describe(Archive& ar, DraftCampaign& c) {
  ar(c.rules);
}

struct PublishCampaign {
  CampaignId campaign;
  std::string draft;  // encoded, once proposed: what is approved is what was proposed
};
template <typename Archive>
void describe(Archive& ar, PublishCampaign& c) {
  ar(c.campaign, c.draft);
}

struct CloseCampaign {
  CampaignId campaign;
};
template <typename Archive>
void describe(Archive& ar, CloseCampaign& c) {
  ar(c.campaign);
}

/// At start, for each provider whose settings differ from the journaled ones.
struct ConfigureProvider {
  ProviderSettings settings;
};
template <typename Archive>
void describe(Archive& ar, ConfigureProvider& c) {
  ar(c.settings);
}

struct Enrol {
  CampaignId campaign;
  MemberId member;
  std::optional<Instant> enrolled_at;  // nothing: the moment of recording
  std::vector<ReferenceKey> references;
  std::string request_hash;  // of the content as sent
};
template <typename Archive>
void describe(Archive& ar, Enrol& c) {
  ar(c.campaign, c.member, c.enrolled_at, c.references, c.request_hash);
}

struct CancelEnrolment {
  WindowId window;
};
template <typename Archive>
void describe(Archive& ar, CancelEnrolment& c) {
  ar(c.window);
}

/// Claims references for a member from a date, or ends them at a date.
struct ReferenceChange {
  ReferenceKey reference;
  std::optional<Instant> from;   // of a claim; nothing: always
  std::optional<Instant> until;  // of an end, or a claim known to end
};
template <typename Archive>
void describe(Archive& ar, ReferenceChange& c) {
  ar(c.reference, c.from, c.until);
}

struct ChangeReferences {
  MemberId member;
  std::vector<ReferenceChange> claims;
  std::vector<ReferenceChange> ends;
};
template <typename Archive>
void describe(Archive& ar, ChangeReferences& c) {
  ar(c.member, c.claims, c.ends);
}

/// One event of a webhook, or one record of a file. Either the member is known, or the reference
/// that names one. `recorded_at` of the line is set by the writer for a webhook; a file's line
/// carries it.
struct RecordLine {
  MemberId member;         // empty: by reference
  ReferenceKey reference;  // empty type: by member
  Line line;
  std::optional<Placed> rejected;       // content that the edge found wrong
  bool is_fresh = false;                // of a file of which nothing was there when it began to be
                                        // applied: whether the record was applied is not looked up
  bool is_reference_malformed = false;  // nobody can have claimed it
};
template <typename Archive>
void describe(Archive& ar, RecordLine& c) {
  ar(c.member, c.reference, c.line, c.rejected, c.is_fresh, c.is_reference_malformed);
}

/// Goes on writing line rows that are behind (Member::is_settling).
struct SettleMember {
  MemberId member;
};
template <typename Archive>
void describe(Archive& ar, SettleMember& c) {
  ar(c.member);
}

/// Places lines that waited for a claim of their reference, or for the record that they name.
struct PlaceKept {};
template <typename Archive>
void describe(Archive&, PlaceKept&) {}

/// Lets kept lines go that are older than any enrolment could still want them.
struct ExpireKept {};
template <typename Archive>
void describe(Archive&, ExpireKept&) {}

/// An enrolment's timer is due, or a wait may be over.
struct FireTimer {
  WindowId window;
  Instant due;
  std::int64_t generation = 0;
  std::int64_t chunk = 0;  // of the decision lines, when there are many
};
template <typename Archive>
void describe(Archive& ar, FireTimer& c) {
  ar(c.window, c.due, c.generation, c.chunk);
}

/// A file was checked whole and stored; its records follow as RecordLine, all with its recorded_at.
struct AcceptFile {
  SettlementFile file;  // `accepted_at` is set by the writer
};
template <typename Archive>
void describe(Archive& ar, AcceptFile& c) {
  ar(c.file);
}

/// Records of the cumulative file before that this one lacks: for a person to look at.
struct ReportGone {
  FileId file;
  std::vector<std::string> ids;  // the first of them
  std::int64_t count = 0;
  FileId before;             // in which they are
  std::string not_compared;  // why it is not known; else empty
};
template <typename Archive>
void describe(Archive& ar, ReportGone& c) {
  ar(c.file, c.ids, c.count, c.before, c.not_compared);
}

/// Every record of the file has been recorded.
struct FinishFile {
  FileId file;
  std::vector<OutcomeCount> outcomes;
};
template <typename Archive>
void describe(Archive& ar, FinishFile& c) {
  ar(c.file, c.outcomes);
}

/// A person agrees to, or refuses, what a case proposes.
struct ResolveCase {
  std::string id;
  bool approve = false;
  std::string note;
};
template <typename Archive>
void describe(Archive& ar, ResolveCase& c) {
  ar(c.id, c.approve, c.note);
}

/// A window qualified: the reward is recorded, once for good.
struct RequestReward {
  WindowId window;
};
template <typename Archive>
void describe(Archive& ar, RequestReward& c) {
  ar(c.window);
}

/// After a clawback: the reward is issued again, under a key of its own. Waits in a case for two
/// persons.
struct IssueAgain {
  WindowId window;
  std::int64_t issue = 2;
};
template <typename Archive>
void describe(Archive& ar, IssueAgain& c) {
  ar(c.window, c.issue);
}

struct WithdrawReward {
  WindowId window;
};
template <typename Archive>
void describe(Archive& ar, WithdrawReward& c) {
  ar(c.window);
}

struct StartRewardAttempt {
  WindowId window;
  std::int64_t issue = 1;
  RewardCall call = RewardCall::post;
  RewardPolicy policy;
};
template <typename Archive>
void describe(Archive& ar, StartRewardAttempt& c) {
  ar(c.window, c.issue, c.call, c.policy);
}

struct RecordRewardAnswer {
  WindowId window;
  std::int64_t issue = 1;
  std::int64_t attempt = 0;
  RewardAnswer answer = RewardAnswer::none;
  std::string result;
  std::string reference;
  Duration backoff;  // drawn by the caller; not less than the partner's Retry-After
  RewardPolicy policy;
};
template <typename Archive>
void describe(Archive& ar, RecordRewardAnswer& c) {
  ar(c.window, c.issue, c.attempt, c.answer, c.result, c.reference, c.backoff, c.policy);
}

struct GiveUpReward {
  WindowId window;
  std::int64_t issue = 1;
  RewardPolicy policy;
};
template <typename Archive>
void describe(Archive& ar, GiveUpReward& c) {
  ar(c.window, c.issue, c.policy);
}

/// After a restore or the like: rewards are asked for, not sent, until a person lifts the fence.
struct SetFence {
  bool is_up = false;
  std::string reason;
  std::optional<Instant> of;  // to lift: only the fence that was raised then
};
template <typename Archive>
void describe(Archive& ar, SetFence& c) {
  ar(c.is_up, c.reason, c.of);
}

/// A reading of the clock, taken at the start, now and then, and when it looks wrong.
struct NoteClock {
  ClockReading reading;
};
template <typename Archive>
void describe(Archive& ar, NoteClock& c) {
  ar(c.reading);
}

/// Lets timers go on after the wall clock was set forward (`thaw unfence --clock`).
struct ReleaseClock {
  ClockReading reading;
};
template <typename Archive>
void describe(Archive& ar, ReleaseClock& c) {
  ar(c.reading);
}

/// Quarantines an item of a worker.
struct SetAside {
  std::string consumer;
  std::string item;  // `make_timer_item`; the log sequence of a consumer's record
  MemberId member;
  WindowId window;
  std::string reason;
};
template <typename Archive>
void describe(Archive& ar, SetAside& c) {
  ar(c.consumer, c.item, c.member, c.window, c.reason);
}

/// Gives a dead letter back to its consumer.
struct RedriveDeadLetter {
  std::string consumer;
  std::string item;
};
template <typename Archive>
void describe(Archive& ar, RedriveDeadLetter& c) {
  ar(c.consumer, c.item);
}

/// All dead letters of a consumer up to now: a chain, one a step. Needs two persons.
struct RedriveAll {
  std::string consumer;
  std::optional<Instant> up_to;  // set by the first step
};
template <typename Archive>
void describe(Archive& ar, RedriveAll& c) {
  ar(c.consumer, c.up_to);
}

/// Stops calls for a member's rewards, not their record, until it is lifted (SPEC §2.7).
struct HoldMember {
  MemberId member;
  bool on_hold = true;
  std::string reason;
};
template <typename Archive>
void describe(Archive& ar, HoldMember& c) {
  ar(c.member, c.on_hold, c.reason);
}

/// A value that must be the same at every start: kept at the first, compared at each other one.
struct PinSetting {
  std::string name;
  std::string value;
};
template <typename Archive>
void describe(Archive& ar, PinSetting& c) {
  ar(c.name, c.value);
}

/// A consumer has handled all events up to a log sequence.
struct MoveCursor {
  std::string consumer;
  std::int64_t sequence = 0;
};
template <typename Archive>
void describe(Archive& ar, MoveCursor& c) {
  ar(c.consumer, c.sequence);
}

using CommandBody =
    std::variant<DraftCampaign, PublishCampaign, CloseCampaign, ConfigureProvider, Enrol,
                 CancelEnrolment, ChangeReferences, RecordLine, SettleMember, PlaceKept, FireTimer,
                 ResolveCase, AcceptFile, FinishFile, RequestReward, WithdrawReward,
                 StartRewardAttempt, RecordRewardAnswer, GiveUpReward, MoveCursor, ExpireKept,
                 SetFence, NoteClock, ReleaseClock, SetAside, RedriveDeadLetter, RedriveAll,
                 PinSetting, HoldMember, IssueAgain, ReportGone>;

/// A key that a caller made up so that a repeat is recognised (SPEC §3.1).
struct IdempotencyKey {
  std::string call;  // method and path
  std::string key;
  std::string request_hash;
};
template <typename Archive>
void describe(Archive& ar, IdempotencyKey& k) {
  ar(k.call, k.key, k.request_hash);
}

struct Command {
  CommandBody body;
  std::string principal;             // who asks; empty: thaw itself
  bool needs_second_person = false;  // the two-person rule is on (auth.mode = "keys")
  std::optional<IdempotencyKey> idempotency;
};
template <typename Archive>
void describe(Archive& ar, Command& c) {
  ar(c.body, c.principal, c.needs_second_person, c.idempotency);
}

/// What a chain goes on with: asked for by nobody.
inline std::shared_ptr<const Command> follow_with(CommandBody body) {
  return std::make_shared<const Command>(Command{std::move(body), {}, false, {}});
}

}  // namespace thaw
