#include "adapters/loyalty/points_answer.h"
#include "adapters/loyalty/points_json.h"
#include "base/text.h"
#include "fuzz/fuzz_target.h"

namespace thaw {
namespace {

constexpr std::string_view kKey = "cold-activation-cold-2025.M1.1761955200000";
constexpr Instant kNow{1'762'135'869'000};

bool is_reference(const std::string& reference) {
  return !reference.empty() && reference.size() <= 256;
}

/// What each outcome rests on (SPEC §2.7): the wrong one pays twice, or not at all.
void check_outcome(PointsCall call, int status, const PointsOutcome& outcome) {
  if (const auto* issued = std::get_if<PointsIssued>(&outcome)) {
    CHECK(call == PointsCall::issue && (status == 200 || status == 201));
    CHECK(is_reference(issued->reference));
  } else if (const auto* found = std::get_if<PointsFound>(&outcome)) {
    CHECK(call != PointsCall::issue && (status == 200 || status == 201));
    CHECK(is_reference(found->reference));
    CHECK(call == PointsCall::find || found->state == PointsState::reversed);
  } else if (std::holds_alternative<PointsNotFound>(outcome)) {
    CHECK(call == PointsCall::find && status == 404);
  } else if (const auto* later = std::get_if<PointsRetryLater>(&outcome)) {
    CHECK(status == 425 || status == 429);
    CHECK(later->retry_after.value_or(Duration{0}) >= Duration{0});
    CHECK(later->retry_after.value_or(Duration{0}) <= Duration::days(1));
  } else if (const auto* refused = std::get_if<PointsRefused>(&outcome)) {
    CHECK(refused->status / 100 == 4 && refused->status == status);
  }
  // Sent is sent: only an answer can say that nothing was done.
  CHECK(!std::holds_alternative<PointsNeverSent>(outcome));
  if (status / 100 == 5) CHECK(std::holds_alternative<PointsUnknown>(outcome));
}

void check_page(std::string_view text) {
  const auto page = parse_points_page(text);
  if (!page) return;
  for (const PointsEntry& entry : page->entries) {
    CHECK(is_reference(entry.reference) && entry.issued_at >= kEarliestInstant);
  }
}

}  // namespace

/// A byte for the call, two for the status, a line for Retry-After, then the body.
void fuzz_one(std::string_view input) {
  InputReader reader(input);
  const auto call = static_cast<PointsCall>(reader.take_byte() % 3);
  HttpResponse response;
  response.status = (200 + reader.take_byte() * 256 + reader.take_byte()) % 1000;
  response.headers.add("Retry-After", std::string(reader.take_line()));
  response.body = reader.rest();
  check_page(response.body);
  const int status = response.status;
  const PointsAnswer answer = judge_points_answer(call, kKey, std::move(response), kNow);
  check_outcome(call, status, answer.outcome);
  CHECK(!answer.result.empty());
  CHECK(answer.detail.size() <= 256 && is_printable_utf8(answer.detail));  // it is shown as it is
}

}  // namespace thaw
