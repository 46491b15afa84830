#pragma once

#include <memory>
#include <string>

#include "base/result.h"

namespace thaw {

/// A PostgreSQL server of the benchmark's own: a new cluster in a folder, reached by a socket in
/// it, durable as shipped (fsync and synchronous_commit on). Stopped with this object. Run as root
/// it changes to the user "postgres", as PostgreSQL demands.
class PostgresServer {
 public:
  /// `programs`: where initdb and pg_ctl are. `folder` must not exist; its parents must be open to
  /// the user "postgres".
  static Result<std::unique_ptr<PostgresServer>> start(const std::string& programs,
                                                       const std::string& folder);
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;
  ~PostgresServer();

  /// For libpq.
  std::string connection() const;

 private:
  PostgresServer(std::string programs, std::string folder);

  std::string programs_;
  std::string folder_;
};

}  // namespace thaw
