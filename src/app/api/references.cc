#include "app/api/references.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "domain/ids.h"
#include "domain/reference_form.h"

namespace thaw::api {

bool is_reference_type(std::string_view type) {
  static constexpr std::array<std::string_view, 4> kTypes{"bpay_crn", "account_bsb_number", "payid",
                                                          "card_token"};
  return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

namespace {

using OnItem = std::function<void(BodyReader&, const ReferenceKey&)>;

/// Hands each well-formed item on; faults of all go to `body`.
void for_each_reference(BodyReader& body, const char* name, const HashReference& hash,
                        const OnItem& on_item) {
  const auto list = body.any(name);
  if (!list) return;
  if (list->type() != Json::Type::array) return body.fault(name, "a list is wanted");
  std::size_t index = 0;
  for (const Json& item : list->items()) {
    BodyReader inner(item, fmt::format("/{}/{}", name, index++));
    const auto type = inner.text("type", true);
    const auto value = inner.text("value", true);
    if (type && !is_reference_type(*type)) inner.fault("type", "not a reference type");
    const auto form = type && value ? normalise_reference(*type, *value) : std::nullopt;
    if (type && value && !form && is_reference_type(*type)) {
      inner.fault("value", "not a well-formed " + *type);
    }
    if (form) on_item(inner, {*type, hash(*form)});
    for (const FieldFault& fault : inner.finish()) {
      body.fault(fault.pointer.substr(1), fault.message);
    }
  }
}

std::optional<Instant> read_moment(BodyReader& item, const char* name,
                                   const std::function<Instant(CivilDate)>& start_of_day) {
  const auto text = item.text(name);
  if (!text) return std::nullopt;
  if (const auto date = parse_date(*text)) return start_of_day(*date);
  auto instant = parse_rfc3339(*text);
  if (!instant) item.fault(name, "an RFC 3339 time or a date is wanted");
  return instant;
}

}  // namespace

std::vector<ReferenceKey> read_references(BodyReader& body, const char* name,
                                          const HashReference& hash) {
  std::vector<ReferenceKey> references;
  for_each_reference(body, name, hash, [&](BodyReader&, const ReferenceKey& reference) {
    references.push_back(reference);
  });
  return references;
}

ReferenceChanges read_reference_changes(BodyReader& body, const char* name,
                                        const HashReference& hash,
                                        const std::function<Instant(CivilDate)>& start_of_day) {
  ReferenceChanges changes;
  for_each_reference(body, name, hash, [&](BodyReader& item, const ReferenceKey& reference) {
    const auto from = read_moment(item, "from", start_of_day);
    const auto until = read_moment(item, "until", start_of_day);
    if (from && until && *until <= *from) item.fault("until", "must be after from");
    auto& list = until && !from ? changes.ends : changes.claims;
    list.push_back({reference, from, until});
  });
  return changes;
}

}  // namespace thaw::api
