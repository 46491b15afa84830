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
      if (records_[record].is_named && is_other_payment_possible(record)) {
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

  /// Whether a named record could stand for a payment of another effect in a pairing of the same
  /// size. The other load is free, or its record can move on, and so forth to a free load or back
  /// to the first. One that is left over, a payment of its own, takes the place of any other.
  bool is_other_payment_possible(std::size_t named) const {
    const auto own = load_of_[named];
    const std::size_t effect = own ? loads_[*own].effect : records_[named].effect;
    for (const std::size_t first : load_order_) {
      if (first == own || loads_[first].effect == effect || !may_confirm(named, first)) continue;
      if (!own || can_make_room(first, named, *own)) return true;
    }
    return false;
  }

  /// Whether as many pairs are left once `named` leaves `own` for `wanted`: whoever held that, or a
  /// record left over before, must get at `own` or at a free load.
  bool can_make_room(std::size_t wanted, std::size_t named, std::size_t own) const {
    if (!record_of_[wanted]) return true;
    std::vector<bool> seen(records_.size());
    seen[named] = true;
    std::vector<std::size_t> open{*record_of_[wanted]};
    for (std::size_t record = 0; record < records_.size(); ++record) {
      if (!load_of_[record]) open.push_back(record);
    }
    while (!open.empty()) {
      const std::size_t record = open.back();
      open.pop_back();
      if (seen[record]) continue;
      seen[record] = true;
      for (const std::size_t load : load_order_) {
        if (load == wanted || !may_confirm(record, load)) continue;
        if (load == own || !record_of_[load]) return true;
        open.push_back(*record_of_[load]);
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
