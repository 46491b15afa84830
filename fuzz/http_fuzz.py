#!/usr/bin/env python3
"""Fuzzes the HTTP surface of the built binary from its own /openapi.json, with schemathesis.

usage: fuzz/http_fuzz.py [--examples N] [--seed N]

Twice, with a server, a manual clock and a points sandbox of its own each time: without keys and with
ids that schemathesis makes up; then with a key, on a campaign that has members, loads, a file and
cases, where webhooks are signed. It fails on any 5xx, any call that takes longer than 10 s, any
status or content type or body that the document does not describe, and if the server is gone or no
longer answers at the end. THAW_BINARY names the binary, else it is that of the release preset.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
os.environ.setdefault("THAW_BINARY", os.path.join(ROOT, "build", "release", "thaw"))
sys.path.insert(0, os.path.join(ROOT, "tests", "outside"))
# pylint: disable=wrong-import-position
from thaw_process import (SECRET, call, list_all, move_clock, post_events, rfc3339, run_command,
                          start_sandbox, start_server, write_config)

SCHEMATHESIS = os.path.join(ROOT, "build", "venv", "bin", "schemathesis")
CHECKS = ("not_a_server_error,status_code_conformance,content_type_conformance,"
          "response_schema_conformance")
START_MS = 1_761_955_200_000  # 2025-11-01T00:00:00Z
LATER_MS = START_MS + 40 * 86_400_000  # when the first members are decided
CAMPAIGN = {"name": "Cold member activation", "currency": "AUD", "points": 2000,
            "threshold": {"currency": "AUD", "minor": 50_000}, "window": "P30D", "grace": "PT48H",
            "rails": ["debit_card", "apple_pay", "google_pay", "bpay", "bank_transfer"],
            "withdrawal_policy": "deduct", "late_policy": "review",
            "time_zone": "Australia/Sydney"}


class Failed(Exception):
    """What the run found."""


def expect(status, port, method, path, body=None, headers=None):
    got, answer = call(port, method, path, body, headers)
    if got != status:
        raise Failed(f"{method} {path}: {got} {answer}")
    return answer


def make_keys(folder):
    """Of two persons."""
    keys = []
    for name in ("ann", "bob"):
        code, out, error = run_command("keys", "add", "--principal", name, "--role", "admin",
                                       "--json", "--data", f"{folder}/data")
        if code:
            raise Failed(error)
        keys.append({"Authorization": f"Bearer {json.loads(out)['key']}"})
    return keys


def make_file():
    return (f"H,thaw-csv,1,bankco,F-1,{rfc3339(LATER_MS)},AUD\n"
            f"R,b-1,payment,bpay,bpay_crn,12345,5000,,{rfc3339(LATER_MS)},,\nT,1,5000\n")


def prepare_data(port, keys):
    """A campaign with something in each table; the ids by the path that takes them. M1 is decided
    and has its points, M2 is under way."""
    ann, bob = keys

    def enrol(member):
        body = {"campaign": "cold", "member": member}
        return expect(201, port, "POST", "/v1/enrolments", body, ann)["window_id"]

    expect(201, port, "PUT", "/v1/campaigns/cold", CAMPAIGN, ann)
    case = expect(202, port, "POST", "/v1/campaigns/cold/publish", None, ann)["case"]
    expect(200, port, "POST", f"/v1/cases/{case}/approve", None, bob)
    decided = enrol("M1")
    events = [{"id": f"evt-{n}", "type": "load", "provider_txn_id": f"pi-{n}", "member": "M1",
               "rail": "apple_pay", "amount": {"currency": "AUD", "minor": 20_000},
               "occurred_at": rfc3339(START_MS)} for n in range(3)]
    status, answer = post_events(port, "cardco", events, START_MS)
    if status != 200:
        raise Failed(f"events: {status} {answer}")
    status, answer = move_clock(port, LATER_MS, ann)
    if status != 200:
        raise Failed(f"clock: {status} {answer}")
    file_id = expect(200, port, "POST", "/v1/files?provider=bankco", make_file(), ann)["file_id"]
    cases = list_all(port, "/v1/cases", ann)
    return {"campaigns": "cold", "members": "M2", "enrolments": enrol("M2"), "decisions": decided,
            "rewards": decided, "files": file_id, "cases": cases[-1]["id"]}


def write_settings(folder, ids):
    """For schemathesis: the ids that exist, by the path that takes them."""
    lines = []
    for table, value in ids.items():
        name = "window_id" if table in ("enrolments", "decisions", "rewards") else "id"
        lines += ["[[operations]]", f'include-path-regex = "^/v1/{table}/\\\\{{"',
                  f'parameters = {{ "path.{name}" = "{value}" }}', ""]
    if ids:
        lines += ["[[operations]]", 'include-path = "/v1/webhooks/{provider}"',
                  'parameters = { "path.provider" = "cardco" }', ""]
    path = f"{folder}/schemathesis.toml"
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))
    return path


def run_schemathesis(folder, port, ids, headers, options):
    """Its report goes to standard output."""
    command = [SCHEMATHESIS, "--config-file", write_settings(folder, ids), "run",
               f"http://127.0.0.1:{port}/openapi.json", "--seed", str(options.seed),
               "--max-examples", str(options.examples), "--phases", "examples,coverage,fuzzing",
               "--checks", CHECKS, "--request-timeout", "10", "--continue-on-failure",
               "--generation-database", "none", "--warnings", "off", "--no-color"]
    for name, value in headers.items():
        command += ["--header", f"{name}:{value}"]
    if ids:
        # The clock stands, or no signature would be fresh any more.
        command += ["--exclude-operation-id", "moveClock"]
    hooks = {"SCHEMATHESIS_HOOKS": "http_fuzz_hooks", "PYTHONPATH": os.path.join(ROOT, "fuzz"),
             "PYTHONDONTWRITEBYTECODE": "1", "THAW_FUZZ_SECRET": SECRET if ids else "",
             "THAW_FUZZ_SECONDS": str(LATER_MS // 1000),
             "THAW_FUZZ_CAMPAIGN": json.dumps(CAMPAIGN)}
    return subprocess.run(command, cwd=folder, env={**os.environ, **hooks}, check=False).returncode


def fuzz(auth, options):
    folder = tempfile.mkdtemp(prefix="thaw-http-fuzz-")
    sandbox = start_sandbox(folder)
    write_config(folder, sandbox.port, auth)
    keys = make_keys(folder) if auth == "keys" else []
    server = start_server(folder, START_MS)
    started = time.monotonic()
    try:
        ids = prepare_data(server.port, keys) if keys else {}
        code = run_schemathesis(folder, server.port, ids, keys[0] if keys else {}, options)
        if server.process.poll() is not None:
            raise Failed(f"the server ended with {server.process.returncode}, see {folder}")
        expect(200, server.port, "GET", "/healthz")
        if code:
            raise Failed(f"schemathesis ended with {code}; server's log and data: {folder}")
    finally:
        server.kill()
        sandbox.kill()
    shutil.rmtree(folder)
    print(f"http fuzz, auth {auth}: ok in {time.monotonic() - started:.1f} s", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--examples", type=int, default=5, help="at most, of each call and kind")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not os.path.exists(SCHEMATHESIS):
        sys.exit("http_fuzz: schemathesis is not there: run ./dev setup")
    failures = []
    for auth in ("none", "keys"):
        try:
            fuzz(auth, options)
        except Failed as failure:
            failures.append(f"auth {auth}: {failure}")
    for failure in failures:
        print(f"http fuzz: FAILED: {failure}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
