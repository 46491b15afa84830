#include "app/demo/closing.h"

#include <fmt/format.h>

#include <ostream>

#include "adapters/json/json.h"

namespace thaw::demo {
namespace {

std::string with_commas(std::int64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3 && text[at - 4] != '-';) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

/// As one would type it from here.
std::string to_short_path(const std::filesystem::path& path) {
  std::error_code error;
  const auto relative = std::filesystem::relative(path, error);
  return error || relative.empty() || relative.native().starts_with("..") ? path.string()
                                                                          : relative.string();
}

constexpr int kNameWidth = 64;

/// One closing on its way out.
class Table {
 public:
  Table(const Closing& closing, std::ostream& out) : c_(closing), out_(out) {}

  void print() {
    print_members();
    print_situations();
    print_traffic();
    print_checks();
    print_next();
  }

 private:
  std::string paint(const char* code, const std::string& text) const {
    return c_.has_colours ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
  }
  void title(const char* text) { out_ << '\n' << paint("1", text) << '\n'; }
  void row(int indent, const std::string& what, std::int64_t count, const std::string& more = "") {
    out_ << fmt::format("{:{}}{:<{}}{:>11}{}{}\n", "", 2 + indent, what, kNameWidth - indent,
                        with_commas(count), more.empty() ? "" : "  ", more);
  }
  std::int64_t outcome(const char* name) const {
    const auto found = c_.results.outcomes.find(name);
    return found == c_.results.outcomes.end() ? 0 : found->second;
  }
  void reasons_of(const std::string& outcome_name) {
    for (const auto& [reason, count] : c_.results.reasons) {
      if (reason.starts_with(outcome_name + " ")) {
        row(2, reason.substr(outcome_name.size() + 1), count);
      }
    }
  }

  void print_members() {
    title("Members");
    row(0, "enrolled", c_.results.enrolled);
    row(0, "qualified", outcome("qualified"));
    row(0, "refused", outcome("not_qualified"));
    reasons_of("not_qualified");
    for (const auto& [cause, count] : c_.results.causes) row(4, cause, count);
    row(0, "in review", outcome("in_review"));
    reasons_of("in_review");
    row(0, "issued", c_.results.issued,
        fmt::format("{} points", with_commas(c_.results.points_issued)));
    row(0, "waited for the bank's files over Easter", c_.results.waited_for_files);
    std::int64_t refused = 0;
    for (const auto& [code, count] : c_.figures.refused_at_the_door) refused += count;
    row(0, "refused at the door", refused);
    for (const auto& [code, count] : c_.figures.refused_at_the_door) row(2, code, count);
  }

  void print_situations() {
    title("What happened to them");
    for (const auto& [what, count] : c_.population.situations) row(0, what, count);
  }

  void print_traffic() {
    title("What the server was sent");
    row(0, "HTTP requests", c_.figures.requests);
    row(0, "webhook events", c_.figures.events);
    for (const auto& [outcome_name, count] : c_.figures.event_outcomes) {
      row(2, outcome_name, count);
    }
    row(0, "settlement files", c_.figures.files,
        fmt::format("{} records", with_commas(c_.figures.records)));
    for (const auto& [kind, count] : c_.figures.points_faults) {
      row(0, "points partner: " + kind, count);
    }
  }

  void print_checks() {
    title("Checks");
    for (const Finding& finding : c_.findings.items()) {
      out_ << "  " << (finding.holds ? paint("32", "✓") : paint("31", "✗")) << ' ' << finding.text
           << '\n';
      if (finding.holds) continue;
      for (const std::string& example : finding.examples) out_ << "      " << example << '\n';
    }
    out_ << fmt::format("\n{} in {}.{} s, seed {}\n",
                        c_.findings.all_hold() ? paint("32", "All is as it must be")
                                               : paint("31", "Something is not as it must be"),
                        c_.took_ms / 1000, c_.took_ms % 1000 / 100, c_.options.seed);
  }

  void print_next() {
    title("Look at one member");
    const std::string url = c_.stage.server_url();
    const std::string folder = c_.options.folder.string();
    const std::string program = to_short_path(c_.options.program);
    if (c_.stop_command.empty()) {
      out_ << fmt::format(
          "  {3} serve --config {0}/thaw.toml --data {0}/data --listen {1} \\\n"
          "    --clock manual={2} &\n",
          folder, url.substr(std::string("http://").size()), to_rfc3339(month_ends()), program);
    }
    const auto look = [&](const char* command, const std::string& at) {
      out_ << fmt::format("  {} {} {} --server {}\n", program, command, at, url);
    };
    look("progress", c_.results.member_to_look_at);
    look("decision", c_.results.window_to_look_at);
    look("reward", c_.results.window_to_look_at);
    out_ << fmt::format("  curl -s '{}/v1/members/{}/transactions?limit=100'\n", url,
                        c_.results.member_to_look_at);
    out_ << fmt::format(
        "\nRequests and files lie in {}; README.txt there says how to send them "
        "again.\n",
        folder);
    if (!c_.stop_command.empty()) {
      out_ << fmt::format("Serving on {}, points partner on {}. To end both: {}\n", url,
                          c_.stage.points_url(), c_.stop_command);
    }
  }

  const Closing& c_;
  std::ostream& out_;
};

Json counts_json(const std::map<std::string, std::int64_t>& counts) {
  Json json = Json::object();
  for (const auto& [name, count] : counts) json.set(name, count);
  return json;
}

}  // namespace

void print_table(const Closing& closing, std::ostream& out) {
  Table(closing, out).print();
}

void print_json(const Closing& closing, std::ostream& out) {
  const Results& results = closing.results;
  Json members = Json::object();
  members.set("enrolled", results.enrolled).set("outcomes", counts_json(results.outcomes));
  members.set("reasons", counts_json(results.reasons)).set("causes", counts_json(results.causes));
  members.set("waited_for_files", results.waited_for_files);
  members.set("revisions_proposed", results.revisions_proposed);
  members.set("issued", results.issued).set("points_issued", results.points_issued);
  Json checks = Json::array();
  for (const Finding& finding : closing.findings.items()) {
    Json examples = Json::array();
    for (const std::string& example : finding.examples) examples.push(example);
    checks.push(Json::object()
                    .set("holds", finding.holds)
                    .set("text", finding.text)
                    .set("examples", examples));
  }
  Json json = Json::object();
  json.set("seed", static_cast<std::int64_t>(closing.options.seed));
  json.set("took_ms", closing.took_ms).set("holds", closing.findings.all_hold());
  json.set("members", members).set("situations", counts_json(closing.population.situations));
  json.set("requests", closing.figures.requests).set("events", closing.figures.events);
  json.set("event_outcomes", counts_json(closing.figures.event_outcomes));
  json.set("refused_at_the_door", counts_json(closing.figures.refused_at_the_door));
  json.set("points_faults", counts_json(closing.figures.points_faults));
  json.set("checks", checks);
  json.set("server", closing.stage.server_url()).set("folder", closing.stage.folder().string());
  out << json.dump() << '\n';
}

}  // namespace thaw::demo
