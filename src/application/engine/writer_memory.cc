#include "application/engine/writer_memory.h"

#include <algorithm>
#include <array>

#include "base/fast_hash.h"
#include "domain/keys.h"

namespace thaw {
void prefetch_for(const WriterMemory& memory, std::span<const QueuedPtr> commands) {
  std::array<std::uint64_t, kPrefetchedAtOnce> members;
  std::size_t count = 0;
  for (const QueuedPtr& queued : commands.first(std::min(kPrefetchedAtOnce, commands.size()))) {
    const auto* load = std::get_if<RecordLine>(&queued->command.body);
    if (!load || load->member.empty()) continue;
    members[count++] = fast_hash(keys::member(load->member));
    memory.members.prefetch(members[count - 1], RowTable::Reach::slot);
    if (memory.has_every_identity) memory.identities.prefetch(keys::identity(load->line));
  }
  for (const RowTable::Reach reach : {RowTable::Reach::row, RowTable::Reach::bytes}) {
    for (const std::uint64_t member : std::span(members).first(count)) {
      memory.members.prefetch(member, reach);
    }
  }
}

}  // namespace thaw
