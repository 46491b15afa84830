#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace thaw {

/// A bare loopback socket that says and hears exactly what a test wants. Waits up to 10 s.
class RawSocket {
 public:
  explicit RawSocket(int descriptor) : descriptor_(descriptor) {}
  RawSocket(RawSocket&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), unread_(std::move(other.unread_)) {}
  ~RawSocket() { close(); }

  static RawSocket connect(std::uint16_t port) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at = loopback(port);
    EXPECT_EQ(::connect(descriptor, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    return RawSocket(descriptor);
  }
  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
  }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }
  /// False at the end of the stream, after a reset, or when nothing comes.
  bool receive_some() {
    pollfd entry{descriptor_, POLLIN, 0};
    timed_out_ = ::poll(&entry, 1, 10'000) <= 0;
    if (timed_out_) return false;
    char bytes[16 * 1024];
    const ssize_t count = ::recv(descriptor_, bytes, sizeof bytes, 0);
    if (count > 0) unread_.append(bytes, static_cast<std::size_t>(count));
    return count > 0;
  }
  /// All up to and including `end`; what came, if it never comes.
  std::string read_until(std::string_view end) {
    while (true) {
      if (const std::size_t at = unread_.find(end); at != std::string::npos) {
        return take(at + end.size());
      }
      if (!receive_some()) return take(unread_.size());
    }
  }
  std::string read_exactly(std::size_t count) {
    while (unread_.size() < count && receive_some()) {
    }
    return take(std::min(count, unread_.size()));
  }
  std::string read_to_end() {
    while (receive_some()) {
    }
    return take(unread_.size());
  }
  /// Head and body of an answer with a Content-Length.
  std::string read_answer() {
    std::string head = read_until("\r\n\r\n");
    const std::size_t at = head.find("Content-Length: ");
    if (at == std::string::npos) return head;
    return head + read_exactly(std::stoul(head.substr(at + 16)));
  }
  /// True if the peer ends the connection, without more bytes.
  bool is_ended() { return read_to_end().empty() && !timed_out_; }

  void end_sending() { ::shutdown(descriptor_, SHUT_WR); }
  /// Closing now sends a reset.
  void reset() {
    const linger now{1, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
  }
  void close() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }
  int descriptor() const { return descriptor_; }

 private:
  std::string take(std::size_t count) {
    std::string taken = unread_.substr(0, count);
    unread_.erase(0, count);
    return taken;
  }

  int descriptor_;
  std::string unread_;
  bool timed_out_ = false;
};

/// Listens on a free port, and hands out connections one by one.
class RawListener {
 public:
  RawListener() : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at = RawSocket::loopback(0);
    EXPECT_EQ(::bind(descriptor_, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    EXPECT_EQ(::listen(descriptor_, 16), 0);
    socklen_t size = sizeof at;
    ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&at), &size);
    port_ = ntohs(at.sin_port);
  }
  ~RawListener() { close(); }

  std::uint16_t port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  RawSocket accept() { return RawSocket(::accept(descriptor_, nullptr, nullptr)); }
  void close() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }

 private:
  int descriptor_;
  std::uint16_t port_ = 0;
};

}  // namespace thaw
