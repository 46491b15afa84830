"""Drives the built binary from outside: processes, HTTP, signatures. Knows thaw by SPEC only."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import signal
import subprocess
import time

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BINARY = os.environ.get("THAW_BINARY", "")
READY_WITHIN_S = 60


# Called with (method, path, body, status, content type, answer) of each call; may raise.
ON_EXCHANGE = []


class Gone(Exception):
    """The peer went away: whether the call was carried out is unknown."""


def rfc3339(ms: int) -> str:
    """SPEC 3.1: UTC with milliseconds."""
    seconds, rest = divmod(ms, 1000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{rest:03d}Z"


def call(port: int, method: str, path: str, body=None, headers=None, timeout=45):
    """(status, parsed body). A body that is not text is sent as JSON."""
    sent = body
    if body is not None and not isinstance(body, (str, bytes)):
        body = json.dumps(body)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        data = response.read()
    except (OSError, http.client.HTTPException) as error:
        raise Gone(str(error)) from error
    finally:
        connection.close()
    content_type = response.getheader("Content-Type") or ""
    answer = json.loads(data) if "json" in content_type and data else data.decode()
    for check in ON_EXCHANGE:
        check(method, path, sent, response.status, content_type, answer)
    return response.status, answer


def sign(message_id: str, seconds: int, body: str, secret: str = SECRET) -> str:
    """Standard Webhooks 1.0, written here once more so that both sides are checked."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{message_id}.{seconds}.{body}".encode()
    return "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def post_events(port: int, provider: str, events, now_ms: int, message_id="msg", timeout=45,
                secrets=(SECRET,)):
    """One delivery, signed with each of the secrets."""
    body = json.dumps(events)
    seconds = now_ms // 1000
    headers = {"Content-Type": "application/json", "webhook-id": message_id,
               "webhook-timestamp": str(seconds),
               "webhook-signature": " ".join(sign(message_id, seconds, body, secret)
                                             for secret in secrets)}
    return call(port, "POST", f"/v1/webhooks/{provider}", body, headers, timeout)


class Process:
    """A running `thaw` command that says when it is ready. `prefix`: a command that runs it and
    becomes it (strace -D), so that signals reach thaw itself."""

    def __init__(self, arguments, log: str, prefix=()):
        if not os.path.exists(BINARY):
            raise RuntimeError(f"THAW_BINARY names no file: '{BINARY}'")
        self._log = open(log, "a", encoding="utf-8")
        self.process = subprocess.Popen([*prefix, BINARY, *arguments], stdout=subprocess.PIPE,
                                        stderr=self._log, text=True)
        self.ready_line = self.process.stdout.readline()
        if " ready on http://" not in self.ready_line:
            self.kill()
            raise RuntimeError(f"not ready: '{self.ready_line}', see {log}")
        self.port = int(self.ready_line.split("http://")[1].split()[0].rsplit(":", 1)[1])

    def kill(self):
        """As a crash: nothing is flushed."""
        self.process.send_signal(signal.SIGKILL)
        self._end()

    def terminate(self) -> int:
        """As an operator does; the exit code."""
        self.process.terminate()
        return self._end()

    def _end(self) -> int:
        code = self.process.wait(60)
        self.process.stdout.close()
        self._log.close()
        return code


def start_sandbox(folder: str, port: int = 0) -> Process:
    return Process(["loyalty-sandbox", "--listen", f"127.0.0.1:{port}", "--data",
                    f"{folder}/points"], f"{folder}/sandbox.log")


def start_server(folder: str, clock_ms: int, *more: str, prefix=()) -> Process:
    """On `folder`/thaw.toml and `folder`/data, with a manual clock."""
    return Process(["serve", "--config", f"{folder}/thaw.toml", "--data", f"{folder}/data",
                    "--listen", "127.0.0.1:0", "--clock", f"manual={rfc3339(clock_ms)}", *more],
                   f"{folder}/server.log", prefix)


def run_command(*arguments, environment=None):
    """(exit code, standard output, standard error) of one `thaw` command."""
    done = subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=60,
                          check=False, env={**os.environ, **(environment or {})})
    return done.returncode, done.stdout, done.stderr


def write_config(folder: str, sandbox_port: int, auth: str = "none", more: str = ""):
    with open(f"{folder}/thaw.toml", "w", encoding="utf-8") as file:
        file.write(f"""[auth]
mode = "{auth}"
[loyalty]
url = "http://127.0.0.1:{sandbox_port}"
timeout = "PT1S"
[providers.cardco]
rails = ["debit_card", "apple_pay", "google_pay"]
webhook_secrets = ["{SECRET}"]
[providers.bankco]
rails = ["bpay", "bank_transfer"]
{more}
""")


def move_clock(port: int, to_ms: int, headers=None):
    """Until all that fell due has been decided and each reward tried (SPEC 3.1)."""
    while True:
        status, body = call(port, "POST", "/v1/clock", {"now": rfc3339(to_ms)}, headers)
        if status != 202:
            return status, body


def list_all(port: int, path: str, headers=None):
    """Every item of a paged list."""
    items, cursor = [], ""
    separator = "&" if "?" in path else "?"
    while True:
        status, page = call(port, "GET", f"{path}{separator}limit=1000{cursor}", None, headers)
        assert status == 200, (status, page)
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        cursor = f"&cursor={page['next_cursor']}"


def issued_keys(sandbox_port: int):
    """What the partner's own ledger holds, one entry an issue."""
    return [item["idempotencyKey"] for item in list_all(sandbox_port, "/ledger")
            if item["kind"] == "issue"]
