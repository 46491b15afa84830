#pragma once

#include <string>
#include <vector>

#include "domain/state.h"

namespace thaw {

/// One step in a case's life, for the audit trail.
struct CaseStep {
  Instant at;
  std::string principal;  // empty: thaw itself
  std::string action;     // opened, proposed, approved, rejected, closed
  std::string note;
};
template <typename Archive>
void describe(Archive& ar, CaseStep& s) {
  ar(s.at, s.principal, s.action, s.note);
}

/// An item of the manual review queue. Its id comes from its cause, so that opening it twice is
/// once.
struct ReviewCase {
  std::string id;
  CaseKind kind = CaseKind::approval;
  CaseState state = CaseState::open;
  MemberId member;
  WindowId window;
  std::string subject;                            // what it is about: a line, a file, a reward
  std::string detail;                             // for the person who decides
  std::string proposed_by;                        // principal of the first person
  std::string pending_command;                    // encoded; carried out on approval
  Outcome proposed_outcome = Outcome::in_review;  // of a revision
  std::vector<CaseStep> steps;
};
template <typename Archive>
void describe(Archive& ar, ReviewCase& c) {
  ar(c.id, c.kind, c.state, c.member, c.window, c.subject, c.detail, c.proposed_by,
     c.pending_command, c.proposed_outcome, c.steps);
}

/// Writes a new case, its place in the queue and CaseOpened. Does nothing if it is open, or closed
/// by a person; one that had closed by itself opens again.
void open_case(Work& work, ReviewCase item, const std::string& principal = {});

/// The first id of `base`, `base-2`, `base-3`… whose case is not closed: where a cause may come
/// more than once, each time has a case of its own.
std::string find_open_id(Work& work, const std::string& base);

/// Moves a case to a closing state with its step and CaseResolved; nothing if it is closed already.
void close_case(Work& work, const std::string& id, CaseState state, const std::string& principal,
                const std::string& note);

bool is_closed(CaseState state);

}  // namespace thaw
