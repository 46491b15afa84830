#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace thaw::cli {

// What each command does once its arguments are parsed. Answers are exit codes; what went wrong is
// said on the standard error.

struct ServeArguments {
  std::string config;
  std::optional<std::string> data;
  std::optional<std::string> listen;
  std::string clock = "wall";  // or "manual=2025-11-01T00:00:00Z"
};
int serve(const ServeArguments& arguments);

struct SandboxArguments {
  std::string listen = "127.0.0.1:8090";
  std::string data = "loyalty-data";
  std::string api_key;
};
int loyalty_sandbox(const SandboxArguments& arguments);

struct KeysArguments {
  std::string data = "thaw-data";
  std::string principal;
  std::vector<std::string> roles;
  std::string id;
  bool as_json = false;
};
int add_key(const KeysArguments& arguments);
int list_keys(const KeysArguments& arguments);
int revoke_key(const KeysArguments& arguments);

struct FolderArguments {
  std::string data = "thaw-data";
  bool as_json = false;
};
int verify(const FolderArguments& arguments);
int rebuild_index(const FolderArguments& arguments);

/// A call to a running server, and how to show its answer.
struct CallArguments {
  std::string server = "http://127.0.0.1:8080";
  std::string key;
  bool as_json = false;
};
struct ServerCall {
  std::string method = "GET";
  std::string target;  // percent-encoded
  std::string body;
  std::string content_type = "application/json";
};
int call_server(const CallArguments& arguments, const ServerCall& call);
/// A path segment or query value, percent-encoded.
std::string encode(const std::string& text);
/// The whole of a file, or of the standard input for "-".
Result<std::string> read_input(const std::string& path);

/// Says it on the standard error; kFailed.
int fail_command(const std::string& what);
int fail_command(const Error& error);

}  // namespace thaw::cli
