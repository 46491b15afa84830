#include "domain/approving.h"

#include "domain/cases.h"
#include "domain/keys.h"

namespace thaw {
namespace {

/// The command as it is carried out later, with nobody left to ask. Who proposed it stands in the
/// case, so that the same proposal by another person is the same bytes.
std::string encode_pending(const Command& command) {
  Command pending = command;
  pending.principal.clear();
  pending.needs_second_person = false;
  pending.idempotency.reset();
  return encode(pending);
}

}  // namespace

WriteSet await_approval(Work& work, const Command& command, const Proposal& proposal) {
  const std::string pending = encode_pending(command);
  const std::string base = proposal.action + "-" + proposal.subject;
  std::string id = find_open_id(work, base);
  if (const auto waiting = work.find<ReviewCase>(keys::review_case(id))) {
    if (waiting->pending_command == pending) {
      return work.finish({.code = ReplyCode::awaiting_approval, .case_id = id});
    }
    close_case(work, id, CaseState::rejected, command.principal, "proposed anew");
    id = find_open_id(work, base);
  }
  ReviewCase item;
  item.id = id;
  item.kind = CaseKind::approval;
  item.state = CaseState::proposed;
  item.member = proposal.member;
  item.subject = proposal.subject;
  item.detail = proposal.detail;
  item.proposed_by = command.principal;
  item.pending_command = pending;
  open_case(work, std::move(item), command.principal);
  return work.finish({.code = ReplyCode::awaiting_approval, .case_id = id});
}

}  // namespace thaw
