#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "adapters/json/json.h"
#include "app/cli/cli.h"
#include "app/cli/commands.h"
#include "app/cli/parser.h"

namespace thaw::cli {
namespace {

/// The arguments that every call has, and those of the call at hand.
struct ClientArguments {
  CallArguments call;
  std::string id;
  std::string member;
  std::string campaign;
  std::string provider;
  std::string format;
  std::string path;
  std::string enrolled_at;
  std::string state;
  std::string kind;
  std::string note;
  std::string now;
  std::string advance;
  std::int64_t revision = 0;
  bool is_dry_run = false;
  bool is_all = false;
  bool is_clock = false;
};
using Shared = std::shared_ptr<ClientArguments>;

/// A command that becomes one call: `make` says which.
class Commands {
 public:
  Commands(Shared arguments, int& exit_code)
      : arguments_(std::move(arguments)), exit_code_(exit_code) {}

  CLI::App* add(CLI::App* parent, const char* name, const char* what,
                Result<ServerCall> (*make)(const ClientArguments&)) {
    CLI::App* command = parent->add_subcommand(name, what);
    command->add_option("--server", arguments_->call.server, "where `thaw serve` listens")
        ->envname("THAW_SERVER");
    command->add_option("--key", arguments_->call.key, "API key")->envname("THAW_KEY");
    command->add_flag("--json", arguments_->call.as_json, "print the answer as it came");
    command->callback([arguments = arguments_, &exit_code = exit_code_, make] {
      const auto call = make(*arguments);
      exit_code = call ? call_server(arguments->call, *call) : fail_command(call.error());
    });
    return command;
  }

