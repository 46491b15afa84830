// What a run says of itself to whoever reads it. Nothing here may draw, or ask the store for what
// its disk could refuse: a run must be the same whether it is read or not.

#include <fmt/format.h>

#include "domain/keys.h"
#include "sim/campaign/campaign_run.h"
#include "sim/campaign/read_row.h"
#include "sim/campaign/telling.h"

namespace thaw {
namespace {

/// Not reached, refused for now, or nobody knows what came of it.
bool is_trouble(const PointsOutcome& outcome) {
  return std::holds_alternative<PointsNeverSent>(outcome) ||
         std::holds_alternative<PointsRetryLater>(outcome) ||
         std::holds_alternative<PointsPaused>(outcome) ||
         std::holds_alternative<PointsUnknown>(outcome);
}

}  // namespace

void CampaignRun::trace(const std::string& what) {
  if (options_.trace) options_.trace(to_rfc3339(clock_.now) + "  " + what);
}

void CampaignRun::trace_delivery(const Mail::Delivery& delivery, bool is_answered) {
  const Message& message = world_.messages[delivery.message];
  const auto code = is_answered ? answers_[delivery.message] : std::nullopt;
  trace(fmt::format("{}{} [{}] -> {}{}{}", delivery.is_repeat ? "again: " : "",
                    tell(world_, message), message.id, is_answered ? "answered" : "not answered",
                    code ? fmt::format(" {}", to_string(*code)) : "",
                    is_answered && delivery.is_answer_lost ? ", but nobody heard" : ""));
}

void CampaignRun::hear_partner(const char* call, std::string_view key, const PointsAnswer& answer,
                               bool is_lost) {
  report_.partner_faults += is_trouble(answer.outcome) ? 1 : 0;
  if (!is_traced()) return;
  trace(fmt::format("partner: {} {} -> {}{}", call, key, answer.result,
                    is_lost ? ", though it was done" : ""));
}

/// The dispatcher gives records again after a crash.
void CampaignRun::trace_record(const LogRecord& record) {
  if (record.sequence <= traced_) return;
  traced_ = record.sequence;
  const std::string at = record.recorded_at == clock_.now
                             ? ""
                             : fmt::format(" (recorded {})", to_rfc3339(record.recorded_at));
  for (const std::string& line : tell(record)) {
    trace(fmt::format("#{} {}{}", record.sequence, line, at));
  }
}

/// It has no event: no consumer is given its record.
void CampaignRun::trace_fence() {
  if (!is_traced() || has_ended_) return;  // then there may be no process to ask
  const auto fence = read_row<Fence>(*store_, keys::fence());
  if (!fence || fence->is_up == is_fence_told_) return;
  is_fence_told_ = fence->is_up;
  trace(fmt::format("the fence is {}: {}", fence->is_up ? "up" : "down", fence->reason));
}

std::function<void(const LogRecord&)> CampaignRun::find_reader() {
  if (!is_traced()) return nullptr;
  return [this](const LogRecord& record) { trace_record(record); };
}

}  // namespace thaw
