#include "application/settlement/importer.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "base/check.h"
#include "base/fnv.h"
#include "domain/awaiting.h"
#include "domain/keys.h"

namespace thaw {
namespace {

constexpr std::size_t kBatch = 1024;
constexpr std::size_t kUnderWay = 3;

Command make_command(CommandBody body) {
  return {std::move(body), {}, false, {}};
}

template <typename Row>
std::optional<Row> read_row(Ledger& ledger, const std::string& key) {
  std::optional<Row> row;
  ledger.read([&](StateView& view) {
    if (const auto stored = view.find(key)) row = decode<Row>(stored->bytes);
  });
  return row;
}

/// Whether any record of the file was recorded before.
bool has_lines(Ledger& ledger, const FileId& id) {
  bool found = false;
  ledger.read([&](StateView& view) { found = !view.scan(keys::file_lines_of(id), 1).empty(); });
  return found;
}

/// Remembers that its source could not be read. To a format that looks like a file that ends early,
/// but it is no fault of the file.
class WatchedSource final : public ByteSource {
 public:
  explicit WatchedSource(ByteSource& source) : source_(source) {}

  Result<std::size_t> read(std::span<char> into) override {
    auto count = source_.read(into);
    if (!count) outcome_ = fail_with(count);
    return count;
  }
  const Status& outcome() const { return outcome_; }

 private:
  ByteSource& source_;
  Status outcome_;
};

/// Sends records to the ledger in batches and counts how they came out. Some batches are on their
/// way while the next is read: one decided, one synced, one waiting.
class Applier {
 public:
  explicit Applier(Ledger& ledger) : ledger_(ledger) {}

  void add(RecordLine command) {
    batch_.push_back(make_command(std::move(command)));
    if (batch_.size() >= kBatch) send();
  }

  /// Sends the rest and waits for all. Nothing is on its way after it.
  void finish() {
    send();
    while (!under_way_.empty()) collect_oldest();
  }

  /// Complete after `finish`.
  const std::optional<Error>& error() const { return error_; }
  std::vector<OutcomeCount> outcomes() const {
    std::vector<OutcomeCount> outcomes;
    for (const auto& [placed, records] : counts_) outcomes.push_back({placed, records});
    return outcomes;
  }

 private:
  void send() {
    if (under_way_.size() == kUnderWay) collect_oldest();
    if (!error_ && !batch_.empty()) under_way_.push_back(ledger_.start_all(std::move(batch_)));
    batch_.clear();
  }

  void collect_oldest() {
    const auto replies = under_way_.front()();
    under_way_.pop_front();
    for (const Result<Reply>& reply : replies) {
      if (!reply) {
        if (!error_) error_ = reply.error();
      } else if (reply->placed) {
        ++counts_[*reply->placed];
      }
    }
  }

