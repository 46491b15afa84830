#pragma once

#include <string>
#include <utility>

#include "sim/auditor/auditor.h"

namespace thaw::audit {

/// The first instant of the window of M1 and M2: 11:00 in Sydney.
inline const Instant kT0 = *parse_rfc3339("2025-11-01T00:00:00.000Z");

inline Instant days(std::int64_t n) {
  return kT0 + Duration::days(n);
}
inline Instant hours(std::int64_t n) {
  return kT0 + Duration::hours(n);
}
inline CivilDate date(const char* text) {
  return *parse_date(text);
}

/// A webhook's load of M1; the tests change what they need.
inline Line load(std::string id, std::int64_t minor, Instant at, std::string rail = "apple_pay") {
  Line line;
  line.provider = "cardco";
  line.kind = "load";
  line.txn_id = std::move(id);
  line.rail = std::move(rail);
  line.minor = minor;
  line.member = "M1";
  line.made_at.instant = at;
  line.received_at = line.recorded_at = days(40);
  return line;
}

/// A file's record of M1.
inline Line record(std::string provider, std::string id, std::int64_t minor, Stated made_at,
                   std::string rail = "apple_pay") {
  Line line = load(std::move(id), minor, kT0, std::move(rail));
  line.provider = std::move(provider);
  line.made_at = made_at;
  line.by_file = true;
  line.file_id = "F1";
  line.file_created_at = days(39);
  return line;
}

inline Line record(std::string provider, std::string id, std::int64_t minor, Instant at,
                   std::string rail = "apple_pay") {
  return record(std::move(provider), std::move(id), minor, Stated{at, {}}, std::move(rail));
}

/// Known by its settlement date only.
inline Line settled(std::string id, std::int64_t minor, const char* on) {
  Line line = record("bankco", std::move(id), minor, Stated{}, "bpay");
  line.settled_at.date = date(on);
  return line;
}

/// The same line as a withdrawal, which needs no rail.
inline Line withdrawal(Line line) {
  line.kind = "withdrawal";
  if (!line.by_file) line.rail = "";
  return line;
}

/// The same line, taking back what it names.
inline Line reversing(Line line, std::string named, std::string kind = "") {
  line.kind = "reversal";
  line.reverses = std::move(named);
  line.reverses_kind = std::move(kind);
  return line;
}

inline Line correcting(Line line, std::string named) {
  line.kind = "correction";
  line.reverses = std::move(named);
  return line;
}

inline Line of(std::string member, Line line) {
  line.member = std::move(member);
  return line;
}

/// No amount: a reversal of the whole.
inline Line whole(Line line) {
  line.minor.reset();
  return line;
}

/// A history with one campaign, three providers and two enrolled members. netset settles the card
/// loads of cardco under its own ids.
class Story {
 public:
  Story() {
    Rules rules{"cold"};
    rules.rails = {"debit_card", "apple_pay", "bpay", "bank_transfer", "npp"};
    history.rules.push_back(rules);
    const std::vector<std::string> cards = {"debit_card", "apple_pay", "google_pay"};
    history.providers = {{"cardco", cards},
                         {"netset", cards, {"cardco"}},
                         {"bankco", {"bpay", "bank_transfer", "npp"}}};
    history.enrolments = {{"w1", "M1", 0, kT0}, {"w2", "M2", 0, kT0}};
  }

  Rules& rules() { return history.rules.front(); }

  std::size_t add(Line line) {
    line.sequence = static_cast<std::int64_t>(history.lines.size());
    history.lines.push_back(std::move(line));
    return history.lines.size() - 1;
  }

  Expected expected(std::size_t enrolment = 0) const {
    return expect(history, enrolment, [](std::size_t) { return true; });
  }
  std::string placed(std::size_t line, std::size_t enrolment = 0) const {
    return expected(enrolment).placed[line];
  }
  Totals totals(std::size_t enrolment = 0) const { return expected(enrolment).totals; }
  std::string verdict() const {
    const Expected is = expected();
    return is.outcome + " " + is.reason;
  }

  History history;
};

}  // namespace thaw::audit
