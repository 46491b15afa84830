#include "app/demo/life.h"

#include "base/check.h"

namespace thaw::demo {

const char* to_string(Rail rail) {
  switch (rail) {
    case Rail::debit_card: return "debit_card";
    case Rail::apple_pay: return "apple_pay";
    case Rail::google_pay: return "google_pay";
    case Rail::bpay: return "bpay";
    case Rail::bank_transfer: return "bank_transfer";
    case Rail::npp: return "npp";
  }
  CHECK(false);
}

bool is_card(Rail rail) {
  return rail == Rail::debit_card || rail == Rail::apple_pay || rail == Rail::google_pay;
}

std::string Life::window_id(const std::string& campaign) const {
  return campaign + "." + member + "." + std::to_string(enrolled_at.ms);
}

}  // namespace thaw::demo
