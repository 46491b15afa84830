#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/http/client.h"
#include "adapters/json/json.h"
#include "base/result.h"

namespace thaw::demo {

/// Status 0: no answer came, `body` says why.
struct Answer {
  int status = 0;
  std::string body;
};

/// Calls one server over a few kept connections. `send_all` uses threads of its own and returns
/// when each request is answered or has failed; everything else is for one thread.
class Exchange {
 public:
  static Result<std::unique_ptr<Exchange>> connect(const std::string& url);

  Answer send(const HttpCallRequest& request);
  Answer get(const std::string& target);
  Answer post(const std::string& target, std::string body);
  /// Answers in the order of the requests, which go out in no fixed order. `on_answer` comes from
  /// the threads, after each answer.
  std::vector<Answer> send_all(const std::vector<HttpCallRequest>& requests,
                               const std::function<void()>& on_answer = {});
  /// The items of all pages of a list.
  Result<std::vector<Json>> get_all(const std::string& target);

 private:
  explicit Exchange(std::unique_ptr<HttpClient> client) : client_(std::move(client)) {}

  std::unique_ptr<HttpClient> client_;
};

/// Text or number of a field, "" or 0 if it is not there.
std::string text_in(const Json& object, std::string_view name);
std::int64_t number_in(const Json& object, std::string_view name);

}  // namespace thaw::demo
