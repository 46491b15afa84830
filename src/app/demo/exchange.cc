#include "app/demo/exchange.h"

#include <atomic>
#include <thread>

namespace thaw::demo {
namespace {

constexpr std::size_t kThreads = 4;
constexpr Duration kTimeout = Duration::seconds(60);
constexpr std::uint64_t kAnswerLimit = 64 * 1024 * 1024;

}  // namespace

Result<std::unique_ptr<Exchange>> Exchange::connect(const std::string& url) {
  HttpClientOptions options;
  options.url = url;
  options.answer_limit = kAnswerLimit;
  options.idle_connections_max = kThreads + 1;
  auto client = HttpClient::make(options);
  if (!client) return fail_with(client);
  return std::unique_ptr<Exchange>(new Exchange(std::move(*client)));
}

Answer Exchange::send(const HttpCallRequest& request) {
  auto answer = client_->send(request, kTimeout);
  if (auto* response = std::get_if<HttpResponse>(&answer)) {
    return {response->status, std::move(response->body)};
  }
  return {0, std::get<HttpCallError>(answer).detail};
}

Answer Exchange::get(const std::string& target) {
  return send({"GET", target, {}, ""});
}

Answer Exchange::post(const std::string& target, std::string body) {
  return send({"POST", target, {{"Content-Type", "application/json"}}, std::move(body)});
}

std::vector<Answer> Exchange::send_all(const std::vector<HttpCallRequest>& requests,
                                       const std::function<void()>& on_answer) {
  std::vector<Answer> answers(requests.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < requests.size(); i = next++) {
      answers[i] = send(requests[i]);
      if (on_answer && answers[i].status != 0) on_answer();
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < std::min(kThreads, requests.size()); ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  return answers;
}

Result<std::vector<Json>> Exchange::get_all(const std::string& target) {
  std::vector<Json> all;
  std::string cursor;
  do {
    const std::string page = target + (target.find('?') == std::string::npos ? "?" : "&") +
                             "limit=1000" + (cursor.empty() ? "" : "&cursor=" + cursor);
    const Answer answer = get(page);
    const auto body = Json::parse(answer.body);
    const auto items = body ? body->find("items") : std::nullopt;
    if (answer.status != 200 || !items) {
      return fail(ErrorCode::unavailable,
                  "GET " + page + ": " + std::to_string(answer.status) + " " + answer.body);
    }
    for (Json& item : items->items()) all.push_back(std::move(item));
    cursor = text_in(*body, "next_cursor");
  } while (!cursor.empty());
  return all;
}

std::string text_in(const Json& object, std::string_view name) {
  const auto field = object.find(name);
  return field ? field->as_text().value_or("") : "";
}

std::int64_t number_in(const Json& object, std::string_view name) {
  const auto field = object.find(name);
  return field ? field->as_integer().value_or(0) : 0;
}

}  // namespace thaw::demo
