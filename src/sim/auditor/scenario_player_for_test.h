#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/auditor/auditor.h"

namespace thaw::audit {

/// Plays a table of tests/scenario to the auditor: the history that its commands make, and what the
/// auditor expects where the table says what the engine answers. Skipped are commands about cases
/// and lists, and all but the first verdict once an enrolment is decided.
class ScenarioPlayer {
 public:
  explicit ScenarioPlayer(Instant start) : now_(start) {}

  /// One line of the table; comments and blank lines do nothing.
  void play(const std::string& text);

  /// "line: what the table says, what the auditor expects", one for each difference.
  const std::vector<std::string>& differences() const { return differences_; }
  int checked() const { return checked_; }

 private:
  /// A command: its words, its `key=value` words, and what the table expects.
  struct Command {
    std::vector<std::string> words;
    std::map<std::string, std::string> options;
    std::vector<std::string> wanted;

    std::string option(const std::string& key) const;
    std::vector<std::string> list(const std::string& key) const;
  };

  static Command parse(const std::string& text);
  void play_campaign(const Command& command);
  void play_provider(const Command& command);
  void play_enrol(const Command& command);
  void play_claim(const Command& command);
  void play_webhook(const Command& command);
  void play_record(const Command& command);
  void play_line(const Command& command);
  void play_progress(const Command& command);
  void play_decision(const Command& command);
  void expire();

  void claim(const std::string& member, const std::string& reference, const Command& command);
  void name_holder(Line& line, const std::string& holder) const;
  Line make_line(const Command& command) const;
  void add(Line line, const Command& command);
  void compare(const std::string& wanted, const std::string& is);
  bool is_decided(const std::string& member) const;
  std::size_t find_enrolment(const std::string& campaign, const std::string& member) const;
  std::vector<std::size_t> find_lines(const Command& command) const;
  Expected expect_now(std::size_t enrolment) const;
  Instant decides_at(const Enrolment& enrolment) const;

  History history_;
  Instant now_;
  std::string file_provider_;
  std::string file_id_;
  Instant file_created_at_;
  std::string text_;
  std::vector<std::string> differences_;
  int checked_ = 0;
};

}  // namespace thaw::audit
