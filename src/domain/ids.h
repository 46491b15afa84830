#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/strong_id.h"

namespace thaw {

using CampaignId = StrongId<struct CampaignIdKind>;  // [a-z0-9-]{1,32}
using MemberId =
    StrongId<struct MemberIdKind>;  // [A-Za-z0-9_-]{1,64}, an opaque surrogate: no card number
using ProviderId = StrongId<struct ProviderIdKind>;  // [a-z0-9-]{1,32}
using WindowId = StrongId<struct WindowIdKind>;      // {campaign}.{member}.{enrolled_at, epoch ms}
using FileId = StrongId<struct FileIdKind>;          // ours: derived from provider and content

std::optional<CampaignId> parse_campaign_id(std::string_view text);
std::optional<MemberId> parse_member_id(std::string_view text);
std::optional<ProviderId> parse_provider_id(std::string_view text);

/// A provider's own id: printable UTF-8 (base/text.h), 1 to 128 bytes.
bool is_provider_text(std::string_view text);

WindowId make_window_id(const CampaignId& campaign, const MemberId& member, Instant enrolled_at);

/// The parts of a window id; no dot can occur in a campaign or a member.
struct WindowParts {
  CampaignId campaign;
  MemberId member;
  Instant enrolled_at;
};
std::optional<WindowParts> parse_window_id(std::string_view text);

}  // namespace thaw
