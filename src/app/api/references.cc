#include "app/api/references.h"

#include <algorithm>
#include <array>

#include "domain/ids.h"

namespace thaw::api {

bool is_reference_type(std::string_view type) {
  static constexpr std::array<std::string_view, 4> kTypes{"bpay_crn", "account_bsb_number", "payid",
                                                          "card_token"};
  return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

std::vector<ReferenceKey> read_references(BodyReader& body, const char* name,
                                          const HashReference& hash) {
  std::vector<ReferenceKey> references;
  const auto list = body.any(name);
  if (!list) return references;
  if (list->type() != Json::Type::array) {
    body.fault(name, "a list is wanted");
    return references;
  }
  for (const Json& item : list->items()) {
    BodyReader inner(item, "/" + std::string(name));
    const auto type = inner.text("type", true);
    const auto value = inner.text("value", true);
    if (type && !is_reference_type(*type)) inner.fault("type", "not a reference type");
    if (value && !is_provider_text(*value)) inner.fault("value", "1 to 128 printable bytes");
    const auto faults = inner.finish();
    for (const FieldFault& fault : faults) body.fault(fault.pointer.substr(1), fault.message);
    if (faults.empty()) references.push_back({*type, hash(*type + ":" + *value)});
  }
  return references;
}

}  // namespace thaw::api
