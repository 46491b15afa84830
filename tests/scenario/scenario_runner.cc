#include "scenario_runner.h"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

#include "adapters/zones/date_zones.h"
#include "domain/cases.h"
#include "domain/deciding.h"
#include "domain/keys.h"

namespace thaw::scenario {
namespace {

template <typename T>
T need(std::optional<T> value, const std::string& what) {
  if (!value) throw std::runtime_error("cannot read " + what);
  return *value;
}

StatedTime parse_stated(const std::string& text) {
  if (const auto date = parse_date(text)) return *date;
  return parse_time(text);
}

template <typename Row>
std::optional<Row> read_row(Ledger& ledger, const std::string& key) {
  std::optional<Row> row;
  ledger.read([&](StateView& view) {
    if (const auto stored = view.find(key)) row = decode<Row>(stored->bytes);
  });
  return row;
}

std::vector<std::pair<std::string, StoredRow>> scan_rows(Ledger& ledger,
                                                         const std::string& prefix) {
  std::vector<std::pair<std::string, StoredRow>> rows;
  ledger.read([&](StateView& view) { rows = view.scan(prefix, 100'000); });
  return rows;
}

}  // namespace

Runner::Runner(const MakeLedger& make_ledger)
    : now_(parse_time("T0")),
      zones_(std::make_unique<DateZones>()),
      ledger_(make_ledger([this] { return now_; })) {}

std::vector<std::string> Runner::run_file(const std::string& path) {
  path_ = path.substr(path.rfind('/') + 1);
  std::ifstream in(path);
  std::string text;
  for (int number = 1; std::getline(in, text); ++number) {
    const auto step = parse_step(number, text);
    if (!step) continue;
    try {
      if (step->verb == "record") {
        add_record(*step);
        continue;
      }
      if (file_) apply_file();
      if (step->verb == "file") {
        open_file(*step);
      } else {
        expect(*step, perform(*step));
      }
    } catch (const std::exception& e) {
      faults_.push_back(fmt::format("{}:{}: {}: {}", path_, number, text, e.what()));
    }
  }
  if (file_) apply_file();
  return faults_;
}

void Runner::expect(const Step& step, const std::string& got) {
  if (!step.expected || *step.expected == got) return;
  faults_.push_back(fmt::format("{}:{}: {}\n    got: {}", path_, step.number, step.text, got));
}

std::string Runner::perform(const Step& step) {
  if (step.verb == "campaign") return do_campaign(step);
  if (step.verb == "provider") return do_provider(step);
  if (step.verb == "enrol") return do_enrol(step);
  if (step.verb == "claim") return do_claim(step);
  if (step.verb == "webhook") return do_webhook(step);
  if (step.verb == "line") return do_line(step);
  if (step.verb == "progress") return do_progress(step);
  if (step.verb == "decision") return do_decision(step);
  if (step.verb == "cases") return do_cases(step);
  if (step.verb == "approve" || step.verb == "reject") return do_case(step);
  if (step.verb == "at") {
    move_clock(parse_time(step.word(0)));
    return "";
  }
  if (step.verb == "jump") {  // the clock moves on, timers do not run: a server that was down
    now_ = parse_time(step.word(0));
    return "";
  }
  if (step.verb == "expire") return std::to_string(run(ExpireKept{}).count);
  if (step.verb == "close") {
    return std::string(
        to_string(run(CloseCampaign{need(parse_campaign_id(step.word(0)), "campaign")}).code));
  }
  if (step.verb == "cancel") {
    const Member member = find_member(step.word(1));
    const Enrolment* enrolment = find_enrolment(member, step.word(0));
    return std::string(
        to_string(run(CancelEnrolment{enrolment ? enrolment->id : WindowId{}}).code));
  }
  throw std::runtime_error("unknown verb");
}

Reply Runner::run(CommandBody body) {
  const Result<Reply> reply = ledger_->run(Command{std::move(body), "tester", false, {}});
  if (!reply) throw std::runtime_error(reply.error().detail);
  return *reply;
}

std::string Runner::do_campaign(const Step& step) {
  CampaignRules rules;
  rules.id = need(parse_campaign_id(step.word(0)), "campaign");
  rules.name = step.word(0);
  rules.currency = *Currency::parse(step.option("currency", "AUD"));
  rules.threshold = parse_amount(step.option("threshold", "500.00"));
  rules.points = std::stoll(step.option("points", "2000"));
  for (const std::string& rail :
       split(step.option("rails", "debit_card,apple_pay,google_pay,bpay,bank_transfer,npp"), ',')) {
    rules.rails.push_back(need(parse_rail(rail), "rail"));
  }
  rules.withdrawal_policy =
      need(parse_withdrawal_policy(step.option("withdrawals", "deduct")), "withdrawals");
  rules.late_policy = need(parse_late_policy(step.option("late", "review")), "late");
  rules.minimum_load = parse_amount(step.option("minimum", "0"));
  if (step.options.contains("maximum")) {
    rules.maximum_counted_per_load = parse_amount(step.option("maximum"));
  }
  if (step.options.contains("budget")) rules.budget_points = std::stoll(step.option("budget"));
  if (step.options.contains("opens")) rules.enrolment_opens_at = parse_time(step.option("opens"));
  if (step.options.contains("closes"))
    rules.enrolment_closes_at = parse_time(step.option("closes"));
  rules.exclusion_group = step.option("group");
  rules.segment_required = step.option("segment") == "required";
  const Reply draft = run(DraftCampaign{rules});
  if (!is_success(draft.code)) return fmt::format("{} {}", to_string(draft.code), draft.detail);
  return std::string(to_string(run(PublishCampaign{rules.id}).code));
}

std::string Runner::do_provider(const Step& step) {
  ProviderSettings settings;
  settings.id = need(parse_provider_id(step.word(0)), "provider");
  const auto read_rails = [&](const char* option, std::vector<Rail>& rails) {
    for (const std::string& rail : split(step.option(option), ',')) {
      rails.push_back(need(parse_rail(rail), "rail"));
    }
  };
  read_rails("rails", settings.rails);
  read_rails("not_by_webhook", settings.not_by_webhook);
  read_rails("not_by_file", settings.not_by_file);
  Provider& provider = providers_[step.word(0)];
  provider.zone = step.option("zone", "Australia/Sydney");
  for (const std::string& id : split(step.option("settles_for"), ',')) {
    provider.settles_for.push_back(need(parse_provider_id(id), "provider"));
  }
  for (const std::string& text : split(step.option("expected"), ',')) {
    const CivilDate date = need(parse_date(text), "date");
    const CivilDate next = civil_from_days(days_from_civil(date) + 1);
    settings.expected.push_back({text, zones_->start_of(date, provider.zone),
                                 zones_->start_of(next, provider.zone),
                                 zones_->start_of(next, provider.zone)});
  }
  return std::string(to_string(run(ConfigureProvider{settings}).code));
}

std::string Runner::do_enrol(const Step& step) {
  Enrol command;
  command.campaign = need(parse_campaign_id(step.word(0)), "campaign");
  command.member = need(parse_member_id(step.word(1)), "member");
  if (step.options.contains("at")) command.enrolled_at = parse_time(step.option("at"));
  for (const std::string& text : split(step.option("refs"), ',')) {
    const auto parts = split(text, ':');
    command.references.push_back({parts.at(0), parts.at(1)});
  }
  command.request_hash = step.option("at") + step.option("refs");
  return std::string(to_string(run(command).code));
}

std::string Runner::do_claim(const Step& step) {
  ChangeReferences command;
  command.member = need(parse_member_id(step.word(0)), "member");
  const auto parts = split(step.word(1), ':');
  ReferenceChange change{{parts.at(0), parts.at(1)}, {}, {}};
  if (step.options.contains("from")) change.from = parse_time(step.option("from"));
  if (step.options.contains("until")) change.until = parse_time(step.option("until"));
  (step.option("end") == "yes" ? command.ends : command.claims).push_back(change);
  return std::string(to_string(run(command).code));
}

std::string Runner::do_webhook(const Step& step) {
  RecordLine command;
  Line& line = command.line;
  line.provider = need(parse_provider_id(step.word(0)), "provider");
  line.kind = need(parse_line_kind(step.word(1)), "kind");
  line.txn_id = step.word(2);
  command.member = need(parse_member_id(step.word(3)), "member");
  line.path = Path::webhook;
  line.currency = *Currency::parse(step.option("currency", "AUD"));
  if (step.word(4) != "-") line.amount = parse_amount(step.word(4));
  line.time = LineTime::at(parse_time(step.word(5)));
  if (step.options.contains("rail")) line.rail = need(parse_rail(step.option("rail")), "rail");
  if (step.options.contains("reverses")) {
    line.original =
        OriginalRef{parse_line_kind(step.option("reverses_kind", "load")), step.option("reverses")};
  }
  const Reply reply = run(command);
  return std::string(reply.placed ? to_string(*reply.placed) : to_string(reply.code));
}

void Runner::open_file(const Step& step) {
  file_ = PendingFile{step, {}};
}

/// record ID KIND RAIL REF AMOUNT initiated= settled= original=
void Runner::add_record(const Step& step) {
  if (!file_) throw std::runtime_error("a record without a file");
  FileRecord record;
  record.line_number = static_cast<std::int64_t>(file_->records.size()) + 2;
  record.txn_id = step.word(0);
  const std::string kind = step.word(1) == "payment" ? "load" : step.word(1);
  record.kind = need(parse_line_kind(kind), "kind");
  record.rail = parse_rail(step.word(2));
  const auto parts = split(step.word(3), ':');
  record.reference_type = parts.size() == 1 ? "member_id" : parts[0];
  record.reference = parts.back();
  record.minor = parse_amount(step.word(4)).units();
  if (step.options.contains("initiated")) {
    record.initiated_at = parse_stated(step.option("initiated"));
  }
  record.settled_at = parse_stated(step.option("settled", "2025-11-03"));
  record.original_txn_id = step.option("original");
  file_->records.push_back({step, record});
}

void Runner::apply_file() {
  const PendingFile pending = *file_;
  file_.reset();
  const Provider& provider = providers_[pending.step.word(0)];
  SettlementFile file;
  file.id = FileId(pending.step.word(0) + "-" + pending.step.word(1));
  file.provider = need(parse_provider_id(pending.step.word(0)), "provider");
  file.provider_file_id = pending.step.word(1);
  file.created_at =
      pending.step.options.contains("created") ? parse_time(pending.step.option("created")) : now_;
  file.business_date = to_string(zones_->date_of(file.created_at, provider.zone));
  file.records = static_cast<std::int64_t>(pending.records.size());
  const Reply accepted = run(AcceptFile{file});
  expect(pending.step, std::string(to_string(accepted.code)));
  if (!accepted.file) return;
  const RecordContext context{file.provider,
                              provider.zone,
                              provider.settles_for,
                              provider.lags,
                              file.id,
                              file.provider_file_id,
                              file.created_at,
                              accepted.file->accepted_at,
                              *Currency::parse(pending.step.option("currency", "AUD"))};
  if (pending.step.options.contains("applied")) now_ = parse_time(pending.step.option("applied"));
  for (const PendingRecord& record : pending.records) {
    const RecordLine command = resolve_record(record.record, context, *zones_,
                                              [](std::string_view v) { return std::string(v); });
    const Reply reply = run(command);
    expect(record.step,
           std::string(reply.placed ? to_string(*reply.placed) : to_string(reply.code)));
  }
  run(FinishFile{file.id, {}});
  recheck_waits();
}

/// What the settlement service does whenever a file has been applied.
void Runner::recheck_waits() {
  std::vector<std::pair<WindowId, std::int64_t>> windows;
  for (const auto& [key, row] : scan_rows(*ledger_, "m/")) {
    const auto member = decode<Member>(row.bytes);
    for (const Enrolment& e : member ? member->enrolments : std::vector<Enrolment>()) {
      const bool short_of_files =
          e.state == EnrolmentState::decided && e.reason == VerdictReason::settlement_incomplete;
      if (e.state == EnrolmentState::awaiting_settlement || short_of_files) {
        windows.emplace_back(e.id, e.generation);
      }
    }
  }
  for (const auto& [window, generation] : windows) run(FireTimer{window, Instant{}, generation, 0});
}

void Runner::fire_due() {
  for (int guard = 0; guard < 100'000; ++guard) {
    const auto timers = scan_rows(*ledger_, keys::timers());
    if (timers.empty()) return;
    const auto key = keys::parse_timer(timers.front().first);
    const auto timer = decode<Timer>(timers.front().second.bytes);
    if (!key || !timer || key->due > now_) return;
    run(FireTimer{key->window, key->due, timer->generation, 0});
  }
  throw std::runtime_error("timers do not come to rest");
}

void Runner::move_clock(Instant to) {
  for (;;) {
    const auto timers = scan_rows(*ledger_, keys::timers());
    const auto key = timers.empty() ? std::nullopt : keys::parse_timer(timers.front().first);
    if (!key || key->due > to) break;
    now_ = std::max(now_, key->due);
    fire_due();
  }
  now_ = std::max(now_, to);
}

Member Runner::find_member(const std::string& id) {
  return read_row<Member>(*ledger_, keys::member(need(parse_member_id(id), "member")))
      .value_or(Member{});
}

const Enrolment* Runner::find_enrolment(const Member& member, const std::string& campaign) {
  for (const Enrolment& enrolment : member.enrolments) {
    if (enrolment.campaign.text() == campaign) return &enrolment;
  }
  return nullptr;
}

/// line MEMBER KIND ID [path=webhook|file] [file=F1] [campaign=C]
std::string Runner::do_line(const Step& step) {
  const auto kind = need(parse_line_kind(step.word(1)), "kind");
  const Member member = find_member(step.word(0));
  for (const auto& [key, stored] :
       scan_rows(*ledger_, keys::lines_of(need(parse_member_id(step.word(0)), "member")))) {
    const auto row = decode<LineRow>(stored.bytes);
    if (!row || row->line.kind != kind || row->line.txn_id != step.word(2)) continue;
    if (step.options.contains("path") && step.option("path") != to_string(row->line.path)) continue;
    if (step.options.contains("amount") &&
        row->line.amount != parse_amount(step.option("amount"))) {
      continue;
    }
    if (step.options.contains("file") &&
        (!row->line.file || row->line.file->provider_file_id != step.option("file"))) {
      continue;
    }
    if (!step.options.contains("campaign")) return std::string(to_string(row->outcome));
    for (const LinePlacement& placement : row->placements) {
      const auto index = static_cast<std::size_t>(placement.enrolment);
      if (member.enrolments.at(index).campaign.text() == step.option("campaign")) {
        return fmt::format("{} {}", to_string(placement.placed), format_amount(placement.counted));
      }
    }
  }
  return "none";
}

std::string Runner::check(const Step& step, const std::map<std::string, std::string>& found) {
  for (const auto& [name, wanted] : step.options) {
    const auto value = found.find(name);
    const std::string got = value == found.end() ? "no such field" : value->second;
    if (got != wanted) {
      faults_.push_back(
          fmt::format("{}:{}: {}\n    got: {}={}", path_, step.number, step.text, name, got));
    }
  }
  return "";
}

std::string Runner::do_progress(const Step& step) {
  const Member member = find_member(step.word(1));
  const Enrolment* e = find_enrolment(member, step.word(0));
  if (!e) return "none";
  const auto rules =
      read_row<CampaignRules>(*ledger_, keys::campaign_version(e->campaign, e->campaign_version));
  check(step,
        {{"state", std::string(to_string(e->state))},
         {"instant", format_amount(e->totals.instant)},
         {"settled", format_amount(e->totals.settled)},
         {"cumulative", format_amount(e->totals.cumulative())},
         {"withdrawn", format_amount(e->totals.withdrawn)},
         {"held", format_amount(e->totals.held)},
         {"confirmed", format_amount(e->totals.confirmed)},
         {"qualifying", format_amount(qualifying_total(e->totals, rules->withdrawal_policy))}});
  return std::string(to_string(e->state));
}

std::string Runner::do_decision(const Step& step) {
  const Member member = find_member(step.word(1));
  const Enrolment* e = find_enrolment(member, step.word(0));
  if (!e || e->revision == 0) return "not_decided";
  const std::int64_t revision = step.words.size() > 2 ? std::stoll(step.word(2)) : e->revision;
  const auto decision = read_row<Decision>(*ledger_, keys::decision(e->id, revision));
  if (!decision) return "no such revision";
  std::int64_t lines = 0;
  for (const auto& [key, stored] : scan_rows(*ledger_, "dl/" + e->id.text())) {
    const auto chunk = decode<DecisionLines>(stored.bytes);
    if (chunk) lines += static_cast<std::int64_t>(chunk->lines.size());
  }
  check(step, {{"revision", std::to_string(decision->revision)},
               {"qualifying", format_amount(decision->qualifying)},
               {"held", format_amount(decision->totals.held)},
               {"decided_at", to_rfc3339(decision->decided_at)},
               {"lines", std::to_string(lines)}});
  return fmt::format("{} {}", to_string(decision->verdict.outcome),
                     to_string(decision->verdict.reason));
}

std::string Runner::do_cases(const Step&) {
  std::string kinds;
  for (const CaseState state : {CaseState::open, CaseState::proposed}) {
    for (const auto& [key, row] : scan_rows(*ledger_, keys::cases_in(state))) {
      const auto facts = decode<CaseFacts>(row.bytes);
      kinds += (kinds.empty() ? "" : " ") + (facts ? facts->kind : "?");
    }
  }
  return kinds.empty() ? "none" : kinds;
}

/// Resolves the first open case.
std::string Runner::do_case(const Step& step) {
  for (const auto& [key, row] : scan_rows(*ledger_, keys::cases_in(CaseState::open))) {
    const auto facts = decode<CaseFacts>(row.bytes);
    return std::string(to_string(run(ResolveCase{facts->id, step.verb == "approve", ""}).code));
  }
  return "none";
}

}  // namespace thaw::scenario
