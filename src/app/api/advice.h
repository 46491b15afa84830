#pragma once

#include <string_view>

#include "domain/reply.h"

namespace thaw::api {

/// What a caller can do about a refused command, as a sentence for a person; empty for a success.
std::string_view advise(ReplyCode code);

}  // namespace thaw::api
