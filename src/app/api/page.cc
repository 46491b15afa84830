#include "app/api/page.h"

namespace thaw::api {
namespace {

constexpr std::size_t kRowsLookedAt = 20'000;
constexpr std::size_t kBatch = 1'000;

}  // namespace

void answer_page(const CallPtr& call, const std::string& prefix,
                 const std::function<std::optional<Json>(StateView&, const std::string& key,
                                                         const StoredRow&)>& render) {
  const auto page = read_page(*call);
  if (!page) return;
  if (!page->after.empty() && !page->after.starts_with(prefix)) {
    return call->fail(422, "invalid", "cursor: not of this list");
  }
  Json items = Json::array();
  std::size_t count = 0;
  std::size_t looked_at = 0;
  std::string last = page->after;
  bool has_more = true;
  call->context.read([&](StateView& view) {
    while (has_more && count < page->limit && looked_at < kRowsLookedAt) {
      const auto rows = view.scan(prefix, kBatch, last.empty() ? prefix : last + '\0');
      for (const auto& [key, row] : rows) {
        if (count >= page->limit) return;
        last = key;
        ++looked_at;
        if (auto item = render(view, key, row)) {
          items.push(std::move(*item));
          ++count;
        }
      }
      has_more = rows.size() == kBatch;
    }
    has_more = has_more && !view.scan(prefix, 1, last + '\0').empty();
  });
  call->answer(200, Json::object()
                        .set("items", items)
                        .set("next_cursor", has_more ? Json(make_cursor(last)) : Json()));
}

}  // namespace thaw::api
