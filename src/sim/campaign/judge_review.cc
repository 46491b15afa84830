// How a review ends, and whether it has to (SPEC §2.6).

#include "domain/keys.h"
#include "sim/auditor/review.h"
#include "sim/campaign/judge.h"
#include "sim/campaign/read_row.h"

namespace thaw {

/// A review ends on the lines of its verdict: completed by the files that it waited for, or as
/// resolved by what has been said of them since (SPEC §2.6).
void Judge::judge_reviews(std::size_t enrolment, const Enrolment& stored, Decision before) {
  for (std::int64_t n = 2; n <= stored.revision; ++n) {
    auto decision = read_row<Decision>(run_.store(), keys::decision(stored.id, n));
    if (!decision) return;                                     // `judge_revisions` says so
    if (before.verdict.outcome != Outcome::in_review) return;  // revisions: check_progress.h
    const bool was_incomplete = before.verdict.reason == VerdictReason::settlement_incomplete;
    run_.report().reached.insert(was_incomplete ? "review ended by a file"
                                                : "review ended by a record");
    judge_decision(enrolment, *decision, expect_review(enrolment, before, *decision));
    before = *std::move(decision);
  }
}

/// What the auditor says of the decision that ends the review, or goes on with it.
Judge::First Judge::expect_review(std::size_t enrolment, const Decision& before,
                                  const Decision& decision) const {
  if (before.verdict.reason == VerdictReason::settlement_incomplete) {
    return expect_first(enrolment, decision.revision);
  }
  const First first = expect_first(enrolment, before.revision);
  const std::vector<bool> lines =
      audit::lines_of_review(history_, enrolment, first.is_taken_in, known_to(decision));
  const audit::IsTakenIn is_taken_in = [lines](std::size_t line) { return lines[line]; };
  return {audit::expect(history_, enrolment, is_taken_in), is_taken_in};
}

/// Nothing more comes: on its lines, and what was said of them since, it is in doubt still.
void Judge::judge_open_review(std::size_t enrolment, const Enrolment& stored) {
  if (stored.reason != VerdictReason::held_items_could_flip) return;
  const First first = expect_first(enrolment, stored.revision);
  const std::vector<bool> lines = audit::lines_of_review(
      history_, enrolment, first.is_taken_in,
      [this](std::size_t line) { return whereabouts_.was_known(line, Instant::max()); });
  const audit::Expected now =
      audit::expect(history_, enrolment, [&](std::size_t line) { return lines[line]; });
  if (now.outcome == "in_review") return;
  complain(stored.id.text() + ": its review does not end, the auditor says " + now.outcome);
}

}  // namespace thaw
