#include "app/config/config.h"

#include <gtest/gtest.h>

#include "adapters/zones/date_zones.h"

namespace thaw {
namespace {

const DateZones kZones;

TEST(Config, reads_the_shape_of_the_spec) {
  const auto config = parse_config(R"(
[server]
listen = "127.0.0.1:0"
[auth]
mode = "none"
[loyalty]
url = "http://127.0.0.1:8090"
idempotency_horizon = "PT12H"
[providers.cardco]
rails = ["debit_card", "apple_pay"]
webhook_secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
[providers.bankco]
rails = ["bpay", "bank_transfer"]
settles_for = ["cardco"]
[providers.bankco.rail.bpay]
settlement_lag = "P3D"
[providers.bankco.expected]
holidays = ["2026-04-03", "2026-04-06"]
due = "13:00"
)",
                                   "thaw.toml", kZones);
  ASSERT_TRUE(config) << config.error().detail;
  EXPECT_EQ(config->auth, AuthMode::none);
  EXPECT_EQ(config->loyalty.worker.policy.idempotency_horizon, Duration::hours(12));
  ASSERT_EQ(config->providers.size(), 2U);
  EXPECT_EQ(config->providers[0].files.lags.days_for(Rail::bpay), 3);
  EXPECT_EQ(config->providers[1].webhook_secrets.size(), 1U);
}

TEST(Config, names_the_place_of_each_fault) {
  const auto config =
      parse_config("[server]\nlissten = \"x\"\n[auth]\nmode = \"some\"\n", "thaw.toml", kZones);
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().detail,
            "thaw.toml:2:11: server.lissten: unknown key\nthaw.toml:4:8: auth.mode: keys or none");
}

TEST(Config, delayed_rails_come_by_file_unless_their_paths_say_otherwise) {
  const auto load = [&](const std::string& paths) {
    return parse_config("[providers.bankco]\nrails = [\"bpay\", \"npp\"]\n" + paths, "thaw.toml",
                        kZones);
  };
  using Rails = std::vector<Rail>;
  EXPECT_EQ(load("")->providers[0].not_by_webhook, (Rails{Rail::bpay, Rail::bank_transfer}));
  EXPECT_EQ(load("")->providers[0].not_by_file, Rails{});
  const auto both = load("[providers.bankco.rail.bpay]\npaths = [\"webhook\", \"file\"]\n");
  EXPECT_EQ(both->providers[0].not_by_webhook, Rails{Rail::bank_transfer});
  const auto webhook = load("[providers.bankco.rail.npp]\npaths = [\"webhook\"]\n");
  EXPECT_EQ(webhook->providers[0].not_by_file, Rails{Rail::npp});
  EXPECT_FALSE(load("[providers.bankco.rail.npp]\npaths = [\"pigeon\"]\n"));
  EXPECT_FALSE(load("[providers.bankco.rail.npp]\npaths = []\n"));
}

TEST(Config, lengths_of_time_at_the_partner_are_longer_than_nothing) {
  for (const char* key : {"timeout", "idempotency_horizon"}) {
    const auto load = [&](const char* value) {
      return parse_config(std::string("[loyalty]\n") + key + " = \"" + value + "\"\n", "thaw.toml",
                          kZones);
    };
    EXPECT_TRUE(load("PT0.001S")) << key;
    EXPECT_FALSE(load("PT0S")) << key;
  }
}

TEST(Config, a_rail_table_is_of_a_rail_that_the_provider_sends) {
  const auto config = parse_config(
      "[providers.bankco]\nrails = [\"bpay\"]\n[providers.bankco.rail.npp]\nsettlement_lag = "
      "\"P3D\"\n",
      "thaw.toml", kZones);
  ASSERT_FALSE(config);
  EXPECT_NE(config.error().detail.find("providers.bankco.rail.npp: not one of"), std::string::npos)
      << config.error().detail;
}

TEST(Config, two_webhook_secrets_are_valid_at_once_and_no_more) {
  const std::string secret = "\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"";
  const auto load = [&](const std::string& secrets) {
    return parse_config(
        "[providers.cardco]\nrails = [\"apple_pay\"]\nwebhook_secrets = [" + secrets + "]\n",
        "thaw.toml", kZones);
  };
  EXPECT_TRUE(load(secret + "," + secret));
  const auto three = load(secret + "," + secret + "," + secret);
  ASSERT_FALSE(three);
  EXPECT_NE(three.error().detail.find("at most two"), std::string::npos) << three.error().detail;
}

TEST(Config, no_auth_and_no_tls_are_for_loopback_only) {
  EXPECT_TRUE(load_config("", {"127.0.0.1:0", {}}, kZones));
  const auto open = load_config("", {"0.0.0.0:80", {}}, kZones);
  ASSERT_FALSE(open);
  EXPECT_NE(open.error().detail.find("certificate"), std::string::npos);
}

TEST(FileCalendar, easter_has_no_business_dates) {
  const FileCalendar calendar{{1, 2, 3, 4, 5}, {{2026, 4, 3}, {2026, 4, 6}}, 13 * 60};
  EXPECT_TRUE(calendar.is_business_date({2026, 4, 2}));
  EXPECT_FALSE(calendar.is_business_date({2026, 4, 3}));
  EXPECT_FALSE(calendar.is_business_date({2026, 4, 5}));
  const auto files =
      expected_files(calendar, "Australia/Sydney", *parse_rfc3339("2026-04-10T00:00:00Z"), kZones);
  for (const ExpectedFile& file : files) {
    if (file.business_date != "2026-04-02") continue;
    EXPECT_EQ(to_rfc3339(file.day_from), "2026-04-01T13:00:00.000Z");
    EXPECT_EQ(to_rfc3339(file.due_at), "2026-04-07T03:00:00.000Z") << "after the DST change";
    return;
  }
  FAIL() << "2 April is expected";
}

TEST(Config, a_time_of_day_is_four_digits) {
  const auto load = [](const std::string& due) {
    return parse_config(
        "[providers.bankco]\nrails = [\"bpay\"]\n[providers.bankco.expected]\ndue = \"" + due +
            "\"\n",
        "thaw.toml", kZones);
  };
  EXPECT_EQ(load("23:59")->providers[0].expected->due_minutes, 24 * 60 - 1);
  for (const char* due : {"1x:00", "01:0y", "-0:00", "24:00", "1:00", "01:60"}) {
    EXPECT_FALSE(load(due)) << due;
  }
}

}  // namespace
}  // namespace thaw
