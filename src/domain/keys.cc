#include "domain/keys.h"

#include <charconv>

#include "base/fnv.h"

namespace thaw::keys {
namespace {

constexpr char kSeparator = '\x1f';

std::string_view part_text(const std::string& text) {
  return text;
}
std::string_view part_text(std::string_view text) {
  return text;
}
template <typename Kind>
std::string_view part_text(const StrongId<Kind>& id) {
  return id.text();
}

template <typename First, typename... Parts>
std::string join(std::string_view tag, const First& first, const Parts&... parts) {
  std::string key(tag);
  key += '/';
  key += part_text(first);
  (((key += kSeparator) += part_text(parts)), ...);
  return key;
}

constexpr std::size_t kOrderedDigits = 16;

/// The number that `ordered` wrote at the front of a key behind its tag, if a separator follows it.
std::optional<std::int64_t> parse_ordered(std::string_view key, std::string_view tag) {
  if (!key.starts_with(tag)) return std::nullopt;
  key.remove_prefix(tag.size());
  if (key.size() <= kOrderedDigits || key[kOrderedDigits] != kSeparator) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + kOrderedDigits, number, 16);
  if (error != std::errc{} || end != key.data() + kOrderedDigits) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::string hex(std::uint64_t number);

std::string ordered(std::int64_t number) {
  return hex(static_cast<std::uint64_t>(number));
}

std::string hex(std::uint64_t number) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; number >>= 4) text[i] = kDigits[number & 15];
  return text;
}

std::uint64_t fold(std::uint64_t hash, std::int64_t number) {
  for (int shift = 0; shift < 64; shift += 8) {
    const char byte = static_cast<char>(static_cast<std::uint64_t>(number) >> shift);
    hash = fnv1a({&byte, 1}, hash);
  }
  return hash;
}

/// Tells a repeat of a webhook line from one of the same identity with other content.
std::string content_hash(const Line& line) {
  std::uint64_t hash = fnv1a(line.currency.text());
  hash = fold(hash, line.rail ? static_cast<std::int64_t>(*line.rail) : -1);
  hash = fold(hash, line.amount ? line.amount->units() : -1);
  hash = fold(hash, line.time.from.ms);
  hash = fold(hash, line.time.until.ms);
  if (line.original) {
    hash = fnv1a(line.original->txn_id, hash);
    // A load is what is meant where no kind is stated, and what keys of before say: it adds
    // nothing.
    if (line.original->kind.value_or(LineKind::load) != LineKind::load) {
      hash = fold(hash, static_cast<std::int64_t>(*line.original->kind));
    }
  }
  return hex(hash);
}

char kind_digit(LineKind kind) {
  return static_cast<char>('0' + static_cast<int>(kind));
}

std::string line_part(const Line& line) {
  std::string part(1, kind_digit(line.kind));
  part.reserve(64);
  ((part += kSeparator) += line.provider.text()) += kSeparator;
  (part += line.txn_id) += kSeparator;
  if (!line.file) return (part += 'w') += content_hash(line);
  ((part += 'f') += line.file->file.text()) += kSeparator;
  return part += ordered(line.file->line_number);
}

}  // namespace

std::string campaigns() {
  return "c/";
}
std::string campaign(const CampaignId& id) {
  return join("c", id);
}
std::string campaign_version(const CampaignId& id, std::int64_t version) {
  return join("cv", id, ordered(version));
}
std::string campaign_versions() {
  return "cv/";
}
std::string campaign_budget(const CampaignId& id) {
  return join("cb", id);
}
std::string segment_member(const CampaignId& campaign, const MemberId& member) {
  return join("s", campaign, member);
}
std::string provider(const ProviderId& id) {
  return join("p", id);
}
std::string provider_calendar(const ProviderId& id) {
  return join("pc", id);
}
std::string provider_list() {
  return "pl/";
}

std::string member(const MemberId& id) {
  return join("m", id);
}
std::string lines_of(const MemberId& member) {
  return join("l", member) + kSeparator;
}
std::string line(const MemberId& member, const Line& line) {
  return join("l", member, line_part(line));
}
std::string identity(const Line& line) {
  return identity(line.provider, line.kind, line.txn_id);
}
std::string identity(const ProviderId& provider, LineKind kind, const std::string& txn_id) {
  const char digit = kind_digit(kind);
  return join("i", provider, std::string_view(&digit, 1), txn_id);
}

std::string reference(const ReferenceKey& key) {
  return join("r", key.type, key.hash);
}
std::string kept_under(const ReferenceKey& key) {
  return join("k", key.type, key.hash) + kSeparator;
}
std::string kept_line(const ReferenceKey& key, const Line& line) {
  return join("k", key.type, key.hash, line_part(line));
}

std::string claimed_kept_all() {
  return "kp/";
}
std::string claimed_kept(const ReferenceKey& key) {
  return join("kp", key.type, key.hash);
}

