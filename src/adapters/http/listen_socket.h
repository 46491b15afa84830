#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace thaw {

struct ListenSockets {
  std::vector<int> descriptors;  // non-blocking, listening; the caller's to close
  std::uint16_t port = 0;
};

/// `count` sockets on one address and port, between which the kernel spreads connections. Refuses
/// a port on which anybody already listens, although SO_REUSEPORT would let both have it.
Result<ListenSockets> open_listen_sockets(const std::string& address, std::uint16_t port,
                                          std::size_t count);

/// "127.0.0.1:8080", "[::1]:8080"; "" if the socket has no peer.
std::string peer_name(int descriptor);

}  // namespace thaw
