#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "application/ports/ledger.h"
#include "application/settlement/record.h"
#include "scenario_words.h"

namespace thaw::scenario {

/// Makes the ledger under test; `now` is the scenario's clock.
using MakeLedger = std::function<std::unique_ptr<Ledger>(std::function<Instant()> now)>;

/// Runs one table against a ledger and collects what did not come out as the table says.
class Runner {
 public:
  explicit Runner(const MakeLedger& make_ledger);

  /// Each fault: "file:line: text: expected …, got …".
  std::vector<std::string> run_file(const std::string& path);

 private:
  struct Provider {
    std::string zone = "Australia/Sydney";
    std::vector<ProviderId> settles_for;
    SettlementLags lags;
  };
  struct PendingRecord {
    Step step;
    FileRecord record;
  };
  struct PendingFile {
    Step step;
    std::vector<PendingRecord> records;
  };

  std::string perform(const Step& step);
  std::string do_campaign(const Step& step);
  std::string do_provider(const Step& step);
  std::string do_enrol(const Step& step);
  std::string do_claim(const Step& step);
  std::string do_webhook(const Step& step);
  std::string do_line(const Step& step);
  std::string do_progress(const Step& step);
  std::string do_decision(const Step& step);
  std::string do_cases(const Step& step);
  std::string do_case(const Step& step);
  void open_file(const Step& step);
  void add_record(const Step& step);
  void apply_file();
  void recheck_waits();

  void move_clock(Instant to);
  void fire_due();
  Reply run(CommandBody body);
  Member find_member(const std::string& id);
  const Enrolment* find_enrolment(const Member& member, const std::string& campaign);
  std::string check(const Step& step, const std::map<std::string, std::string>& found);
  void expect(const Step& step, const std::string& got);

  Instant now_;
  std::unique_ptr<Zones> zones_;
  std::unique_ptr<Ledger> ledger_;
  std::map<std::string, Provider> providers_;
  std::optional<PendingFile> file_;
  std::string path_;
  std::vector<std::string> faults_;
};

}  // namespace thaw::scenario
