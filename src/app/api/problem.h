#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "application/ports/http.h"
#include "domain/reply.h"

namespace thaw::api {

/// One wrong field: a JSON pointer, and what is wanted there.
struct FieldFault {
  std::string pointer;
  std::string message;
  friend bool operator==(const FieldFault&, const FieldFault&) = default;
};

/// RFC 9457: type, title, status, code, detail, request_id, errors[].
HttpResponse make_problem(int status, std::string_view code, const std::string& detail,
                          const std::string& request_id,
                          const std::vector<FieldFault>& errors = {});

/// The problem that a refused command is (SPEC §3.6, "Status"); without a detail of its own it says
/// what can be done about the code.
HttpResponse make_problem(const Reply& reply, const std::string& request_id);

int status_of(ReplyCode code);

}  // namespace thaw::api