  Ledger& ledger_;
  std::vector<Command> batch_;
  std::deque<std::function<std::vector<Result<Reply>>()>> under_way_;
  std::map<Placed, std::int64_t> counts_;
  std::optional<Error> error_;
};

/// True if the same file will not be read by trying again.
bool is_lasting(const Error& error) {
  return error.code == ErrorCode::corrupt || error.code == ErrorCode::unsupported ||
         error.code == ErrorCode::not_found;
}

/// What the ledger said of the whole file, and where it says that if it is the time it was made.
ImportRefusal refuse_file(const Reply& reply, const FileSummary& summary) {
  if (reply.code != ReplyCode::future) return {reply.code, {0, 0, reply.detail}};
  return {reply.code, {1, summary.created_at_column, reply.detail}};
}

}  // namespace

void MadeUpIds::fill(FileRecord& record) {
  if (!record.txn_id.empty()) return;
  const auto* date = std::get_if<CivilDate>(&record.settled_at);
  const CivilDate value_date =
      date ? *date : zones_.date_of(std::get<Instant>(record.settled_at), zone_);
  const std::string content = fmt::format(
      "{}|{}|{}|{}|{}|{}|{:016x}", series_, to_string(record.kind), to_string(value_date),
      record.minor.value_or(0), record.reference_type, record.reference, fnv1a(record.text));
  const std::int64_t n = ++seen_[content];
  record.txn_id = fmt::format("made-{:016x}-{}", fnv1a(content), n);
}

Importer::Importer(Ledger& ledger, BlobStore& blobs, const Zones& zones,
                   std::function<std::string(std::string_view)> hash_reference,
                   std::vector<const SettlementFormat*> formats,
                   std::vector<ProviderFiles> providers)
    : ledger_(ledger),
      blobs_(blobs),
      zones_(zones),
      hash_reference_(std::move(hash_reference)),
      formats_(std::move(formats)),
      providers_(std::move(providers)) {}

const ProviderFiles* Importer::find_provider(const ProviderId& id) const {
  const auto found = std::find_if(providers_.begin(), providers_.end(),
                                  [&](const ProviderFiles& p) { return p.id == id; });
  return found == providers_.end() ? nullptr : &*found;
}

Result<std::expected<FileSummary, FileFault>> Importer::parse(
    const std::string& format_name, const std::string& sha256,
    const SettlementFormat::OnRecord& on_record) {
  const auto format = std::find_if(formats_.begin(), formats_.end(),
                                   [&](const auto* f) { return f->name() == format_name; });
  if (format == formats_.end()) return fail(ErrorCode::unsupported, "format " + format_name);
  auto source = blobs_.open(sha256);
  if (!source) return fail_with(source);
  WatchedSource watched(**source);
  auto parsed = (*format)->parse(watched, on_record);
  if (!watched.outcome()) return fail_with(watched.outcome());
  return parsed;
}

Result<AcceptResult> Importer::accept(const ProviderId& provider_id, const std::string& format,
                                      const std::string& sha256, FileCaller caller) {
  const ProviderFiles* provider = find_provider(provider_id);
  if (!provider) return ImportRefusal{ReplyCode::unknown_provider, {}};
  if (!format.empty() && format != provider->format) {
    return ImportRefusal{ReplyCode::invalid, {0, 0, "this provider sends " + provider->format}};
  }
  const auto checked = parse(provider->format, sha256, [](FileRecord&&) {});
  if (!checked) return fail_with(checked);
  if (!*checked) return ImportRefusal{ReplyCode::invalid, checked->error()};
  const FileSummary& summary = **checked;
  if (summary.provider != provider_id.text()) {
    return ImportRefusal{ReplyCode::invalid,
                         {1, 4, "the header names another provider: " + summary.provider}};
  }
  SettlementFile file;
  file.id = FileId(fmt::format("{}-{}", provider_id.text(), sha256.substr(0, 24)));
  file.provider = provider_id;
  file.provider_file_id = summary.provider_file_id;
  file.format = provider->format;
  file.sha256 = sha256;
  file.created_at = summary.created_at;
  file.business_date = to_string(zones_.date_of(summary.created_at, provider->time_zone));
  file.records = summary.records;
  file.sum = {summary.currency, summary.sum.value_or(Minor{})};
  file.is_sum_too_large = !summary.sum;
  Command command = make_command(AcceptFile{file});
  command.principal = std::move(caller.principal);
  command.idempotency = std::move(caller.key);
  if (command.idempotency) command.idempotency->request_hash = file.id.text();  // holds its content
  const auto accepted = ledger_.run(std::move(command));
  if (!accepted) return fail_with(accepted);
  if (!accepted->file) return refuse_file(*accepted, summary);
  return AcceptedFile{*accepted->file, accepted->code == ReplyCode::repeated, accepted->is_replay};
}

Result<SettlementFile> Importer::apply(const FileId& id) {
  const auto file = read_row<SettlementFile>(ledger_, keys::file(id));
  if (!file) return fail(ErrorCode::corrupt, "file row " + id.text());
  if (file->status != FileStatus::applying) return *file;
  const ProviderFiles* provider = find_provider(file->provider);
  if (!provider) return fail(ErrorCode::invalid, "no configuration for " + file->provider.text());
  if (const Status applied = apply_records(*file, *provider); !applied) return fail_with(applied);
  auto done = read_row<SettlementFile>(ledger_, keys::file(id));
  if (!done) return fail(ErrorCode::corrupt, "file row " + id.text());
  return std::move(*done);
}

Result<ImportResult> Importer::import(const ProviderId& provider, const std::string& format,
                                      const std::string& sha256) {
  const auto accepted = accept(provider, format, sha256);
  if (!accepted) return fail_with(accepted);
  if (const auto* refusal = std::get_if<ImportRefusal>(&*accepted)) return *refusal;
  const auto applied = apply(std::get<AcceptedFile>(*accepted).file.id);
  if (!applied) return fail_with(applied);
  return *applied;
}

/// The records of a file that was accepted, in the format that it came in: configuration may say
/// another by now. Those without an id get one.
Status Importer::read_stored(const SettlementFile& file, const ProviderFiles& provider,
                             const SettlementFormat::OnRecord& on_record) {
  MadeUpIds ids(provider.is_cumulative ? file.business_date : file.id.text(), zones_,
                provider.time_zone);
  const auto parsed = parse(file.format, file.sha256, [&](FileRecord&& record) {
    ids.fill(record);
    on_record(std::move(record));
  });
  if (!parsed) return fail_with(parsed);
  if (*parsed) return {};
  const FileFault& fault = parsed->error();
  return fail(ErrorCode::corrupt, fmt::format("stored file {} reads otherwise than when it came: "
                                              "line {}, {}",
                                              file.id.text(), fault.line, fault.detail));
}

Importer::Identity Importer::identity_of(const FileRecord& record) {
  return fnv1a(fmt::format("{} {}", to_string(record.kind), record.txn_id));
}

/// The files of the same business date up to this one, in the order in which they were made.
std::vector<SettlementFile> Importer::read_day(const SettlementFile& file) {
  std::vector<SettlementFile> files;
  const auto day =
      read_row<FilesOfDay>(ledger_, keys::files_of_day(file.provider, file.business_date));
  for (const FileId& id : day ? day->files : std::vector<FileId>()) {
    if (auto one = read_row<SettlementFile>(ledger_, keys::file(id))) {
      files.push_back(std::move(*one));
    }
    if (id == file.id) break;  // those accepted since look at this one themselves
  }
  std::ranges::stable_sort(files, {}, &SettlementFile::created_at);
  return files;
}

/// SPEC §2.4: a record gone from a later cumulative file opens a case and reverses nothing. Later
/// is what was made later: files may come in another order.
Status Importer::report_gone(const SettlementFile& file, const ProviderFiles& provider,
                             const Identities& own) {
  const std::vector<SettlementFile> day = read_day(file);
  const auto at = std::ranges::find(day, file.id, &SettlementFile::id);
  CHECK(at != day.end());
  if (at != day.begin()) {
    const SettlementFile& before = *std::prev(at);
    const Status reported = report(before, file, find_gone(before, own, provider));
    if (!reported) return reported;
  }
  if (std::next(at) == day.end()) return {};
  const SettlementFile& after = *std::next(at);
  return report(file, after, find_gone_from(after, file, own, provider));
}

Result<Importer::Gone> Importer::find_gone(const SettlementFile& before, const Identities& present,
                                           const ProviderFiles& provider) {
  constexpr std::size_t kNamed = 20;
  Gone gone;
  const Status looked_up = read_stored(before, provider, [&](FileRecord&& record) {
    if (std::ranges::binary_search(present, identity_of(record))) return;
    ++gone.count;
    if (gone.ids.size() < kNamed) gone.ids.push_back(std::move(record.txn_id));
  });
  if (!looked_up) return fail_with(looked_up);
  return gone;
}

Result<Importer::Gone> Importer::find_gone_from(const SettlementFile& after,
                                                const SettlementFile& file, const Identities& own,
                                                const ProviderFiles& provider) {
  Identities present;
  const Status noted = read_stored(
      after, provider, [&](FileRecord&& record) { present.push_back(identity_of(record)); });
  if (!noted) return fail_with(noted);
  std::ranges::sort(present);
  if (std::ranges::includes(present, own)) return Gone{};
  return find_gone(file, present, provider);  // read once more, to name them
}

/// Another file that cannot be read any more does not hold this one up: people are told.
Status Importer::report(const SettlementFile& before, const SettlementFile& after,
                        Result<Gone> gone) {
  if (!gone && !is_lasting(gone.error())) return fail_with(gone);
  if (gone && gone->count == 0) return {};
  ReportGone command{after.id, {}, 0, before.id, {}};
  if (gone) {
    command.ids = std::move(gone->ids);
    command.count = gone->count;
  } else {
    command.not_compared = gone.error().detail;
  }
  const auto reported = ledger_.run(make_command(std::move(command)));
  return reported ? Status() : fail_with(reported);
}

Status Importer::apply_records(const SettlementFile& file, const ProviderFiles& provider) {
  const RecordContext context{
      provider.id,           provider.time_zone, provider.settles_for, provider.lags,    file.id,
      file.provider_file_id, file.created_at,    file.accepted_at,     file.sum.currency};
  const bool is_fresh = !has_lines(ledger_, file.id);
  Applier applier(ledger_);
  Identities own;
  const Status read = read_stored(file, provider, [&](FileRecord&& record) {
    if (provider.is_cumulative) own.push_back(identity_of(record));
    RecordLine command = resolve_record(record, context, zones_, hash_reference_);
    command.is_fresh = is_fresh;
    applier.add(std::move(command));
  });
  applier.finish();
  if (!read) return read;
  if (applier.error()) return std::unexpected(*applier.error());
  if (provider.is_cumulative) {
    std::ranges::sort(own);
    if (const Status reported = report_gone(file, provider, own); !reported) return reported;
  }
  const auto finished = ledger_.run(make_command(FinishFile{file.id, applier.outcomes()}));
  if (!finished) return fail_with(finished);
  return {};
}

Status Importer::resume() {
  std::vector<FileId> unfinished;
  ledger_.read([&](StateView& view) {
    for (const auto& [key, row] : view.scan(keys::files_applying(), SIZE_MAX)) {
      if (const auto file = decode<ApplyingFile>(row.bytes)) unfinished.push_back(file->file);
    }
  });
  // One that cannot be applied (its provider is configured no more) holds up no other.
  Status outcome;
  for (const FileId& id : unfinished) {
    const auto applied = apply(id);
    if (!applied && outcome) outcome = fail_with(applied);
  }
  return outcome;
}

}  // namespace thaw
