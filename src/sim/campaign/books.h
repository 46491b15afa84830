#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "domain/cases.h"
#include "domain/dead_letters.h"
#include "domain/files.h"
#include "domain/recording.h"
#include "domain/reward.h"
#include "sim/store/sim_store.h"

namespace thaw {

/// Says that a promise is broken.
using Complain = std::function<void(const std::string&)>;

/// All that a store holds at the end, by row key, decoded. Lists are kept as keys alone.
struct Books {
  std::map<std::string, Member> members;
  std::map<std::string, LineRow> lines;
  std::map<std::string, KeptLine> kept;  // under a reference
  std::map<std::string, Decision> decisions;
  std::map<std::string, DecisionLines> decision_lines;
  std::map<std::string, ReviewCase> cases;
  std::map<std::string, Reward> rewards;
  std::map<std::string, DeadLetter> letters;
  std::map<std::string, SettlementFile> files;
  std::vector<std::string> enrolment_list;
  std::vector<std::string> case_list;
  std::vector<std::string> reward_queue;
  std::vector<std::string> timers;
  std::vector<std::string> files_applying;

  static Books read(SimStore& store);

  const ReviewCase* find_case(const std::string& id) const;
  const Decision* find_decision(const WindowId& window, std::int64_t revision) const;
};

}  // namespace thaw
