#include "domain/pairing.h"

#include <algorithm>
#include <tuple>

namespace thaw {
namespace {

template <typename Item>
std::vector<std::size_t> sorted_by_time_and_id(std::span<const Item> items) {
  std::vector<std::size_t> order(items.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  // total: (time, provider, id) is unique, since items are groups of one identity.
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto key = [&](std::size_t i) {
      return std::tie(items[i].at, items[i].provider, items[i].txn_id);
    };
    return key(a) < key(b);
  });
  return order;
}

/// One pairing problem under solution. Loads and records are named by their index in the input.
class Solver {
 public:
  Solver(std::span<const PairingLoad> loads, std::span<const PairingRecord> records)
      : loads_(loads),
        records_(records),
        load_order_(sorted_by_time_and_id(loads)),
        load_of_(records.size()),
        record_of_(loads.size()) {}

  Pairing solve() {
    for (const std::size_t record : sorted_by_time_and_id(records_)) confirm_earliest(record);
    Pairing pairing;
    pairing.load_of = load_of_;
    pairing.is_ambiguous.resize(records_.size());
    if (!could_be_ambiguous()) return pairing;
    for (std::size_t record = 0; record < records_.size(); ++record) {
      if (!load_of_[record]) mark_swaps(record, pairing.is_ambiguous);
      if (load_of_[record] && records_[record].is_named && other_load_possible(record)) {
        pairing.is_ambiguous[record] = true;
      }
    }
    for (std::size_t record = 0; record < records_.size(); ++record) {
      if (pairing.is_ambiguous[record]) pairing.load_of[record].reset();
    }
    return pairing;
  }

 private:
  bool may_confirm(std::size_t record, std::size_t load) const {
    const PairingRecord& r = records_[record];
    const PairingLoad& l = loads_[load];
    return l.at >= r.confirms_from && l.at < r.confirms_until &&
           std::find(r.settles_for.begin(), r.settles_for.end(), l.provider) != r.settles_for.end();
  }

  void confirm_earliest(std::size_t record) {
    for (const std::size_t load : load_order_) {
      if (record_of_[load] || !may_confirm(record, load)) continue;
      record_of_[load] = record;
      load_of_[record] = load;
      return;
    }
  }

  /// Nearly always every line of one amount counts alike and none is named: then no swap can
  /// matter.
  bool could_be_ambiguous() const {
    const bool named =
        std::any_of(records_.begin(), records_.end(), [](const auto& r) { return r.is_named; });
    const bool left_over =
        std::any_of(load_of_.begin(), load_of_.end(), [](const auto& l) { return !l; });
    return named || left_over;
  }

  /// From a left-over record along alternating paths: records which could be left over in its
  /// place, and free loads which it could confirm after some swaps.
  void mark_swaps(std::size_t left_over, std::vector<bool>& is_ambiguous) {
    std::vector<bool> seen(records_.size());
    std::vector<std::size_t> open{left_over};
    seen[left_over] = true;
    const std::size_t effect = records_[left_over].effect;
    while (!open.empty()) {
      const std::size_t record = open.back();
      open.pop_back();
      for (const std::size_t load : load_order_) {
        if (!may_confirm(record, load)) continue;
        if (!record_of_[load]) {
          if (effect != 0) is_ambiguous[left_over] = true;
          continue;
        }
        const std::size_t other = *record_of_[load];
        if (seen[other]) continue;
        seen[other] = true;
        open.push_back(other);
        if (records_[other].effect != effect) {
          is_ambiguous[left_over] = true;
          is_ambiguous[other] = true;
        }
      }
    }
  }

  /// Whether a named record could confirm a load of another effect in a pairing of the same size:
  /// the other load is free, or its record can move on, and so forth to a free load or back to the
  /// first.
  bool other_load_possible(std::size_t named) const {
    const std::size_t own = *load_of_[named];
    for (const std::size_t first : load_order_) {
      if (first == own || loads_[first].effect == loads_[own].effect ||
          !may_confirm(named, first)) {
        continue;
      }
      if (can_make_room(first, own)) return true;
    }
    return false;
  }

  bool can_make_room(std::size_t wanted, std::size_t freed) const {
    std::vector<bool> seen(loads_.size());
    std::vector<std::size_t> open{wanted};
    seen[wanted] = true;
    while (!open.empty()) {
      const std::size_t load = open.back();
      open.pop_back();
      if (load == freed || !record_of_[load]) return true;
      const std::size_t holder = *record_of_[load];
      for (const std::size_t next : load_order_) {
        if (seen[next] || !may_confirm(holder, next)) continue;
        seen[next] = true;
        open.push_back(next);
      }
    }
    return false;
  }

  std::span<const PairingLoad> loads_;
  std::span<const PairingRecord> records_;
  std::vector<std::size_t> load_order_;
  std::vector<std::optional<std::size_t>> load_of_;
  std::vector<std::optional<std::size_t>> record_of_;
};

}  // namespace

Pairing pair_records(std::span<const PairingLoad> loads, std::span<const PairingRecord> records) {
  return Solver(loads, records).solve();
}

}  // namespace thaw
