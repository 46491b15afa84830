#include "sim/campaign/population.h"

#include <fmt/format.h>

#include <algorithm>

namespace thaw {
namespace {

constexpr Rail kCardRails[] = {Rail::debit_card, Rail::apple_pay, Rail::google_pay};
constexpr Rail kAccountRails[] = {Rail::bpay, Rail::bank_transfer};
constexpr std::int64_t kAmounts[] = {2'500, 5'000, 10'000, 15'000, 20'000};

Command make_command(CommandBody body) {
  return {std::move(body), "producer", false, {}};
}

/// Draws the messages of one member.
class MemberDraw {
 public:
  MemberDraw(Random& random, Population& population, std::size_t index, std::size_t members)
      : random_(random), population_(population), members_(members) {
    member_.id = MemberId(fmt::format("M{}", index));
    member_.enrols_at = kSimStart + Duration::minutes(random_.between(0, 5 * 24 * 60));
  }

  void draw() {
    send(member_.enrols_at,
         Enrol{CampaignId("cold"), member_.id, member_.enrols_at, {}, "as sent"});
    const std::size_t payments = random_.below(8);
    for (std::size_t n = 0; n < payments; ++n) draw_payment(n);
    population_.members.push_back(std::move(member_));
  }

 private:
  /// Once, or with repeats; each copy at its own time, never before `at`.
  void send(Instant at, CommandBody body) {
    const int copies = random_.chance(1, 5) ? 2 + static_cast<int>(random_.below(2)) : 1;
    for (int copy = 0; copy < copies; ++copy) {
      const Instant arrives =
          at + Duration::minutes(random_.chance(1, 3) ? random_.between(0, 600) : 0);
      population_.messages.push_back({arrives, random_.next(), make_command(body)});
    }
  }

  void draw_payment(std::size_t n) {
    TruePayment payment;
    payment.id = fmt::format("{}-{}", member_.id.text(), n);
    const bool is_card = random_.chance(2, 3);
    payment.rail = is_card ? kCardRails[random_.below(3)] : kAccountRails[random_.below(2)];
    payment.minor = kAmounts[random_.below(5)];
    // Inside the window, or so far off either edge that no pairing can doubt on which side it was.
    const Duration offset = random_.chance(1, 8)
                                ? Duration::days(-9)
                                : Duration::minutes(random_.between(600, 28 * 24 * 60));
    payment.at = member_.enrols_at + offset;
    if (is_card) {
      draw_card_messages(payment);
    } else {
      draw_account_messages(payment);
    }
    if (random_.chance(1, 8)) draw_reversal(payment);
    member_.payments.push_back(payment);
  }

  void draw_card_messages(const TruePayment& payment) {
    const Line webhook = make_line(payment, "cardco", payment.id);
    if (!random_.chance(1, 15)) {
      const Duration delay =
          Duration::minutes(random_.chance(1, 10) ? random_.between(1, 2000) : 0);
      send(payment.at + delay, RecordLine{member_.id, {}, webhook, {}});
    } else {
      lost_ = true;
    }
    // The settlement comes from another party under ids of its own.
    const Instant settled = payment.at + Duration::hours(random_.between(6, 36));
    send(settled,
         RecordLine{
             member_.id, {}, as_file(make_line(payment, "netset", "n" + payment.id), settled), {}});
  }

  void draw_account_messages(const TruePayment& payment) {
    const Instant settled = payment.at + Duration::hours(random_.between(12, 40));
    const Line line = make_line(payment, "bankco", payment.id);
    // Files overlap by design: the same record in one to three of them.
    const std::uint64_t files = 1 + random_.below(3);
    for (std::uint64_t file = 0; file < files; ++file) {
      const Instant at = settled + Duration::minutes(static_cast<std::int64_t>(file));
      send(at, RecordLine{member_.id, {}, as_file(line, at), {}});
    }
  }

  void draw_reversal(TruePayment& payment) {
    const bool whole = random_.chance(1, 2);
    payment.reversed_minor = whole ? payment.minor : payment.minor / 5;
    const bool is_card = class_of(payment.rail) == RailClass::card;
    // It names the record which always comes: the settlement of a card load, the bank's own line.
    Line line = make_line(payment, is_card ? "netset" : "bankco", "r" + payment.id);
    line.kind = LineKind::reversal;
    line.rail.reset();
    line.original = OriginalRef{LineKind::load, is_card ? "n" + payment.id : payment.id};
    line.amount = Minor::of(payment.reversed_minor);
    if (whole && random_.chance(1, 2)) line.amount.reset();
    RecordLine record{member_.id, {}, line, {}};
    if (random_.chance(1, 3)) misdirect(record, payment);
    send(payment.at + Duration::minutes(random_.between(0, 1000)), std::move(record));
  }

  /// It names the payment, but states a stranger, another member, or a reference that nobody
  /// claims. Another member only while nobody's verdict is near: until the payment is known, it is
  /// held there.
  void misdirect(RecordLine& record, const TruePayment& payment) {
    const std::uint64_t who = random_.below(3);
    if (who == 0) {
      record.member = MemberId("stranger-" + payment.id);
    } else if (who == 1) {
      record.member = MemberId();
      record.reference = {"bpay_crn", payment.id};
    } else if (payment.at < kSimStart + Duration::days(25)) {
      record.member = MemberId(fmt::format("M{}", random_.below(members_)));
    }
  }

  Line make_line(const TruePayment& payment, const char* provider, std::string id) const {
    Line line;
    line.provider = ProviderId(provider);
    line.txn_id = std::move(id);
    line.rail = payment.rail;
    line.currency = *Currency::parse("AUD");
    line.amount = Minor::of(payment.minor);
    line.time = LineTime::at(payment.at);
    return line;
  }

  Line as_file(Line line, Instant accepted_at) {
    line.path = Path::file;
    line.recorded_at = accepted_at;
    FileFacts facts;
    facts.file = FileId(fmt::format("file-{}-{}", line.txn_id, accepted_at.ms));
    facts.provider_file_id = facts.file.text();
    facts.line_number = 2;
    facts.file_created_at = accepted_at;
    facts.stands_at = line.time.from;
    const bool is_card = class_of(*line.rail) == RailClass::card;
    facts.confirms_from = line.time.from - Duration::days(is_card ? 7 : 5);
    facts.confirms_until = line.time.from + Duration::hours(24) + Duration{1};
    facts.settles_for = {ProviderId("cardco"), line.provider};
    line.file = std::move(facts);
    return line;
  }

  Random& random_;
  Population& population_;
  std::size_t members_;
  TrueMember member_;
  bool lost_ = false;
};

}  // namespace

std::int64_t TrueMember::true_total() const {
  std::int64_t total = 0;
  for (const TruePayment& payment : payments) {
    if (payment.at.ms < enrols_at.ms || payment.at.ms >= enrols_at.ms + 30LL * 86'400'000) continue;
    total += payment.minor - payment.reversed_minor;
  }
  return total;
}

Population Population::draw(Random& random, std::size_t members) {
  Population population;
  for (std::size_t i = 0; i < members; ++i) MemberDraw(random, population, i, members).draw();
  // total: `order` is a 64-bit draw; equal (at, order) would be equal messages of one draw.
  std::sort(population.messages.begin(), population.messages.end());
  return population;
}

}  // namespace thaw
