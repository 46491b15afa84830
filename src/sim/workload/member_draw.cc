#include "sim/workload/member_draw.h"

#include <fmt/format.h>

namespace thaw {
namespace {

constexpr const char* kCardRails[] = {"debit_card", "apple_pay", "google_pay"};
constexpr std::int64_t kAmounts[] = {2'500, 5'000, 5'000, 10'000, 15'000, 20'000, 45'000};
constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::uint64_t kIdsPerMember = 1'000;
constexpr std::uint64_t kLaterSeed = 0x1d1e55ULL;

}  // namespace

MemberDraw::MemberDraw(World& world, const Shape& shape, std::uint64_t seed, std::size_t index)
    : world_(world),
      shape_(shape),
      random_(seed),
      later_(seed ^ kLaterSeed),
      index_(index),
      member_(fmt::format("M{}", index)),
      crn_(fmt::format("7700{:04}", index)),
      account_(fmt::format("062-000 {:06}", index)),
      next_id_((index + 1) * kIdsPerMember) {}

void MemberDraw::draw(std::vector<PendingRecord>& records) {
  records_ = &records;
  draw_enrolments();
  draw_claims();
  const int payments = static_cast<int>(random_.below(8));
  for (int n = 0; n < payments; ++n) draw_payment(n);
  if (happens(shape_.withdrawal)) draw_withdrawal(100);
  if (happens(shape_.withdrawal)) draw_withdrawal(101);
  if (happens(shape_.refused)) draw_refused(200);
}

void MemberDraw::send(Instant at, decltype(Message::body) body) {
  world_.messages.push_back({at, next_id_++, std::move(body)});
}

/// Some come only when the first verdicts have given shares of a budget back.
Duration MemberDraw::draw_delay() {
  bool is_limited = false;
  for (const CampaignRules& rules : world_.campaigns) {
    if (rules.window > Duration::days(10)) return {};  // the world would end before its verdict
    is_limited = is_limited || rules.budget_points;
  }
  if (!is_limited) return {};
  Random random = Random(random_).fork();
  return random.chance(1, 2) ? Duration::hours(random.between(11 * 24, 18 * 24)) : Duration();
}

void MemberDraw::draw_enrolments() {
  const Duration delay_of_all = draw_delay();
  enrolled_at_ =
      world_.starts_at + delay_of_all + Duration::milliseconds(random_.between(0, 5 * kDayMs));
  const bool is_stranger = happens(shape_.stranger);
  for (std::size_t c = 0; c < world_.campaigns.size(); ++c) {
    const CampaignRules& rules = world_.campaigns[c];
    if (c > 0 && !happens(shape_.second_campaign)) continue;
    const Instant at =
        c == 0 ? enrolled_at_
               : enrolled_at_ + Duration::milliseconds(random_.between(-kDayMs, 5 * kDayMs));
    if (c == 0) {
      ends_at_ = at + rules.window;
      decides_at_ = ends_at_ + rules.grace;
    }
    if (is_stranger) continue;
    const WindowId id = make_window_id(rules.id, MemberId(member_), at);
    world_.history.enrolments.push_back({id.text(), member_, c, at});
    // Some are told of hours later: what they paid meanwhile was kept.
    const Duration delay = Duration::minutes(random_.chance(1, 4) ? random_.between(0, 600) : 0);
    const std::size_t enrolment = world_.history.enrolments.size() - 1;
    if (c == 0) enrol_message_ = world_.messages.size();
    send(at + delay, EnrolCall{enrolment, {}});
  }
}

void MemberDraw::draw_claims() {
  for (const auto& [type, value] :
       {std::pair<const char*, std::string>{"bpay_crn", crn_},
        std::pair<const char*, std::string>{"account_bsb_number", account_}}) {
    if (random_.chance(1, 8)) continue;  // nobody ever claims it
    audit::Claim claim;
    claim.type = type;
    claim.value = value;
    claim.member = member_;
    world_.history.claims.push_back(claim);
    if (enrol_message_ && happens(shape_.enrol_reference)) {
      auto& call = std::get<EnrolCall>(world_.messages[*enrol_message_].body);
      call.claims.push_back(world_.history.claims.size() - 1);
      continue;
    }
    const Duration after = happens(shape_.late_claim) ? Duration::hours(random_.between(1, 900))
                                                      : Duration::seconds(1);
    send(enrolled_at_ + after, ClaimCall{world_.history.claims.size() - 1});
  }
}

Instant MemberDraw::draw_time() {
  if (happens(shape_.edge)) {
    const Instant edges[] = {enrolled_at_, enrolled_at_ - Duration{1}, ends_at_ - Duration{1},
                             ends_at_,     decides_at_ - Duration{1},  decides_at_};
    return edges[random_.below(std::size(edges))];
  }
  if (happens(shape_.grace)) {
    return ends_at_ + Duration::milliseconds(random_.between(0, decides_at_.ms - ends_at_.ms));
  }
  if (random_.chance(1, 20)) {
    return enrolled_at_ - Duration::milliseconds(random_.between(1, 9 * kDayMs));
  }
  return enrolled_at_ + Duration::milliseconds(random_.between(0, ends_at_.ms - enrolled_at_.ms));
}

Instant MemberDraw::draw_sent(Instant made_at) {
  if (happens(shape_.sent_late)) {
    const std::int64_t days = random_.chance(1, 4) ? 20 : 9;  // some after `late_until`
    return decides_at_ + Duration::milliseconds(random_.between(0, days * kDayMs));
  }
  const std::int64_t delay =
      random_.chance(1, 6) ? random_.between(0, 2 * kDayMs) : random_.between(0, 5'000);
  return made_at + Duration::milliseconds(delay);
}

/// So many hours after it would have been sent. In two statements: the operands of one operator are
/// drawn in an order that is the compiler's.
Instant MemberDraw::draw_sent_after(Instant made_at, std::int64_t least, std::int64_t most) {
  const Instant sent_at = draw_sent(made_at);
  return sent_at + Duration::hours(random_.between(least, most));
}

std::int64_t MemberDraw::draw_amount() {
  return kAmounts[random_.below(std::size(kAmounts))];
}

audit::Line MemberDraw::make_line(const char* provider, std::string id, const char* rail) {
  audit::Line line;
  line.provider = provider;
  line.kind = "load";
  line.txn_id = std::move(id);
  line.rail = rail;
  line.currency = happens(shape_.other_currency) ? "NZD" : "AUD";
  line.minor = draw_amount();
  line.member = member_;
  line.made_at.instant = draw_time();
  return line;
}

void MemberDraw::send_webhook(Instant at, audit::Line line) {
  const std::string provider = line.provider;
  world_.history.lines.push_back(std::move(line));
  send(at, WebhookCall{provider, {world_.history.lines.size() - 1}});
}

/// What the file says of the payment: less than is true, often.
audit::Line MemberDraw::as_record(audit::Line line, const char* provider, std::string id) {
  line.provider = provider;
  line.txn_id = std::move(id);
  line.by_file = true;
  const Instant made = *line.made_at.instant;
  if (happens(shape_.settlement_alone)) {
    line.made_at = {};
  } else if (happens(shape_.date_alone)) {
    const Duration ahead = reckon_offset(world_, line.provider, Duration::hours(11));
    line.made_at = {{}, civil_from_days((made + ahead).ms / kDayMs)};
  }
  return line;
}

void MemberDraw::put_in_file(Instant ready_at, audit::Line line) {
  line.by_file = true;
  line.currency = "AUD";  // the file's
  records_->push_back({std::move(line), ready_at});
}

/// Some records have no id of their own. Nobody can name one, and of two with one time, or without
/// a stated one, it would be open which comes first in a pairing: those have a time that no other
/// has, or keep their id. Now and then the member pays the same twice.
bool MemberDraw::draw_nameless(Instant ready_at, audit::Line record) {
  const bool is_paired = record.provider != "bankco";
  if (!later_.chance(shape_.no_id, 100) || (is_paired && !record.made_at.instant)) return false;
  record.txn_id.clear();
  record.has_own_id = false;
  if (is_paired) {
    record.made_at.instant =
        *record.made_at.instant - Duration::milliseconds(later_.between(2, 9'000'000));
  }
  if (later_.chance(1, 2)) record.text = later_.chance(1, 2) ? "rent" : "travel";
  put_in_file(ready_at, record);
  if (!later_.chance(1, 3)) return true;
  if (record.made_at.instant) record.made_at.instant = *record.made_at.instant + Duration{1};
  put_in_file(ready_at, record);
  return true;
}

void MemberDraw::draw_payment(int n) {
  const std::uint64_t way = random_.below(10);
  if (way < 6) {
    const bool is_second = later_.chance(shape_.second_processor, 100);
    return draw_card(n, make_line(is_second ? "cardtwo" : "cardco",
                                  fmt::format("c{}-{}", index_, n), kCardRails[random_.below(3)]));
  }
  if (way < 8) {
    return draw_account(n, make_line("bankco", fmt::format("b{}-{}", index_, n),
                                     random_.chance(1, 2) ? "bpay" : "bank_transfer"));
  }
  draw_npp(n, make_line("payco", fmt::format("p{}-{}", index_, n), "npp"));
}

void MemberDraw::draw_card(int n, const audit::Line& load) {
  const Instant made = *load.made_at.instant;
  const bool has_webhook = !happens(shape_.lost_webhook);
  if (has_webhook) {
    send_webhook(draw_sent(made), load);
    if (happens(shape_.other_amount)) draw_other_amount(load);
    if (happens(shape_.identity_conflict)) draw_conflict(load);
    if (later_.chance(shape_.second_processor, 600)) draw_twin(load);
  }
  if (random_.chance(1, 10)) return;  // never settled
  const bool is_own = happens(shape_.own_file);
  audit::Line record = as_record(load, is_own ? load.provider.c_str() : "netset",
                                 is_own ? load.txn_id : fmt::format("s{}-{}", index_, n));
  if (random_.chance(1, 25)) *record.minor -= 10;
  const Instant ready_at = draw_sent_after(made, 6, 60);
  if (!is_own && draw_nameless(ready_at, record)) return;
  put_in_file(ready_at, record);
  if (later_.chance(shape_.other_amount, 100)) {
    audit::Line other = record;
    *other.minor += later_.chance(1, 2) ? 100 : -100;
    put_in_file(ready_at + Duration::hours(later_.between(12, 90)), other);
  }
  draw_consequences(has_webhook && random_.chance(1, 2) ? load : record, has_webhook);
}

void MemberDraw::draw_account(int n, audit::Line load) {
  (void)n;
  const Instant made = *load.made_at.instant;
  if (happens(shape_.by_reference)) {
    load.member.clear();
    const bool is_bpay = load.rail == "bpay";
    load.reference_type = is_bpay ? "bpay_crn" : "account_bsb_number";
    load.reference = is_bpay ? crn_ : account_;
    if (happens(shape_.bad_reference)) load.reference = is_bpay ? "77x" : "062-000";
  }
  audit::Line record = as_record(load, "bankco", load.txn_id);
  const Instant ready_at = draw_sent_after(made, 12, 70);
  if (draw_nameless(ready_at, record)) return;
  put_in_file(ready_at, record);
  if (happens(shape_.other_amount)) {
    audit::Line other = record;
    *other.minor += random_.chance(1, 2) ? 100 : -100;
    put_in_file(draw_sent_after(made, 12, 200), other);
  }
  draw_consequences(record, false);
}

void MemberDraw::draw_npp(int n, audit::Line load) {
  const Instant made = *load.made_at.instant;
  if (!happens(shape_.lost_webhook)) send_webhook(draw_sent(made), load);
  const bool is_same_id = random_.chance(1, 2);
  const audit::Line record =
      as_record(load, "payco", is_same_id ? load.txn_id : fmt::format("q{}-{}", index_, n));
  const Instant ready_at = draw_sent_after(made, 6, 60);
  if (!is_same_id && draw_nameless(ready_at, record)) return;
  put_in_file(ready_at, record);
  draw_consequences(record, false);
}

void MemberDraw::draw_withdrawal(int n) {
  audit::Line taken = make_line("cardco", fmt::format("w{}-{}", index_, n), "");
  taken.kind = "withdrawal";
  const Instant made = *taken.made_at.instant;
  const bool has_webhook = random_.chance(3, 4);
  if (has_webhook) send_webhook(draw_sent(made), taken);
  if (has_webhook && random_.chance(1, 2)) return;
  audit::Line record = as_record(taken, "netset", fmt::format("v{}-{}", index_, n));
  record.rail = kCardRails[random_.below(3)];  // every record of a file has one
  put_in_file(draw_sent_after(made, 6, 60), record);
  if (happens(shape_.reversal)) draw_reversal(has_webhook ? taken : record, has_webhook);
}

void MemberDraw::draw_refused(int n) {
  audit::Line line = make_line("cardco", fmt::format("x{}-{}", index_, n), "debit_card");
  const Instant at = enrolled_at_ + Duration::hours(random_.between(1, 400));
  line.made_at.instant = at;
  const std::uint64_t reasons = 1 + random_.below(7);
  if (reasons & 1) line.made_at.instant = at + Duration::days(100);
  if (reasons & 2) line.rail = "bpay";
  if (reasons & 4) line.minor = -random_.between(0, 5'000);
  send_webhook(at, line);
}

void MemberDraw::draw_other_amount(audit::Line line) {
  *line.minor += random_.chance(1, 2) ? 100 : -100;
  send_webhook(draw_sent(*line.made_at.instant), line);
}

void MemberDraw::draw_conflict(audit::Line line) {
  if (random_.chance(1, 2)) {
    line.member = fmt::format("M{}", random_.below(index_ + 2));
  } else {
    line.currency = line.currency == "AUD" ? "NZD" : "AUD";
  }
  send_webhook(draw_sent(*line.made_at.instant), line);
}

/// Another payment, of anybody: the other processor has made the same id up for it.
void MemberDraw::draw_twin(audit::Line line) {
  line.provider = line.provider == "cardco" ? "cardtwo" : "cardco";
  if (later_.chance(1, 2)) line.minor = *line.minor + 500;
  if (later_.chance(1, 2)) line.member = fmt::format("M{}", later_.below(index_ + 2));
  send_webhook(*line.made_at.instant + Duration::minutes(later_.between(0, 900)), line);
}

void MemberDraw::draw_consequences(const audit::Line& named, bool by_webhook) {
  if (happens(shape_.reversal)) {
    draw_reversal(named, by_webhook);
    if (random_.chance(1, 4)) draw_reversal(named, by_webhook);
  }
  if (named.by_file && happens(shape_.correction)) {
    draw_correction(named);
    if (random_.chance(1, 4)) draw_correction(named);
  }
}

/// By webhook only where the webhook's own provider sends it.
void MemberDraw::draw_reversal(const audit::Line& named, bool by_webhook) {
  audit::Line line = named;
  line.kind = "reversal";
  line.txn_id = fmt::format("r{}-{}", named.txn_id, random_.below(3));
  line.reverses = random_.chance(1, 15) ? "nothing-" + named.txn_id : named.txn_id;
  if (!random_.chance(1, 2)) *line.minor = std::max<std::int64_t>(1, *line.minor / 5);
  const Instant made = named.made_at.instant.value_or(enrolled_at_) +
                       Duration::milliseconds(random_.between(0, 12 * kDayMs));
  line.made_at = {made, {}};
  line.settled_at = {};
  if (named.by_file || !by_webhook) {
    line.by_file = true;
    return put_in_file(draw_sent(made), line);
  }
  line.rail.clear();
  line.reverses_kind = named.kind;
  if (random_.chance(1, 4)) {
    line.minor.reset();
    line.currency = "AUD";  // none is sent: it is of the record's, and may be of the campaign's
  }
  send_webhook(draw_sent(made), line);
}

void MemberDraw::draw_correction(const audit::Line& named) {
  audit::Line line = named;
  line.kind = "correction";
  line.txn_id = fmt::format("k{}-{}", named.txn_id, random_.below(3));
  line.reverses = named.txn_id;
  line.minor = draw_amount();
  const Instant made = named.made_at.instant.value_or(enrolled_at_) +
                       Duration::milliseconds(random_.between(0, 9 * kDayMs));
  line.made_at = {made, {}};
  put_in_file(draw_sent(made), line);
}

}  // namespace thaw
