#pragma once

#include <string>
#include <vector>

#include "app/demo/feed.h"
#include "app/demo/webhook_sender.h"

namespace thaw::demo {

/// A request that must be refused, or must change nothing, and the answer that is due.
struct Attempt {
  HttpCallRequest request;
  int status = 0;
  std::string code;  // of the problem; empty: none
  std::string what;
};

HttpCallRequest make_enrolment_request(std::string body);
HttpCallRequest make_upload(const DemoFile& file);

/// Wrong signatures and stale ones, now and then; enrolments that are too late, too far back,
/// doubled with other content, or claim what is another's; files truncated, edited, repeated.
/// Bad files are added to `files` to be left on disk.
std::vector<Attempt> make_mischief(Instant slot, const std::vector<Life>& lives,
                                   const SlotFeed& feed, WebhookSender& sender,
                                   std::vector<DemoFile>& files);

}  // namespace thaw::demo
