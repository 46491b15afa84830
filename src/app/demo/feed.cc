#include "app/demo/feed.h"

#include <fmt/format.h>

#include "base/check.h"
#include "base/random.h"

namespace thaw::demo {
namespace {

const char* type_of(MovementKind kind) {
  switch (kind) {
    case MovementKind::load: return "load";
    case MovementKind::withdrawal: return "withdrawal";
    case MovementKind::reversal: return "reversal";
    case MovementKind::correction: break;
  }
  CHECK(false);  // corrections come in files only
}

std::string make_event(const Life& life, const Movement& m, const WebhookReport& report,
                       std::int64_t number) {
  std::string json =
      fmt::format(R"({{"id":"evt_{}","type":"{}","provider_txn_id":"{}","member":"{}")", number,
                  type_of(m.kind), m.id, life.member);
  if (m.kind == MovementKind::load) json += fmt::format(R"(,"rail":"{}")", to_string(m.rail));
  if (m.kind == MovementKind::reversal) {
    const Movement& original = life.movements[*m.of];
    json += fmt::format(R"(,"reverses":"{}")", original.id);
    if (original.kind == MovementKind::withdrawal) json += R"(,"reverses_kind":"withdrawal")";
  }
  if (!m.is_whole) {
    json += fmt::format(R"(,"amount":{{"currency":"AUD","minor":{}}})", report.minor);
  }
  return json + fmt::format(R"(,"occurred_at":"{}"}})", to_rfc3339(m.made_at));
}

std::string stated_time(const Movement& m) {
  switch (m.record->stated) {
    case StatedTime::instant: return sydney_text(m.made_at);
    case StatedTime::date: return to_string(sydney_date(m.made_at));
    case StatedTime::not_at_all: return "";
  }
  CHECK(false);
}

CsvRecord make_record(const Life& life, const Movement& m) {
  static constexpr const char* kTypes[] = {"payment", "withdrawal", "reversal", "correction"};
  const bool by_crn = m.rail == Rail::bpay;
  const char* reference_type = by_crn ? "bpay_crn" : "account_bsb_number";
  std::string reference = by_crn ? life.crn : life.account;
  if (is_card(m.rail)) {
    reference_type = "member_id";
    reference = life.member;
  }
  const std::string original = m.of ? life.movements[*m.of].record->id : "";
  return {
      fmt::format("R,{},{},{},{},{},{},{},{},{},\n", m.record->id,
                  kTypes[static_cast<std::size_t>(m.kind)], to_string(m.rail), reference_type,
                  reference, m.record->minor, stated_time(m), to_string(m.record->date), original),
      m.record->minor};
}

/// Records on their way into files; the files of a day are made when all are known.
class Filing {
 public:
  void add(const Life& life, const Movement& m) {
    const CsvRecord record = make_record(life, m);
    if (!is_card(m.rail)) {
      bank_[m.record->date].push_back(record);
      if (m.record->is_in_next_file) bank_[bank_day_after(m.record->date)].push_back(record);
      return;
    }
    night_[m.record->date].push_back(record);
    if (m.record->recorded_at == card_afternoon(m.record->date)) {
      afternoon_[m.record->date].push_back(record);
    }
  }

  /// A file a bank day, though it be empty, and two card files a day.
  void put(std::map<Instant, SlotFeed>& feed, Random& random) {
    for (const CivilDate day : all_bank_days()) {
      put(feed, bank_file_arrives(day), card_night(day), {"bankco", day, ""}, bank_[day], random);
    }
    for (CivilDate day = sydney_date(month_begins()); day <= CivilDate{2026, 4, 11};
         day = add_days(day, 1)) {
      const Instant afternoon = card_afternoon(day);
      const Instant night = card_night(day);
      put(feed, afternoon, afternoon, {"cardfile", day, "-1"}, afternoon_[day], random);
      put(feed, night, night, {"cardfile", day, "-2"}, night_[day], random);
    }
  }

 private:
  struct Name {
    const char* provider;
    CivilDate day;
    const char* suffix;
  };

  static void put(std::map<Instant, SlotFeed>& feed, Instant arrives, Instant closes,
                  const Name& name, std::vector<CsvRecord>& records, Random& random) {
    random.shuffle(records);
    DemoFile file;
    file.provider = name.provider;
    file.name = fmt::format("{}-{}{}", name.provider, to_string(name.day), name.suffix);
    file.text = make_thaw_csv(name.provider, file.name, closes - Duration::minutes(30), records);
    file.records = static_cast<std::int64_t>(records.size());
    feed[arrives].files.push_back(std::move(file));
  }

  std::map<CivilDate, std::vector<CsvRecord>> bank_;
  std::map<CivilDate, std::vector<CsvRecord>> afternoon_;
  std::map<CivilDate, std::vector<CsvRecord>> night_;
};

}  // namespace

std::string make_references_json(const Life& life) {
  return fmt::format(
      R"([{{"type":"bpay_crn","value":"{}"}},{{"type":"account_bsb_number","value":"{}"}}])",
      life.crn, life.account);
}

std::string make_enrolment_body(const Life& life) {
  std::string body = fmt::format(R"({{"campaign":"{}","member":"{}","enrolled_at":"{}")", kCampaign,
                                 life.member, to_rfc3339(life.enrolled_at));
  if (life.claimed_at == life.posted_at) body += R"(,"references":)" + make_references_json(life);
  return body + "}";
}

std::string make_thaw_csv(const std::string& provider, const std::string& file_id,
                          Instant created_at, const std::vector<CsvRecord>& records) {
  std::string text =
      fmt::format("H,thaw-csv,1,{},{},{},AUD\n", provider, file_id, sydney_text(created_at));
  std::int64_t sum = 0;
  for (const CsvRecord& record : records) {
    text += record.line;
    sum += record.minor;
  }
  return text + fmt::format("T,{},{}\n", records.size(), sum);
}

std::map<Instant, SlotFeed> make_feed(const std::vector<Life>& lives, std::uint64_t seed) {
  std::map<Instant, SlotFeed> feed;
  Filing filing;
  std::int64_t number = 0;
  for (const Life& life : lives) {
    feed[life.posted_at].enrolments.push_back(&life);
    if (life.claimed_at != life.posted_at) feed[life.claimed_at].claims.push_back(&life);
    for (const Movement& m : life.movements) {
      for (const WebhookReport& report : m.webhooks) {
        feed[report.delivered_at].events.push_back(make_event(life, m, report, ++number));
      }
      if (m.record) filing.add(life, m);
    }
  }
  Random random(seed ^ 0x5eed);
  filing.put(feed, random);
  for (auto& [at, slot] : feed) random.shuffle(slot.events);
  return feed;
}

}  // namespace thaw::demo
