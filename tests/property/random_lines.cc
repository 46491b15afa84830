#include "random_lines.h"

#include <fmt/format.h>

namespace thaw::property {
namespace {

const Currency kAud = *Currency::parse("AUD");

Instant draw_time(Random& random) {
  // Around both edges of a 30-day window and its grace, at whole half days so that times collide.
  static constexpr std::int64_t kDays[] = {-1, 0, 1, 2, 3, 14, 28, 29, 30, 31, 32};
  const std::int64_t day = kDays[random.below(std::size(kDays))];
  return kStart + Duration::hours(day * 24 + random.between(0, 1) * 12);
}

void make_file_line(Line& line, Random& random, std::size_t n) {
  line.path = Path::file;
  FileFacts facts;
  facts.file = FileId(fmt::format("file-{}", n));
  facts.provider_file_id = facts.file.text();
  facts.line_number = 2;
  facts.file_created_at = kStart + Duration::days(random.between(0, 5));
  facts.stands_at = line.time.from;
  const bool is_card = line.rail && class_of(*line.rail) == RailClass::card;
  facts.confirms_from = line.time.from - Duration::days(is_card ? 7 : 5);
  facts.confirms_until = line.time.from + Duration::hours(24) + Duration{1};
  facts.settles_for = {ProviderId("cardco"), ProviderId("bankco")};
  if (random.chance(1, 6)) {
    line.time = {line.time.from, line.time.from + Duration::days(1), TimeCertainty::any_part};
    facts.confirms_until = line.time.from + Duration::days(2);
  } else if (random.chance(1, 8)) {
    line.time = {line.time.from - Duration::days(5), line.time.from + Duration::days(1),
                 TimeCertainty::settlement_day};
    facts.confirms_until = facts.stands_at + Duration::days(2);
  }
  line.file = facts;
}

/// Only a webhook can say which kind of record it names.
void name_kind(Line& line, Random& random) {
  const bool fits = random.chance(2, 3);
  const bool is_load = line.original->txn_id.starts_with('l') == fits;
  line.original->kind = is_load ? LineKind::load : LineKind::withdrawal;
  if (is_load && random.chance(1, 2)) line.original->kind.reset();
}

}  // namespace

CampaignRules make_rules(const char* id, WithdrawalPolicy policy) {
  CampaignRules rules;
  rules.id = CampaignId(id);
  rules.version = 1;
  rules.name = id;
  rules.currency = kAud;
  rules.threshold = Minor::of(10'000);
  rules.points = 2000;
  rules.rails = {Rail::debit_card, Rail::apple_pay, Rail::bpay, Rail::npp};
  rules.withdrawal_policy = policy;
  rules.minimum_load = Minor::of(1500);
  rules.maximum_counted_per_load = Minor::of(4500);
  return rules;
}

std::vector<Line> draw_lines(Random& random, std::size_t count) {
  static constexpr Rail kCardRails[] = {Rail::debit_card, Rail::apple_pay, Rail::google_pay};
  static constexpr Rail kAccountRails[] = {Rail::bpay, Rail::npp};
  std::vector<Line> lines;
  for (std::size_t n = 0; n < count; ++n) {
    Line line;
    const bool is_card = random.chance(1, 2);
    line.provider = ProviderId(is_card ? "cardco" : "bankco");
    const std::uint64_t kind = random.below(10);
    line.kind = kind < 6   ? LineKind::load
                : kind < 8 ? LineKind::reversal
                : kind < 9 ? LineKind::withdrawal
                           : LineKind::correction;
    // Few ids: repeats, and reversals that find what they name, before or after it comes.
    line.txn_id = fmt::format("{}{}", "lwrc"[static_cast<int>(line.kind)], random.below(6));
    line.currency = kAud;
    line.amount = Minor::of(1000 * random.between(1, 5));
    line.time = LineTime::at(draw_time(random));
    if (line.kind != LineKind::withdrawal) {
      line.rail = is_card ? kCardRails[random.below(3)] : kAccountRails[random.below(2)];
    }
    if (line.kind == LineKind::reversal || line.kind == LineKind::correction) {
      line.original =
          OriginalRef{{}, fmt::format("{}{}", random.chance(4, 5) ? 'l' : 'w', random.below(6))};
    }
    if (line.kind == LineKind::reversal && random.chance(1, 4)) line.amount.reset();
    if (line.kind == LineKind::correction || random.chance(1, 2)) make_file_line(line, random, n);
    line.recorded_at = kStart;
    line.attached_at = kStart;
    if (line.original && !line.file) name_kind(line, random);
    // The same again, but for what it names.
    if (line.original && !line.file && random.chance(1, 3)) {
      lines.push_back(line);
      if (random.chance(1, 2)) line.original->txn_id = fmt::format("l{}", random.below(6));
      name_kind(line, random);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace thaw::property
