#pragma once

#include "domain/commands.h"
#include "domain/state.h"

namespace thaw {

WriteSet draft_campaign(Work& work, const DraftCampaign& command);
/// With the two-person rule on, the first call opens an approval case and the second person's
/// approval publishes. Publishing what is published already changes nothing.
WriteSet publish_campaign(Work& work, const Command& command, const PublishCampaign& publish);
/// Ends enrolment only; windows already open run on.
WriteSet close_campaign(Work& work, const CloseCampaign& command);
WriteSet configure_provider(Work& work, const ConfigureProvider& command);

}  // namespace thaw
