#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "application/ports/blob.h"
#include "application/ports/ledger.h"
#include "application/settlement/format.h"

namespace thaw {

/// What configuration says of a provider's files.
struct ProviderFiles {
  ProviderId id;
  std::string format = "thaw-csv";
  std::string time_zone = "Australia/Sydney";
  std::vector<ProviderId> settles_for;
  SettlementLags lags;
  bool is_cumulative = false;  // `series`: whether a day's later file repeats the earlier ones
};

/// A file refused before anything was applied.
struct ImportRefusal {
  ReplyCode code = ReplyCode::invalid;
  FileFault fault;  // where the content is to blame
};

using ImportResult = std::variant<SettlementFile, ImportRefusal>;

/// Who sends a file, and the key under which a repeat of the call is recognised.
struct FileCaller {
  std::string principal;
  std::optional<IdempotencyKey> key;  // its request_hash is filled from the file
};

/// A file that is in, now or since before.
struct AcceptedFile {
  SettlementFile file;
  bool is_repeat = false;  // the very same file came before
  bool is_replay = false;  // the very same call came before
};
using AcceptResult = std::variant<AcceptedFile, ImportRefusal>;

/// Takes settlement files in: checks a file whole, accepts it at one instant, applies it record by
/// record, resumes what a crash broke off (SPEC §3.2). Calls block; one file at a time.
class Importer {
 public:
  Importer(Ledger& ledger, BlobStore& blobs, const Zones& zones,
           std::function<std::string(std::string_view)> hash_reference,
           std::vector<const SettlementFormat*> formats, std::vector<ProviderFiles> providers);

  /// Checks a stored blob whole and accepts it; nothing of it is applied yet. An Error is a failure
  /// of ours: the same call can be made again.
  Result<AcceptResult> accept(const ProviderId& provider, const std::string& format,
                              const std::string& sha256, FileCaller caller = {});
  /// Applies an accepted file; one that is applied already is left alone. The file as it is then.
  Result<SettlementFile> apply(const FileId& id);
  /// Both.
  Result<ImportResult> import(const ProviderId& provider, const std::string& format,
                              const std::string& sha256);

  /// Applies every file that was accepted and not finished.
  Status resume();

 private:
  using Identity = std::uint64_t;            // a hash of kind and id
  using Identities = std::vector<Identity>;  // sorted: eight bytes a record
  struct Gone {
    std::int64_t count = 0;
    std::vector<std::string> ids;  // the first of them
  };

  static Identity identity_of(const FileRecord& record);
  std::vector<SettlementFile> read_day(const SettlementFile& file);
  Status read_stored(const SettlementFile& file, const ProviderFiles& provider,
                     const SettlementFormat::OnRecord& on_record);
  Status report_gone(const SettlementFile& file, const ProviderFiles& provider,
                     const Identities& own);
  Result<Gone> find_gone(const SettlementFile& before, const Identities& present,
                         const ProviderFiles& provider);
  Result<Gone> find_gone_from(const SettlementFile& after, const SettlementFile& file,
                              const Identities& own, const ProviderFiles& provider);
  Status report(const SettlementFile& before, const SettlementFile& after, Result<Gone> gone);
  Status apply_records(const SettlementFile& file, const ProviderFiles& provider);
  Result<std::expected<FileSummary, FileFault>> parse(const std::string& format_name,
                                                      const std::string& sha256,
                                                      const SettlementFormat::OnRecord& on_record);
  const ProviderFiles* find_provider(const ProviderId& id) const;

  Ledger& ledger_;
  BlobStore& blobs_;
  const Zones& zones_;
  std::function<std::string(std::string_view)> hash_reference_;
  std::vector<const SettlementFormat*> formats_;
  std::vector<ProviderFiles> providers_;
};

/// Gives records that have no id of their provider's one that the same record of an overlapping
/// file gets too: from its content and, among equals, its number (SPEC §2.4).
class MadeUpIds {
 public:
  /// For a `delta` series the file is part of the id: its equals in another file are other
  /// payments. The value date of a record is that of its settlement in the provider's zone.
  MadeUpIds(std::string series, const Zones& zones, std::string zone)
      : series_(std::move(series)), zones_(zones), zone_(std::move(zone)) {}
  void fill(FileRecord& record);

 private:
  std::string series_;
  const Zones& zones_;
  std::string zone_;
  std::map<std::string, std::int64_t> seen_;
};

}  // namespace thaw
