#include "app/api/page.h"
#include "app/api/render.h"
#include "app/api/routes.h"
#include "domain/keys.h"

namespace thaw::api {
namespace {

HttpResponse make_refusal(const CallPtr& call, const ImportRefusal& refusal) {
  const FileFault& fault = refusal.fault;
  HttpResponse response =
      make_problem(Reply{.code = refusal.code, .detail = fault.detail}, call->request.request_id);
  if (fault.line == 0 && fault.column == 0) return response;
  Json body = Json::parse(response.body).value_or(Json::object());
  body.set("line", fault.line).set("column", fault.column);
  response.body = body.dump();
  return response;
}

void answer_file(const CallPtr& call, bool is_dry_run, const Result<FileTaken>& taken) {
  if (!taken) return call->fail(503, "unavailable", taken.error().detail);
  if (const auto* refusal = std::get_if<ImportRefusal>(&taken->result)) {
    return call->reply(make_refusal(call, *refusal));
  }
  const auto& accepted = std::get<AcceptedFile>(taken->result);
  const char* status = "applied";
  if (accepted.is_repeat) status = "duplicate_file";
  if (taken->is_applying) status = "applying";
  if (is_dry_run) status = "dry_run";
  HttpResponse response;
  response.status = taken->is_applying ? 202 : 200;
  response.headers.add("Content-Type", "application/json");
  if (taken->is_applying) response.headers.add("Location", "/v1/files/" + accepted.file.id.text());
  if (accepted.is_replay) response.headers.add("Idempotent-Replayed", "true");
  response.body = render(accepted.file, status).dump();
  call->reply(std::move(response));
}

std::optional<bool> read_flag(const CallPtr& call, const char* name) {
  const auto text = call->request.find_query(name);
  if (!text || *text == "false" || *text == "0") return false;
  if (text->empty() || *text == "true" || *text == "1") return true;
  call->fail(422, "invalid", std::string(name) + ": true or false");
  return std::nullopt;
}

void post_file(const CallPtr& call) {
  for (const auto& [name, value] : call->request.query) {
    // A misspelt dry_run would apply the file.
    if (name == "provider" || name == "format" || name == "dry_run") continue;
    return call->fail(422, "invalid", name + ": provider, format, dry_run are known");
  }
  const auto text = call->request.find_query("provider");
  if (!text) return call->fail(422, "invalid", "provider: wanted");
  const auto provider = parse_provider_id(*text);
  if (!provider) return call->fail(404, "unknown_provider", std::string(*text));
  if (!call->check_idempotency_key()) return;
  const auto is_dry_run = read_flag(call, "dry_run");
  if (!is_dry_run) return;
  FileUpload upload{*provider, std::string(call->request.find_query("format").value_or("")),
                    *is_dry_run, std::move(call->request.sink)};
  upload.caller = {call->actor.principal, call->idempotency_key()};
  if (!upload.body) return call->fail(400, "unparsable", "the file is the body");
  call->context.take_file(
      std::move(upload),
      [call, dry = *is_dry_run](const Result<FileTaken>& taken) { answer_file(call, dry, taken); });
}

std::optional<SettlementFile> find_file(const CallPtr& call) {
  auto file = call->read<SettlementFile>(keys::file(FileId(call->captured.front())));
  if (!file) call->fail(404, "unknown_file", call->captured.front());
  return file;
}

void get_file(const CallPtr& call) {
  if (const auto file = find_file(call)) {
    call->answer(200, render(*file, to_string(file->status).data()));
  }
}

void list_files(const CallPtr& call) {
  const auto provider = call->request.find_query("provider");
  answer_page(call, keys::files(),
              [&](StateView&, const std::string&, const StoredRow& row) -> std::optional<Json> {
                const auto file = decode<SettlementFile>(row.bytes);
                if (!file || (provider && file->provider.text() != *provider)) return std::nullopt;
                return render(*file, to_string(file->status).data());
              });
}

/// The record's placement as it is now: lines move as others come.
Placed find_outcome(StateView& view, const FileLine& line) {
  if (line.member.empty() || line.line_key.empty()) return line.outcome;
  const auto row = view.find(line.line_key);
  const auto found = row ? decode<LineRow>(row->bytes) : std::nullopt;
  return found ? found->outcome : line.outcome;
}

void list_file_lines(const CallPtr& call) {
  if (!find_file(call)) return;
  answer_page(call, keys::file_lines_of(FileId(call->captured.front())),
              [](StateView& view, const std::string&, const StoredRow& row) -> std::optional<Json> {
                const auto line = decode<FileLine>(row.bytes);
                if (!line) return std::nullopt;
                Json json = Json::object().set("line", line->line_number);
                json.set("provider_txn_id", line->txn_id);
                if (!line->member.empty()) json.set("member", line->member.text());
                return json.set("outcome", to_string(find_outcome(view, *line)))
                    .set("first_outcome", to_string(line->outcome));
              });
}

}  // namespace

std::vector<Route> file_routes() {
  const std::vector<Role> readers{Role::ingest, Role::ops, Role::care, Role::analyst};
  return {{"POST", {"v1", "files"}, {Role::ingest}, post_file, true},
          {"GET", {"v1", "files"}, readers, list_files},
          {"GET", {"v1", "files", "*"}, readers, get_file},
          {"GET", {"v1", "files", "*", "lines"}, readers, list_file_lines}};
}

}  // namespace thaw::api
