#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "app/demo/child_process.h"
#include "app/demo/demo.h"
#include "app/demo/exchange.h"

namespace thaw::demo {

/// The two processes and the folder in which they live.
class Stage {
 public:
  /// Makes the folder anew, writes thaw.toml, starts the points partner and the server.
  static Result<std::unique_ptr<Stage>> set_up(const DemoOptions& options);

  Exchange& server() { return *server_; }
  Exchange& points() { return *points_; }
  const std::string& server_url() const { return server_url_; }
  const std::string& points_url() const { return points_url_; }
  const std::string& webhook_secret() const { return webhook_secret_; }
  const std::filesystem::path& folder() const { return folder_; }

  /// SIGKILL; from any thread that does not use `server()` as owner.
  void kill_server() { server_process_->kill_hard(); }
  /// The same configuration, data folder and port.
  Status start_server_again();
  /// Both go on when the demo ends; tells how to stop them.
  std::string let_go();

 private:
  explicit Stage(const DemoOptions& options);
  Status make_folder() const;
  Status write_config() const;
  Status start_points();
  Status start_server(const std::string& listen);

  std::filesystem::path folder_;
  std::string program_;
  bool keeps_serving_;
  std::string webhook_secret_;
  std::optional<ChildProcess> points_process_;
  std::optional<ChildProcess> server_process_;
  std::string points_url_;
  std::string server_url_;
  std::unique_ptr<Exchange> points_;
  std::unique_ptr<Exchange> server_;
};

}  // namespace thaw::demo
