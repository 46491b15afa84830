#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "adapters/http/raw_socket_for_test.h"
#include "adapters/http/server.h"

namespace thaw {

/// Handler whose paths are functions of the test; unknown ones echo the body.
class ScriptedHandler : public HttpHandler {
 public:
  using Handle = std::function<void(HttpRequest, Reply)>;
  std::map<std::string, Handle> paths;
  std::map<std::string, std::function<HttpAdmission(const HttpRequest&)>> admissions;

  HttpAdmission admit(const HttpRequest& head) override {
    const auto at = admissions.find(head.path);
    return at == admissions.end() ? HttpAdmission{} : at->second(head);
  }
  void handle(HttpRequest request, Reply reply) override {
    const auto at = paths.find(request.path);
    if (at != paths.end()) return at->second(std::move(request), std::move(reply));
    HttpResponse response;
    response.body = std::move(request.body);
    reply(std::move(response));
  }
};

/// Keeps replies for the test to give, and tells when one has come.
class HeldReplies {
 public:
  ScriptedHandler::Handle handle() {
    return [this](HttpRequest, HttpHandler::Reply reply) {
      const std::lock_guard lock(mutex_);
      replies_.push_back(std::move(reply));
      changed_.notify_all();
    };
  }
  /// Waits for the next one.
  HttpHandler::Reply take() {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(
        changed_.wait_for(lock, std::chrono::seconds(10), [&] { return !replies_.empty(); }));
    auto reply = std::move(replies_.front());
    replies_.erase(replies_.begin());
    return reply;
  }
  std::size_t size() {
    const std::lock_guard lock(mutex_);
    return replies_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<HttpHandler::Reply> replies_;
};

/// A server with its threads, for the length of a test.
class RunningServer {
 public:
  RunningServer(HttpServerOptions options, HttpHandler& handler) {
    const std::size_t count = options.threads;
    auto opened = HttpServer::open(std::move(options), handler);
    EXPECT_TRUE(opened) << opened.error().detail;
    server_ = std::move(*opened);
    for (std::size_t i = 0; i < count; ++i) {
      threads_.emplace_back([this, i] { server_->run(i); });
    }
  }
  ~RunningServer() { stop(); }

  void stop() {
    server_->stop();
    threads_.clear();  // joins
  }
  HttpServer& operator*() { return *server_; }
  HttpServer* operator->() { return server_.get(); }
  RawSocket connect() { return RawSocket::connect(server_->port()); }

 private:
  std::unique_ptr<HttpServer> server_;
  std::vector<std::jthread> threads_;
};

inline std::string post(std::string_view path, std::string_view body,
                        std::string_view headers = "") {
  std::string text = "POST ";
  text.append(path).append(" HTTP/1.1\r\nHost: h\r\nContent-Length: ");
  text.append(std::to_string(body.size())).append("\r\n").append(headers).append("\r\n");
  return text.append(body);
}

inline std::string get(std::string_view path, std::string_view headers = "") {
  std::string text = "GET ";
  return text.append(path).append(" HTTP/1.1\r\nHost: h\r\n").append(headers).append("\r\n");
}

inline int status_of(const std::string& answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9, 3)) : 0;
}

inline bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// Polls a condition that another thread will make true.
template <typename Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace thaw
