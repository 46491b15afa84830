#pragma once

#include <string>

#include "app/bench/load_source.h"
#include "app/bench/measured.h"
#include "base/result.h"

namespace thaw {

struct PostgresLoadOptions {
  std::size_t connections = 16;
  std::size_t loads_per_transaction = 1;
  std::size_t in_flight = 4;  // transactions on their way in each connection (pipeline mode)
};

/// Makes the tables, a row for each member and those of `loads_each` loads of every member.
/// `connection` is libpq's.
Status prepare_postgres(const std::string& connection, std::uint64_t members,
                        std::uint64_t loads_each);

/// The work of thaw's loads in SQL: the identity under a unique key, the line, and the member's
/// totals, in one prepared statement; each transaction is durable before its answer. All
/// connections are served by the calling thread.
Result<Measured> run_postgres_loads(const std::string& connection, LoadSource& source,
                                    std::uint64_t loads, PostgresLoadOptions options);

}  // namespace thaw
