#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/demo/schedule.h"
#include "base/instant.h"

namespace thaw::demo {

// What members truly do with their money, and how each movement is reported. Nothing here knows
// the rules of the domain.

enum class Rail { debit_card, apple_pay, google_pay, bpay, bank_transfer, npp };
const char* to_string(Rail rail);
bool is_card(Rail rail);

enum class MovementKind { load, withdrawal, reversal, correction };

/// One delivery of a webhook. Some movements have none, some several.
struct WebhookReport {
  Instant delivered_at;  // a slot
  std::int64_t minor = 0;
};

/// How a record in a file says when its payment was made.
enum class StatedTime { instant, date, not_at_all };

struct FileReport {
  std::string id;  // the party's own, not that of the webhook; empty: the party gives none
  CivilDate date;  // of the file
  Instant recorded_at;
  StatedTime stated = StatedTime::instant;
  std::int64_t minor = 0;
  bool is_in_next_file = false;  // the next bank day's file repeats it
};

struct Movement {
  MovementKind kind = MovementKind::load;
  std::string id;  // in webhooks
  Rail rail = Rail::debit_card;
  Instant made_at;
  std::int64_t minor = 0;
  bool is_whole = false;          // a reversal whose webhook names no amount
  std::optional<std::size_t> of;  // what a reversal or correction acts on
  std::vector<WebhookReport> webhooks;
  std::optional<FileReport> record;
};

struct Life {
  std::string member;
  const char* story = "";
  Instant enrolled_at;
  Instant posted_at;    // the slot in which the app says so
  Instant claimed_at;   // the slot in which the bank references are claimed
  std::string crn;      // for bpay
  std::string account;  // for bank transfers and npp
  std::vector<Movement> movements;

  Instant window_ends() const { return enrolled_at + kWindow; }
  Instant decides() const { return window_ends() + kGrace; }
  std::string window_id(const std::string& campaign) const;
};

/// How often each situation came about, by its name.
using Situations = std::map<std::string, std::int64_t>;

}  // namespace thaw::demo
