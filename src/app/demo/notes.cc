#include <fmt/format.h>

#include <fstream>

#include "adapters/crypto/base64.h"
#include "app/demo/closing.h"
#include "app/demo/feed.h"

namespace thaw::demo {
namespace {

constexpr const char* kReadme = R"(What `thaw demo` left here
==========================

  thaw.toml              the server's configuration
  requests/day-09.ndjson every request of 9 March (day 1 is 1 March), headers and body, a line each
  requests/*-first.json  the body of each day's first webhook delivery
  files/*.csv            every settlement file; -truncated and -edited were refused
  data/, points/         what the server and the points partner keep
  server.log, sandbox.log

The server listened on {0}. If it is not running:

  {5} serve --config thaw.toml --data data --listen {1} --clock manual={2}

By hand (from this folder):

  curl -s {0}/v1/clock
  curl -s '{0}/v1/members/{3}/progress'
  curl -s '{0}/v1/decisions/{4}'

  # A file once more: the answer says duplicate_file, with the outcomes of the first time.
  curl -s --data-binary @files/cardfile-2026-03-09-2.csv '{0}/v1/files?provider=cardfile'
  # The same with an amount edited: 409 file_id_conflict.
  curl -s --data-binary @files/cardfile-2026-03-11-2-edited.csv '{0}/v1/files?provider=cardfile'

  # A webhook delivery once more. Its old signature is stale by now (401), so resend.sh signs it
  # at the server's present time; each event answers "duplicate".
  sh resend.sh requests/day-09-first.json
)";

constexpr const char* kResend = R"sh(#!/bin/sh
# Signs a webhook delivery as Standard Webhooks ask for, at the server's present time, and sends it.
# usage: sh resend.sh requests/day-09-first.json
set -eu
url={0}
now=$(curl -s "$url/v1/clock" | sed 's/.*"now":"\([^"]*\)".*/\1/')
at=$(date -u -d "$now" +%s)
id=resent-$$
signature=$({{ printf '%s.%s.' "$id" "$at"; cat "$1"; }} |
  openssl dgst -sha256 -mac HMAC -macopt hexkey:{1} -binary | openssl base64 -A)
curl -s "$url/v1/webhooks/cardco" -H 'Content-Type: application/json' -H "webhook-id: $id" \
  -H "webhook-timestamp: $at" -H "webhook-signature: v1,$signature" --data-binary "@$1"
echo
)sh";

std::string to_hex_key(const std::string& secret) {
  const auto bytes = parse_base64(secret.substr(std::string("whsec_").size()));
  std::string hex;
  for (const char byte : bytes.value_or("")) {
    hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  }
  return hex;
}

}  // namespace

Status leave_notes(const Closing& closing) {
  const std::string& url = closing.stage.server_url();
  std::ofstream readme(closing.stage.folder() / "README.txt");
  readme << fmt::format(fmt::runtime(kReadme), url, url.substr(std::string("http://").size()),
                        to_rfc3339(month_ends()), closing.results.member_to_look_at,
                        closing.results.window_to_look_at, closing.options.program);
  std::ofstream resend(closing.stage.folder() / "resend.sh");
  resend << fmt::format(fmt::runtime(kResend), url, to_hex_key(closing.stage.webhook_secret()));
  if (!readme.flush() || !resend.flush()) {
    return fail(ErrorCode::io, closing.stage.folder().string() + " cannot be written");
  }
  return {};
}

}  // namespace thaw::demo
