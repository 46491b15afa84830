#include "app/demo/mischief.h"

#include <fmt/format.h>

namespace thaw::demo {
namespace {

constexpr int kOutsiders = 20;

/// A delivery of an event that nobody may believe: were it taken, the member would qualify.
Delivery make_forgery(Instant slot, const Life& life) {
  Delivery delivery;
  delivery.id = fmt::format("msg_forged_{}", slot.ms);
  delivery.body = fmt::format(
      R"([{{"id":"evt_x","type":"load","provider_txn_id":"forged_{}","member":"{}",)"
      R"("rail":"apple_pay","amount":{{"currency":"AUD","minor":9999900}},"occurred_at":"{}"}}])",
      slot.ms, life.member, to_rfc3339(slot - Duration::minutes(1)));
  return delivery;
}

void forge_webhooks(Instant slot, const std::vector<Life>& lives, WebhookSender& sender,
                    std::vector<Attempt>& attempts) {
  const auto day = static_cast<std::size_t>((slot - month_begins()).ms / Duration::days(1).ms);
  const Delivery forgery = make_forgery(slot, lives[day % lives.size()]);
  HttpCallRequest request = sender.make_request(forgery, slot);
  request.body.replace(request.body.find("9999900"), 7, "9999901");
  attempts.push_back({std::move(request), 401, "bad_signature", "webhooks edited after signing"});
  attempts.push_back({sender.make_request(forgery, slot - Duration::minutes(6)), 401,
                      "bad_signature", "webhooks with a stale timestamp"});
}

Attempt make_refused_enrolment(const std::string& member, int status, const char* code,
                               const char* what, Instant enrolled_at,
                               const std::string& more = "") {
  return {make_enrolment_request(
              fmt::format(R"({{"campaign":"{}","member":"{}","enrolled_at":"{}"{}}})", kCampaign,
                          member, to_rfc3339(enrolled_at), more)),
          status, code, what};
}

void enrol_wrongly(Instant slot, const std::vector<Life>& lives, std::vector<Attempt>& attempts) {
  if (slot == at_utc(3, 9)) {
    for (int i = 0; i < kOutsiders; ++i) {
      attempts.push_back(make_refused_enrolment(fmt::format("late-{}", i), 409,
                                                "enrolment_not_open", "enrolments after the close",
                                                slot - Duration::minutes(i)));
    }
  }
  if (slot != at_utc(3, 5)) return;
  for (const Life& life : lives) {
    if (life.posted_at >= slot || life.claimed_at >= slot) continue;
    const std::size_t n = attempts.size();
    if (n > kOutsiders) return;
    const std::string claim =
        fmt::format(R"(,"references":[{{"type":"bpay_crn","value":"{}"}}])", life.crn);
    attempts.push_back(make_refused_enrolment(fmt::format("thief-{}", n), 409, "reference_taken",
                                              "claims of another's reference", slot, claim));
    attempts.push_back(make_refused_enrolment(fmt::format("early-{}", n), 422, "too_far_back",
                                              "enrolments dated two days back",
                                              slot - Duration::days(2)));
    attempts.push_back(make_refused_enrolment(life.member, 409, "enrolment_conflict",
                                              "second enrolments with other content", slot));
    attempts.push_back({make_enrolment_request(make_enrolment_body(life)), 200, "",
                        "second enrolments with the same content"});
  }
}

DemoFile cut_off(const DemoFile& file) {
  DemoFile bad = file;
  bad.name += "-truncated";
  bad.text.resize(bad.text.rfind("T,"));
  return bad;
}

/// Another amount, and a trailer that fits it, under the same file id.
DemoFile edit(const DemoFile& file) {
  DemoFile bad = file;
  bad.name += "-edited";
  const std::size_t trailer = bad.text.rfind("T,");
  bad.text.resize(trailer);
  std::int64_t sum = 0;
  std::string edited;
  bool is_first = true;
  for (std::size_t at = 0; at < bad.text.size();) {
    const std::size_t end = bad.text.find('\n', at) + 1;
    std::string line = bad.text.substr(at, end - at);
    at = end;
    if (line.starts_with("R,")) {
      std::size_t field = 0;
      for (int comma = 0; comma < 6; ++comma) field = line.find(',', field) + 1;
      const std::size_t stop = line.find(',', field);
      const std::int64_t minor =
          std::stoll(line.substr(field, stop - field)) + (is_first ? 100'000 : 0);
      line.replace(field, stop - field, std::to_string(minor));
      sum += minor;
      is_first = false;
    }
    edited += line;
  }
  bad.text = edited + fmt::format("T,{},{}\n", file.records, sum);
  return bad;
}

void send_bad_files(const SlotFeed& feed, std::vector<Attempt>& attempts,
                    std::vector<DemoFile>& files) {
  for (const DemoFile& file : feed.files) {
    if (file.records == 0) continue;
    files.push_back(cut_off(file));
    attempts.push_back({make_upload(files.back()), 422, "invalid", "files without their trailer"});
    files.push_back(edit(file));
    attempts.push_back({make_upload(files.back()), 409, "file_id_conflict",
                        "files edited and sent under the same id"});
    attempts.push_back({make_upload(file), 200, "", "files sent twice"});
  }
}

}  // namespace

HttpCallRequest make_enrolment_request(std::string body) {
  return {"POST", "/v1/enrolments", {{"Content-Type", "application/json"}}, std::move(body)};
}

HttpCallRequest make_upload(const DemoFile& file) {
  return {"POST",
          "/v1/files?provider=" + file.provider + "&format=thaw-csv",
          {{"Content-Type", "text/csv"}},
          file.text};
}

std::vector<Attempt> make_mischief(Instant slot, const std::vector<Life>& lives,
                                   const SlotFeed& feed, WebhookSender& sender,
                                   std::vector<DemoFile>& files) {
  std::vector<Attempt> attempts;
  if (slot.ms % Duration::days(1).ms == Duration::hours(18).ms && !lives.empty()) {
    forge_webhooks(slot, lives, sender, attempts);
  }
  enrol_wrongly(slot, lives, attempts);
  if (slot == at_utc(3, 11, 12)) send_bad_files(feed, attempts, files);
  return attempts;
}

}  // namespace thaw::demo
