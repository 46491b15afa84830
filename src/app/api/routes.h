#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/api/call.h"

namespace thaw::api {

/// One call of SPEC §3.1. `path` segments that are `*` match anything and are captured.
struct Route {
  std::string_view method;
  std::vector<std::string_view> path;
  std::vector<Role> roles;  // any of them; empty: no key is asked for
  void (*handle)(const CallPtr&);
  bool is_upload = false;  // the body goes to a sink of `Context::open_upload`
};

std::vector<Route> campaign_routes();
std::vector<Route> enrolment_routes();
std::vector<Route> member_routes();
std::vector<Route> webhook_routes();
std::vector<Route> verdict_routes();  // decisions, rewards, cases
std::vector<Route> list_routes();     // of rewards, cases
std::vector<Route> mending_routes();  // dead letters, redrive, fences
std::vector<Route> file_routes();
std::vector<Route> operation_routes();  // clock, health, metrics, the door's description

std::vector<Route> all_routes();

}  // namespace thaw::api