std::string naming_all(const ProviderId& provider, const std::string& txn_id) {
  return join("n", provider, txn_id) + kSeparator;
}
std::string naming(const ProviderId& provider, const std::string& txn_id,
                   const std::string& line_key) {
  return join("n", provider, txn_id, line_key);
}
std::string found_originals() {
  return "nf/";
}
std::string found_original(const ProviderId& provider, const std::string& txn_id) {
  return join("nf", provider, txn_id);
}

std::string kept_by_age() {
  return "ke/";
}
std::string kept_since(Instant recorded_at, const std::string& line_key) {
  return join("ke", ordered(recorded_at.ms), line_key);
}

std::string timers() {
  return "t/";
}
std::string timer(Instant due, const WindowId& window) {
  return join("t", ordered(due.ms), window);
}
std::string enrolments_in(const CampaignId& campaign, EnrolmentState state) {
  return join("es", campaign, to_string(state)) + kSeparator;
}
std::string enrolment_in(const CampaignId& campaign, EnrolmentState state, const WindowId& window) {
  return join("es", campaign, to_string(state), window);
}

std::string decision(const WindowId& window, std::int64_t revision) {
  return join("d", window, ordered(revision));
}
std::string decision_lines(const WindowId& window, std::int64_t revision, std::int64_t chunk) {
  return join("dl", window, ordered(revision), ordered(chunk));
}

std::string review_cases() {
  return "q/";
}
std::string review_case(const std::string& id) {
  return join("q", id);
}
std::string all_blocked() {
  return "qb/";
}
std::string blocked_by(const std::string& case_id, const WindowId& window) {
  return join("qb", window, case_id);
}
std::string cases_in(CaseState state) {
  return join("qs", to_string(state)) + kSeparator;
}
std::string case_in(CaseState state, const std::string& id) {
  return join("qs", to_string(state), id);
}
std::string reward(const MemberId& member, const WindowId& window, std::int64_t issue) {
  return join("w", member, window, ordered(issue));
}
std::string rewards() {
  return "w/";
}
std::string rewards_not_final() {
  return "wq/";
}
std::string reward_not_final(const MemberId& member, Instant requested_at, const WindowId& window,
                             std::int64_t issue) {
  return join("wq", member, ordered(requested_at.ms), window, ordered(issue));
}
std::string fence() {
  return "fence/";
}
std::string clock() {
  return "clock/";
}
std::string pinned(const std::string& name) {
  return join("pin", name);
}
std::string files() {
  return "f/";
}
std::string file(const FileId& id) {
  return join("f", id);
}
std::string file_lines_of(const FileId& id) {
  return join("fl", id) + kSeparator;
}
std::string file_line(const FileId& id, std::int64_t line_number) {
  return join("fl", id, ordered(line_number));
}
std::string provider_file(const ProviderId& provider, const std::string& provider_file_id) {
  return join("fp", provider, provider_file_id);
}
std::string files_applying() {
  return "fa/";
}
std::string file_applying(const FileId& id) {
  return join("fa", id);
}
std::string files_of_day(const ProviderId& provider, const std::string& business_date) {
  return join("fd", provider, business_date);
}
std::string answer(const std::string& principal, const std::string& call, const std::string& key) {
  return join("a", principal, call, key);
}
std::string consumer(const std::string& name) {
  return join("u", name);
}
std::string dead_letters() {
  return "x/";
}
std::string dead_letters_of(const std::string& consumer) {
  return join("x", consumer) + kSeparator;
}
std::string dead_letter(const std::string& consumer, const std::string& event) {
  return join("x", consumer, event);
}

bool is_member(std::string_view key) {
  return key.starts_with("m/");
}
bool is_identity(std::string_view key) {
  return key.starts_with("i/");
}
std::string identities() {
  return "i/";
}

Lookup kind_of_lookup(std::string_view key) {
  if (key.starts_with("m/") || key.starts_with("i/") || key.starts_with("a/")) return Lookup::alone;
  if (key.starts_with("l/") || key.starts_with("fl/")) return Lookup::by_group;
  return Lookup::in_order;
}

std::string_view group_of(std::string_view key) {
  const std::size_t separator = key.find(kSeparator);
  return separator == key.npos ? std::string_view() : key.substr(0, separator + 1);
}

std::optional<TimerKey> parse_timer(std::string_view key) {
  const auto due = parse_ordered(key, "t/");
  if (!due) return std::nullopt;
  return TimerKey{Instant{*due}, WindowId(std::string(key.substr(2 + kOrderedDigits + 1)))};
}

std::optional<Instant> parse_kept_since(std::string_view key) {
  const auto ms = parse_ordered(key, "ke/");
  if (!ms) return std::nullopt;
  return Instant{*ms};
}

}  // namespace thaw::keys
