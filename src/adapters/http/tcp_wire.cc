#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <limits>
#include <optional>
#include <system_error>

#include "adapters/http/wire.h"

namespace thaw {
namespace {

using Clock = std::chrono::steady_clock;

/// Closes on destruction.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }

 private:
  int number_;
};

/// True once one of `events` (or an error) is there; false at the deadline.
bool wait_for(int descriptor, short events, Deadline deadline) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    pollfd entry{descriptor, events, 0};
    const int at_most = static_cast<int>(std::min<std::int64_t>(left, 60'000));
    if (::poll(&entry, 1, at_most) > 0) return true;
  }
}

bool would_block(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

class TcpWire final : public Wire {
 public:
  explicit TcpWire(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

  WireState write(std::string_view bytes, Deadline deadline, bool& may_have_left) override {
    while (!bytes.empty()) {
      const ssize_t count =
          ::send(descriptor_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (count > 0) {
        may_have_left = true;
        bytes.remove_prefix(static_cast<std::size_t>(count));
      } else if (!would_block(errno)) {
        return WireState::broken;
      } else if (!wait_for(descriptor_.get(), POLLOUT, deadline)) {
        return WireState::timeout;
      }
    }
    return WireState::ok;
  }

  WireState read(std::string& into, Deadline deadline) override {
    while (true) {
      const ssize_t count = ::recv(descriptor_.get(), into.data(), into.size(), MSG_DONTWAIT);
      if (count > 0) {
        into.resize(static_cast<std::size_t>(count));
        return WireState::ok;
      }
      if (count == 0) return WireState::closed;
      if (!would_block(errno)) return WireState::broken;
      if (!wait_for(descriptor_.get(), POLLIN, deadline)) return WireState::timeout;
    }
  }

  bool is_quiet() override {
    char byte = 0;
    const ssize_t count = ::recv(descriptor_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return count < 0 && would_block(errno);
  }

 private:
  Descriptor descriptor_;
};

/// Nothing, with `problem` saying why, if this address does not answer.
std::optional<Descriptor> connect_to(const addrinfo& address, Deadline deadline,
                                     std::string& problem) {
  Descriptor descriptor(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  int error = 0;
  if (descriptor.get() < 0 ||
      (::connect(descriptor.get(), address.ai_addr, address.ai_addrlen) != 0 &&
       errno != EINPROGRESS)) {
    error = errno;
  } else if (!wait_for(descriptor.get(), POLLOUT, deadline)) {
    error = ETIMEDOUT;
  } else {
    socklen_t size = sizeof error;
    ::getsockopt(descriptor.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  }
  if (error != 0) {
    problem = std::generic_category().message(error);
    return std::nullopt;
  }
  const int on = 1;
  ::setsockopt(descriptor.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return descriptor;
}

HttpCallError never_sent(const Url& url, std::string_view problem) {
  return {HttpCallFailure::never_sent, fmt::format("{}:{}: {}", url.host, url.port, problem)};
}

}  // namespace

std::variant<std::unique_ptr<Wire>, HttpCallError> connect_tcp(const Url& url, Deadline deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failed = ::getaddrinfo(url.host.c_str(), url.port.c_str(), &hints, &found);
  if (failed != 0) return never_sent(url, ::gai_strerror(failed));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
  std::string problem = "no address";
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    auto descriptor = connect_to(*at, deadline, problem);
    if (descriptor) return std::make_unique<TcpWire>(std::move(*descriptor));
  }
  return never_sent(url, problem);
}

}  // namespace thaw
