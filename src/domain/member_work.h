#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/standing.h"
#include "domain/state.h"

namespace thaw {

/// A member under a command: the member row, its rules, and its lines, read when needed. Lines are
/// added, then `settle` places everything and writes what changed.
class MemberWork {
 public:
  /// More lines than this are stored but no longer judged by machine: the verdict is `in_review`.
  static constexpr std::int64_t kMaxLines = 10'000;
  /// Line rows that one WriteSet may change; the rest follows in SettleMember commands.
  static constexpr std::size_t kMaxLineRows = 32;

  /// `max_line_rows`: less than the default where one command works on several members.
  MemberWork(Work& work, const MemberId& id, std::size_t max_line_rows = kMaxLineRows);

  Member& member() { return member_; }
  bool is_new() const { return is_new_; }
  Enrolment* find_enrolment(const WindowId& window);
  /// The rules of the version that the enrolment is under; never null. Good as long as this.
  const CampaignRules& rules_of(const Enrolment& enrolment) { return *share_rules_of(enrolment); }
  /// All stored lines, those added here included.
  const std::vector<StoredLine>& lines();

  /// Adds a line, checks and claims its identity, and leaves it to `settle` to place it. False:
  /// exactly this line is stored already.
  bool add(Line line);

  /// Ends conflicts of the member's lines with a line of their identity that another member has,
  /// and which is to be the member's: had it come here first, there would have been none. At most
  /// as many as one command may write; false: there are more.
  bool end_conflicts(const Line& moved);

  /// Takes away a line that is another member's, its row too; `settle` places the rest anew.
  void remove(const std::string& key, const LineRow& row);

  /// Forgets a line that is still kept, its row left to the caller. False: it has a place by now.
  bool drop_kept(const LineRow& row);

  /// Tells the lines that name a line which has expired, so that they are no orphans that wait.
  void note_expired(const Line& gone);

  /// Asks for every line to be placed anew at `settle`: an enrolment came, went or was decided.
  void place_all() { place_all_ = true; }

  /// True if lines that were here before stand otherwise now: `settle` is needed without an added
  /// one.
  bool must_settle() const { return place_all_; }

  /// Places, writes rows and events, re-decides where a verdict would flip. Returns where each
  /// added line stands, in order of `add`.
  std::vector<Placed> settle();

  /// What must follow `settle`, if anything: the rest of the line rows, lines that waited for an
  /// added one, or a revision that fell due.
  std::shared_ptr<const Command> find_next() const;

  /// The same where kept lines may still have to be placed: all of them come before a revision,
  /// which has its timer.
  std::shared_ptr<const Command> find_next_to_place() const;

 private:
  const RulesPtr& share_rules_of(const Enrolment& enrolment);
  std::vector<RulesPtr> rules_of_all();
  bool claim_identity(Line& line);
  void replace_stored(const std::string& key, const LineRow& row);
  bool can_place_alone(const Line& line) const;
  void place_alone(StoredLine& added);
  void place_together();
  Instant find_known_at(const std::vector<StoredLine>& lines) const;
  void write_line(const StoredLine& line, const LineRow* before);
  void write_member();

  Work& work_;
  std::size_t max_line_rows_;
  Member member_;
  bool is_new_ = false;
  bool was_awaited_ = false;  // an added line is what others name
  bool place_all_ = false;
  bool repeats_identity_ = false;  // an added line's identity was known before
  std::vector<RulesPtr> rules_;    // those that were needed
  std::vector<StoredLine> added_;
  std::optional<std::vector<StoredLine>> stored_;
};

/// Writes an enrolment's place in the list of its state, taking it from the list of its former one.
void list_enrolment(Work& work, const Enrolment& enrolment, std::optional<EnrolmentState> former);

}  // namespace thaw
