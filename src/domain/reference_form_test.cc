#include "domain/reference_form.h"

#include <gtest/gtest.h>

namespace thaw {
namespace {

TEST(ReferenceForm, of_one_reference_is_one_however_it_is_written) {
  const struct {
    const char* type;
    const char* value;
    const char* form;
  } cases[] = {
      {"bpay_crn", "1234567897", "1234567897"},
      {"bpay_crn", "1234 5678-97", "1234567897"},
      {"account_bsb_number", "062-000 12345678", "06200012345678"},
      {"account_bsb_number", "06200012345678", "06200012345678"},
      {"payid", "Ann@Example.com", "ann@example.com"},
      {"payid", "+61-412 345 678", "+61412345678"},
      {"payid", "51 824 753 556", "51824753556"},
      {"card_token", "tok_Ab9", "tok_Ab9"},
      {"bpay_crn", "4111111111111111", "4111111111111111"},  // has its own check digit
  };
  for (const auto& c : cases) EXPECT_EQ(normalise_reference(c.type, c.value), c.form) << c.value;
}

TEST(ReferenceForm, refuses_what_cannot_be_one) {
  const std::pair<const char*, std::string> cases[] = {
      {"bpay_crn", ""},
      {"bpay_crn", "1"},
      {"bpay_crn", "12345x"},
      {"bpay_crn", std::string(21, '1')},
      {"account_bsb_number", "062000"},
      {"account_bsb_number", "062-000 1234 5678 901"},
      {"payid", "ab"},
      {"payid", "12"},
      {"payid", std::string(129, 'a')},
      {"payid", "ann at example.com"},
      {"card_token", "tok 1"},
      {"card_token", "4111 1111 1111 1111"},
      {"card_token", "4111111111111111"},
      {"card_token", "caf\xe9"},
      {"card_token", "caf\xc3\xa9"},
      {"card_token", "tok\n1"},
      {"member_id", "M1"},
  };
  for (const auto& [type, value] : cases) {
    EXPECT_EQ(normalise_reference(type, value), std::nullopt) << value;
  }
}

}  // namespace
}  // namespace thaw
