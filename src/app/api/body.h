#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/json/json.h"
#include "app/api/problem.h"
#include "domain/campaign.h"

namespace thaw::api {

/// Reads the fields of a JSON object strictly: each fault is noted with its pointer, and `finish`
/// notes every field that nobody asked for. A field that is null counts as absent (SPEC §3.6).
class BodyReader {
 public:
  explicit BodyReader(Json object, std::string pointer = {});

  std::optional<std::string> text(const char* name, bool required = false);
  /// Text that a person wrote: card numbers in it are masked before anybody keeps it.
  std::optional<std::string> free_text(const char* name, bool required = false);
  std::optional<std::int64_t> integer(const char* name, bool required = false);
  std::optional<bool> boolean(const char* name);
  std::optional<Money> money(const char* name, bool required = false);
  std::optional<Instant> instant(const char* name);
  std::optional<Duration> duration(const char* name);
  std::optional<Json> any(const char* name, bool required = false);

  /// A text that `parse` understands.
  template <typename T>
  std::optional<T> parsed(const char* name, std::optional<T> (*parse)(std::string_view),
                          const char* wanted, bool required = false) {
    const auto value = text(name, required);
    if (!value) return std::nullopt;
    auto result = parse(*value);
    if (!result) fault(name, wanted);
    return result;
  }

  void fault(const std::string& name, std::string message);
  /// Notes unknown fields; the faults of the whole object.
  std::vector<FieldFault> finish();
  bool has_faults() const { return !faults_.empty(); }

 private:
  Json object_;
  std::string pointer_;
  std::vector<std::string> known_;
  std::vector<FieldFault> faults_;
};

/// A request body that is a JSON object; else the problem to answer with.
std::variant<Json, HttpResponse> parse_object(const HttpRequest& request);

}  // namespace thaw::api
