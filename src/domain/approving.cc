#include "domain/approving.h"

#include <fmt/format.h>

#include "domain/cases.h"
#include "domain/keys.h"

namespace thaw {
namespace {

constexpr int kMaxProposals = 1000;

std::string make_case_id(const Proposal& proposal, int number) {
  std::string id = proposal.action + "-" + proposal.subject;
  return number == 1 ? id : fmt::format("{}-{}", id, number);
}

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
  for (int number = 1; number <= kMaxProposals; ++number) {
    const std::string id = make_case_id(proposal, number);
    const auto before = work.find<ReviewCase>(keys::review_case(id));
    if (before && is_closed(before->state)) continue;
    if (before && before->pending_command == pending) {
      return work.finish({.code = ReplyCode::awaiting_approval, .case_id = id});
    }
    if (before) {
      close_case(work, id, CaseState::closed_by_itself, command.principal, "proposed anew");
      continue;
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
  return Work::refuse(ReplyCode::invalid, "proposed too often: " + proposal.subject);
}

}  // namespace thaw
