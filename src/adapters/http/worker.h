#pragma once

#include <memory>

#include "adapters/http/session.h"

namespace thaw {

/// One event loop: its listening socket, its connections, and the tick that finds late ones.
class HttpWorker {
 public:
  /// Takes over `listener`.
  HttpWorker(std::shared_ptr<SessionHome> home, int listener);
  ~HttpWorker();

  void run();
  void stop();  // any thread
  /// Any thread; `has_stopped_accepting` turns true soon after, under the totals' mutex.
  void begin_drain();
  bool has_stopped_accepting() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace thaw