 private:
  Shared arguments_;
  int& exit_code_;
};

std::string add_query(std::string target, const char* name, const std::string& value) {
  if (value.empty()) return target;
  target += target.find('?') == std::string::npos ? '?' : '&';
  return target + name + "=" + encode(value);
}

Result<ServerCall> put_campaign(const ClientArguments& a) {
  auto body = read_input(a.path);
  if (!body) return fail_with(body);
  return ServerCall{"PUT", "/v1/campaigns/" + encode(a.id), std::move(*body)};
}
Result<ServerCall> publish_campaign(const ClientArguments& a) {
  return ServerCall{"POST", "/v1/campaigns/" + encode(a.id) + "/publish", ""};
}
Result<ServerCall> close_campaign(const ClientArguments& a) {
  return ServerCall{"POST", "/v1/campaigns/" + encode(a.id) + "/close", ""};
}
Result<ServerCall> show_campaign(const ClientArguments& a) {
  return ServerCall{"GET", "/v1/campaigns/" + encode(a.id), ""};
}
Result<ServerCall> enrol(const ClientArguments& a) {
  Json body = Json::object().set("campaign", a.campaign).set("member", a.member);
  if (!a.enrolled_at.empty()) body.set("enrolled_at", a.enrolled_at);
  return ServerCall{"POST", "/v1/enrolments", body.dump()};
}
Result<ServerCall> import_file(const ClientArguments& a) {
  auto body = read_input(a.path);
  if (!body) return fail_with(body);
  std::string target = add_query("/v1/files", "provider", a.provider);
  target = add_query(std::move(target), "format", a.format);
  if (a.is_dry_run) target = add_query(std::move(target), "dry_run", "true");
  return ServerCall{"POST", target, std::move(*body), "text/csv"};
}
Result<ServerCall> show_progress(const ClientArguments& a) {
  return ServerCall{
      "GET", add_query("/v1/members/" + encode(a.member) + "/progress", "campaign", a.campaign),
      ""};
}
Result<ServerCall> show_transactions(const ClientArguments& a) {
  return ServerCall{"GET", "/v1/members/" + encode(a.member) + "/transactions?limit=1000", ""};
}
Result<ServerCall> show_decision(const ClientArguments& a) {
  return ServerCall{"GET",
                    add_query("/v1/decisions/" + encode(a.id), "revision",
                              a.revision > 0 ? std::to_string(a.revision) : ""),
                    ""};
}
Result<ServerCall> show_reward(const ClientArguments& a) {
  return ServerCall{"GET", "/v1/rewards/" + encode(a.id), ""};
}
Result<ServerCall> list_cases(const ClientArguments& a) {
  std::string target = add_query("/v1/cases?limit=1000", "state", a.state);
  return ServerCall{"GET", add_query(std::move(target), "kind", a.kind), ""};
}
Result<ServerCall> show_case(const ClientArguments& a) {
  return ServerCall{"GET", "/v1/cases/" + encode(a.id), ""};
}
ServerCall resolve_case(const ClientArguments& a, const char* how) {
  const std::string body = a.note.empty() ? "" : Json::object().set("note", a.note).dump();
  return {"POST", "/v1/cases/" + encode(a.id) + "/" + how, body};
}
Result<ServerCall> approve_case(const ClientArguments& a) {
  return resolve_case(a, "approve");
}
Result<ServerCall> reject_case(const ClientArguments& a) {
  return resolve_case(a, "reject");
}
Result<ServerCall> show_clock(const ClientArguments&) {
  return ServerCall{"GET", "/v1/clock", ""};
}
Result<ServerCall> move_clock(const ClientArguments& a) {
  Json body = Json::object();
  if (!a.now.empty()) body.set("now", a.now);
  if (!a.advance.empty()) body.set("advance", a.advance);
  return ServerCall{"POST", "/v1/clock", body.dump()};
}
Result<ServerCall> show_fences(const ClientArguments&) {
  return ServerCall{"GET", "/v1/fences", ""};
}
Result<ServerCall> raise_fence(const ClientArguments& a) {
  return ServerCall{"POST", "/v1/fences/raise", Json::object().set("reason", a.note).dump()};
}
Result<ServerCall> lift_fence(const ClientArguments& a) {
  const char* what = a.is_clock ? "clock" : "rewards";
  return ServerCall{"POST", "/v1/fences/lift", Json::object().set("what", what).dump()};
}
Result<ServerCall> redrive(const ClientArguments& a) {
  if (a.is_all) return ServerCall{"POST", "/v1/dead-letters/redrive", ""};
  if (a.id.empty()) return fail(ErrorCode::invalid, "name a dead letter, or --all");
  return ServerCall{"POST", "/v1/dead-letters/" + encode(a.id) + "/redrive", ""};
}
Result<ServerCall> list_dead_letters(const ClientArguments&) {
  return ServerCall{"GET", "/v1/dead-letters?limit=1000", ""};
}

void add_campaign(CLI::App& app, Commands& commands, const Shared& a) {
  CLI::App* group = app.add_subcommand("campaign", "draft, publish, close, show campaigns");
  group->require_subcommand(1);
  CLI::App* put = commands.add(group, "put", "draft a campaign, or its next version", put_campaign);
  put->add_option("id", a->id)->required();
  put->add_option("file", a->path, "JSON of the rules; - for the standard input")->required();
  put->footer("Example:\n  thaw campaign put cold-2025 campaign.json");
  for (const auto& [name, what, make] :
       {std::tuple("publish", "publish what is drafted", &publish_campaign),
        std::tuple("close", "take no more enrolments", &close_campaign),
        std::tuple("show", "all versions", &show_campaign)}) {
    commands.add(group, name, what, make)->add_option("id", a->id)->required();
  }
}

void add_cases(CLI::App& app, Commands& commands, const Shared& a) {
  CLI::App* group = app.add_subcommand("cases", "the manual review queue");
  group->require_subcommand(1);
  CLI::App* list = commands.add(group, "list", "all cases", list_cases);
  list->add_option("--state", a->state, "open, proposed, approved, rejected, closed_by_itself");
  list->add_option("--kind", a->kind, "approval, revision, …");
  commands.add(group, "show", "one case", show_case)->add_option("id", a->id)->required();
  for (const auto& [name, what, make] :
       {std::tuple("approve", "agree to what it proposes", &approve_case),
        std::tuple("reject", "refuse it", &reject_case)}) {
    CLI::App* command = commands.add(group, name, what, make);
    command->add_option("id", a->id)->required();
    command->add_option("--note", a->note, "why, for the audit trail");
  }
}

void add_members(CLI::App& app, Commands& commands, const Shared& a) {
  CLI::App* enrolled = commands.add(&app, "enrol", "enrol a member", enrol);
  enrolled->add_option("campaign", a->campaign)->required();
  enrolled->add_option("member", a->member)->required();
  enrolled->add_option("--at", a->enrolled_at, "RFC 3339; the present if absent");
  enrolled->footer("Example:\n  thaw enrol cold-2025 M1");
  CLI::App* progress = commands.add(&app, "progress", "what the member's app shows", show_progress);
  progress->add_option("member", a->member)->required();
  progress->add_option("--campaign", a->campaign, "the newest enrolment's if absent");
  commands.add(&app, "transactions", "a member's lines, newest first", show_transactions)
      ->add_option("member", a->member)
      ->required();
  CLI::App* decision =
      commands.add(&app, "decision", "the verdict on a window, with its lines", show_decision);
  decision->add_option("window", a->id)->required();
  decision->add_option("--revision", a->revision, "an earlier one");
  commands.add(&app, "reward", "a window's reward and its attempts", show_reward)
      ->add_option("window", a->id)
      ->required();
}

void add_fences(CLI::App& app, Commands& commands, const Shared& a) {
  CLI::App* group = app.add_subcommand("fence", "what keeps effects back");
  group->require_subcommand(1);
  commands.add(group, "show", "which fences are up, and why", show_fences);
  commands.add(group, "raise", "ask for rewards, but send none", raise_fence)
      ->add_option("--reason", a->note, "for whoever is to lift it")
      ->required();
  CLI::App* lift = commands.add(&app, "unfence", "lift a fence: two persons", lift_fence);
  lift->add_flag("--clock", a->is_clock, "timers, held because the clock was set forward");
  lift->footer("Example:\n  thaw unfence --clock");
}

void add_operations(CLI::App& app, Commands& commands, const Shared& a) {
  CLI::App* imported = commands.add(&app, "import", "send a settlement file", import_file);
  imported->add_option("file", a->path)->required();
  imported->add_option("--provider", a->provider)->required();
  imported->add_option("--format", a->format, "the provider's own if absent");
  imported->add_flag("--dry-run", a->is_dry_run, "say what it would do, and change nothing");
  imported->footer("Example:\n  thaw import night.csv --provider bankco --dry-run");
  commands.add(&app, "dead-letters", "what was set aside", list_dead_letters);
  CLI::App* again = commands.add(&app, "redrive", "give a dead letter back", redrive);
  again->add_option("id", a->id, "as `thaw dead-letters` lists it");
  again->add_flag("--all", a->is_all, "all of them; a second person has to agree");
  add_fences(app, commands, a);
  CLI::App* group = app.add_subcommand("clock", "the manual clock of a test server");
  group->require_subcommand(1);
  commands.add(group, "show", "what time it is there", show_clock);
  CLI::App* move =
      commands.add(group, "move", "move it forward and wait for what falls due", move_clock);
  move->add_option("--to", a->now, "RFC 3339");
  move->add_option("--by", a->advance, "ISO 8601, P1DT2H");
}

}  // namespace

void add_client_commands(CLI::App& app, int& exit_code) {
  const auto arguments = std::make_shared<ClientArguments>();
  Commands commands(arguments, exit_code);
  add_campaign(app, commands, arguments);
  add_members(app, commands, arguments);
  add_cases(app, commands, arguments);
  add_operations(app, commands, arguments);
}

}  // namespace thaw::cli
