#pragma once

#include <functional>
#include <memory>
#include <string>

#include "application/ports/http.h"
#include "base/instant.h"
#include "base/result.h"

namespace thaw {

struct LoyaltySandboxOptions {
  std::string folder;            // where it keeps what it issued; made if missing
  std::string api_key;           // asked of the /points calls if not empty
  std::function<Instant()> now;  // stamps movements and ages keys
};

/// A small durable stand-in for the points partner, with faults on demand (SPEC §3.3,
/// docs/formats/points-api.md): POST /points, GET /points/{key}, POST /points/{key}/reversal,
/// GET /points?from=&to=, POST and GET /faults, GET /ledger. The fault plan is in memory: a restart
/// begins without faults. Thread-safe; a call blocks its server thread for one SQLite commit.
class LoyaltySandbox final : public HttpHandler {
 public:
  static Result<std::unique_ptr<LoyaltySandbox>> open(LoyaltySandboxOptions options);
  ~LoyaltySandbox() override;

  void handle(HttpRequest request, Reply reply) override;

 private:
  struct Implementation;
  explicit LoyaltySandbox(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace thaw
