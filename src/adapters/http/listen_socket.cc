#include "adapters/http/listen_socket.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace thaw {
namespace {

struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;

  sockaddr* raw() { return reinterpret_cast<sockaddr*>(&storage); }
  std::uint16_t& port() {
    return storage.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&storage)->sin6_port
                                         : reinterpret_cast<sockaddr_in*>(&storage)->sin_port;
  }
};

Result<Address> parse_address(const std::string& text, std::uint16_t port) {
  Address address;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  if (inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
    address.storage.ss_family = AF_INET;
    address.length = sizeof(sockaddr_in);
  } else if (inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) == 1) {
    address.storage.ss_family = AF_INET6;
    address.length = sizeof(sockaddr_in6);
  } else {
    return fail(ErrorCode::invalid, fmt::format("'{}' is not a numeric IP address", text));
  }
  address.port() = htons(port);
  return address;
}

std::unexpected<Error> fail_by_errno(const char* what, const std::string& address,
                                     std::uint16_t port) {
  const int error = errno;
  return fail(ErrorCode::unavailable, fmt::format("cannot {} {}:{}: {}", what, address, port,
                                                  std::generic_category().message(error)));
}

/// A bound socket; `shared` lets others of this process bind the same port.
Result<int> bind_socket(Address& at, bool shared, const std::string& address, std::uint16_t port) {
  const int descriptor =
      ::socket(at.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return fail_by_errno("open a socket for", address, port);
  const int on = 1;
  ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (shared) ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  if (::bind(descriptor, at.raw(), at.length) != 0) {
    const auto failed = fail_by_errno("bind", address, port);
    ::close(descriptor);
    return failed;
  }
  return descriptor;
}

/// A socket that listens without SO_REUSEPORT: possible only if nobody else listens on the port.
Result<int> listen_alone(Address& at, const std::string& address, std::uint16_t port) {
  const auto bound = bind_socket(at, false, address, port);
  if (!bound) return bound;
  ::getsockname(*bound, at.raw(), &at.length);
  if (::listen(*bound, SOMAXCONN) == 0) return bound;
  const auto failed = fail_by_errno("listen on", address, port);
  ::close(*bound);
  return failed;
}

}  // namespace

Result<ListenSockets> open_listen_sockets(const std::string& address, std::uint16_t port,
                                          std::size_t count) {
  auto at = parse_address(address, port);
  if (!at) return fail_with(at);
  const auto alone = listen_alone(*at, address, port);
  if (!alone) return fail_with(alone);
  ListenSockets sockets{.descriptors = {*alone}, .port = ntohs(at->port())};
  if (count == 1) return sockets;
  ::close(*alone);
  sockets.descriptors.clear();
  Status status;
  while (status && sockets.descriptors.size() < count) {
    const auto bound = bind_socket(*at, true, address, sockets.port);
    if (!bound) {
      status = fail_with(bound);
      break;
    }
    sockets.descriptors.push_back(*bound);
    if (::listen(*bound, SOMAXCONN) != 0) status = fail_by_errno("listen on", address, port);
  }
  if (status) return sockets;
  for (const int descriptor : sockets.descriptors) ::close(descriptor);
  return fail_with(status);
}

std::string peer_name(int descriptor) {
  Address at;
  at.length = sizeof at.storage;
  if (::getpeername(descriptor, at.raw(), &at.length) != 0) return "";
  char text[INET6_ADDRSTRLEN] = "";
  if (at.storage.ss_family == AF_INET) {
    inet_ntop(AF_INET, &reinterpret_cast<sockaddr_in*>(&at.storage)->sin_addr, text, sizeof text);
    return fmt::format("{}:{}", text, ntohs(at.port()));
  }
  inet_ntop(AF_INET6, &reinterpret_cast<sockaddr_in6*>(&at.storage)->sin6_addr, text, sizeof text);
  return fmt::format("[{}]:{}", text, ntohs(at.port()));
}

}  // namespace thaw
