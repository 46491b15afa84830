#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>

#include "adapters/http/wire.h"

namespace thaw {
namespace {

struct FreeTls {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* tls) const { SSL_free(tls); }
};

std::string last_error() {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  return text.data();
}

/// OpenSSL works on two memory buffers; all bytes go through the wire below, which knows of
/// deadlines, of SIGPIPE, and of whether a byte has left.
class TlsWire final : public Wire {
 public:
  TlsWire(std::unique_ptr<Wire> below, SSL* tls)
      : below_(std::move(below)),
        tls_(tls),
        received_(BIO_new(BIO_s_mem())),
        to_send_(BIO_new(BIO_s_mem())) {
    BIO_set_mem_eof_return(received_, -1);  // empty means "wait", not "end"
    SSL_set_bio(tls, received_, to_send_);  // owns both
    SSL_set_connect_state(tls);
  }

  SSL* tls() { return tls_.get(); }

  WireState shake_hands(Deadline deadline) {
    bool ignored = false;
    return drive(deadline, ignored, [this] { return SSL_do_handshake(tls_.get()); });
  }

  WireState write(std::string_view bytes, Deadline deadline, bool& may_have_left) override {
    std::size_t written = 0;  // the memory buffer takes all at once
    const WireState state = drive(deadline, may_have_left, [&] {
      return SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &written);
    });
    return state;
  }

  WireState read(std::string& into, Deadline deadline) override {
    bool ignored = false;
    std::size_t count = 0;
    const WireState state = drive(deadline, ignored, [&] {
      return SSL_read_ex(tls_.get(), into.data(), into.size(), &count);
    });
    if (state == WireState::ok) into.resize(count);
    return state;
  }

  bool is_quiet() override {
    return SSL_pending(tls_.get()) == 0 && BIO_pending(received_) == 0 && below_->is_quiet();
  }

 private:
  /// Repeats `step`, moving bytes between OpenSSL and the wire, until it is done or cannot be.
  template <typename Step>
  WireState drive(Deadline deadline, bool& may_have_left, Step step) {
    while (true) {
      ERR_clear_error();
      const int result = step();
      const int reason = result > 0 ? SSL_ERROR_NONE : SSL_get_error(tls_.get(), result);
      if (const auto sent = flush(deadline, may_have_left); sent != WireState::ok) return sent;
      switch (reason) {
        case SSL_ERROR_NONE: return WireState::ok;
        case SSL_ERROR_ZERO_RETURN: return WireState::closed;
        case SSL_ERROR_WANT_WRITE: break;
        case SSL_ERROR_WANT_READ:
          if (const auto got = fill(deadline); got != WireState::ok) {
            // An end without close_notify may be an attacker's cut.
            return got == WireState::closed ? WireState::broken : got;
          }
          break;
        default: return WireState::broken;
      }
    }
  }

  WireState flush(Deadline deadline, bool& may_have_left) {
    char* bytes = nullptr;
    const long count = BIO_get_mem_data(to_send_, &bytes);
    if (count <= 0) return WireState::ok;
    const auto state =
        below_->write({bytes, static_cast<std::size_t>(count)}, deadline, may_have_left);
    BIO_reset(to_send_);
    return state;
  }

  WireState fill(Deadline deadline) {
    std::string bytes(16 * 1024, '\0');
    const auto state = below_->read(bytes, deadline);
    if (state == WireState::ok) {
      BIO_write(received_, bytes.data(), static_cast<int>(bytes.size()));
    }
    return state;
  }

  std::unique_ptr<Wire> below_;
  std::unique_ptr<SSL, FreeTls> tls_;
  BIO* received_;
  BIO* to_send_;
};

bool is_numeric(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> ignored{};
  return inet_pton(AF_INET, host.c_str(), ignored.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), ignored.data()) == 1;
}

bool expect_host(SSL* tls, const std::string& host) {
  if (is_numeric(host)) {
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host.c_str()) == 1;
  }
  return SSL_set1_host(tls, host.c_str()) == 1 && SSL_set_tlsext_host_name(tls, host.c_str()) == 1;
}

}  // namespace

struct TlsClientContext::Implementation {
  std::unique_ptr<SSL_CTX, FreeTls> context;
};

TlsClientContext::TlsClientContext(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {}

TlsClientContext::~TlsClientContext() = default;

Result<std::unique_ptr<TlsClientContext>> TlsClientContext::make(const std::string& ca_file) {
  auto in = std::make_unique<Implementation>();
  in->context.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* context = in->context.get();
  if (context == nullptr) return fail(ErrorCode::unavailable, "TLS: " + last_error());
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  const int loaded = ca_file.empty()
                         ? SSL_CTX_set_default_verify_paths(context)
                         : SSL_CTX_load_verify_locations(context, ca_file.c_str(), nullptr);
  if (loaded != 1) {
    return fail(ErrorCode::invalid,
                fmt::format("certificate authorities '{}': {}", ca_file, last_error()));
  }
  return std::unique_ptr<TlsClientContext>(new TlsClientContext(std::move(in)));
}

std::variant<std::unique_ptr<Wire>, HttpCallError> TlsClientContext::wrap(
    std::unique_ptr<Wire> wire, const Url& url, Deadline deadline) const {
  SSL* tls = SSL_new(implementation_->context.get());
  if (tls == nullptr) return HttpCallError{HttpCallFailure::never_sent, last_error()};
  auto wrapped = std::make_unique<TlsWire>(std::move(wire), tls);
  if (!expect_host(tls, url.host)) return HttpCallError{HttpCallFailure::tls, last_error()};
  const WireState state = wrapped->shake_hands(deadline);
  if (state == WireState::ok) return wrapped;
  // An error of TLS itself needs a person; a connection lost meanwhile is like one never made.
  if (ERR_peek_error() == 0) {
    return HttpCallError{HttpCallFailure::never_sent,
                         fmt::format("{}:{}: no TLS handshake", url.host, url.port)};
  }
  const long verdict = SSL_get_verify_result(tls);
  const std::string why =
      verdict == X509_V_OK ? last_error() : X509_verify_cert_error_string(verdict);
  ERR_clear_error();
  return HttpCallError{HttpCallFailure::tls, fmt::format("{}:{}: {}", url.host, url.port, why)};
}

}  // namespace thaw
