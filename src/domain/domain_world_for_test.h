#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "adapters/memory/memory_ledger.h"
#include "domain/keys.h"
#include "domain/reward.h"
#include "domain/state.h"

namespace thaw {

/// A memory ledger with one campaign (A$100, 2,000 points) and one provider of each path, for
/// commands that no table has a word for.
class DomainWorld : public testing::Test {
 protected:
  DomainWorld() {
    run(DraftCampaign{rules_});
    run(PublishCampaign{rules_.id, {}});
    run(ConfigureProvider{{ProviderId("cardco"), {Rail::debit_card}, {}}});
    run(ConfigureProvider{{ProviderId("bankco"), {Rail::bpay}, {}}});
  }

  static CampaignRules make_rules() {
    CampaignRules rules;
    rules.id = CampaignId("cold");
    rules.name = "cold";
    rules.currency = *Currency::parse("AUD");
    rules.threshold = Minor::of(10'000);
    rules.points = 2000;
    rules.rails = {Rail::debit_card, Rail::bpay};
    return rules;
  }

  Reply run(CommandBody body, const std::string& who = "ann", bool needs_two = false) {
    const auto reply = ledger_.run(Command{std::move(body), who, needs_two, {}});
    EXPECT_TRUE(reply);
    return reply.value_or(Reply{});
  }
  ReplyCode code(CommandBody body) { return run(std::move(body)).code; }
  /// The first step of a chain, and then a crash.
  Reply run_one_step(CommandBody body) {
    return *ledger_.commit(ledger_.start(Command{std::move(body), "ann", false, {}}));
  }
  /// Rows as a test wants them, whatever commands would write.
  template <typename Change>
  Reply write(Change change) {
    WriteSet set;
    ledger_.read([&](StateView& view) {
      Work work(view, now_);
      set = change(work);
    });
    return *ledger_.commit({std::move(set), now_});
  }

  template <typename Row>
  std::optional<Row> find(const std::string& key) {
    const auto found = ledger_.rows().find(key);
    return found == ledger_.rows().end() ? std::nullopt : decode<Row>(found->second.bytes);
  }
  Enrolment enrolment_of(const std::string& member) {
    return find<Member>(keys::member(MemberId(member)))->enrolments.front();
  }
  Enrolment enrol(const std::string& member) {
    return *run(Enrol{rules_.id, MemberId(member), {}, {}, ""}).enrolment;
  }
  Line make_line(LineKind kind, const std::string& id, std::int64_t minor) const {
    Line line;
    line.provider = ProviderId("cardco");
    line.kind = kind;
    line.txn_id = id;
    if (kind == LineKind::load) line.rail = Rail::debit_card;
    line.currency = *Currency::parse("AUD");
    line.amount = Minor::of(minor);
    line.time = LineTime::at(now_);
    return line;
  }
  Reply pay(const std::string& member, const std::string& id, std::int64_t minor) {
    return run(RecordLine{MemberId(member), {}, make_line(LineKind::load, id, minor), {}});
  }
  Reply reverse(const std::string& member, const std::string& id, const std::string& original) {
    Line line = make_line(LineKind::reversal, id, 1);
    line.amount.reset();
    line.original = OriginalRef{LineKind::load, original};
    return run(RecordLine{MemberId(member), {}, line, {}});
  }
  /// Timers of the member, as they fall due.
  void fire(const std::string& member) {
    const Enrolment enrolment = enrolment_of(member);
    run(FireTimer{enrolment.id, now_, enrolment.generation, 0});
  }
  Enrolment decide(const std::string& member) {
    now_ = enrolment_of(member).ends_at;
    fire(member);
    now_ = enrolment_of(member).decides_at;
    fire(member);
    return enrolment_of(member);
  }
  std::vector<CaseFacts> cases_in(CaseState state) {
    std::vector<CaseFacts> found;
    const std::string prefix = keys::cases_in(state);
    for (auto row = ledger_.rows().lower_bound(prefix);
         row != ledger_.rows().end() && row->first.starts_with(prefix); ++row) {
      found.push_back(*decode<CaseFacts>(row->second.bytes));
    }
    return found;
  }

  const CampaignRules rules_ = make_rules();
  Instant now_ = *parse_rfc3339("2025-11-01T00:00:00Z");
  MemoryLedger ledger_{[this] { return now_; }};
};

}  // namespace thaw
