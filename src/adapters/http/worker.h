#pragma once

#include <memory>

#include "adapters/http/session.h"

namespace thaw {

/// One event loop: its listening socket, its connections, and the tick that finds late ones.
class Worker {
 public:
  /// Takes over `listener`.
  Worker(std::shared_ptr<SessionHome> home, int listener);
  ~Worker();

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
