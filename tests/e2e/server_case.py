"""A test case with a sandbox and a server of its own, and what tests say of both."""

import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "outside"))
# pylint: disable=wrong-import-position
from openapi_check import check_exchange
from thaw_process import (ON_EXCHANGE, call, list_all, move_clock, post_events, rfc3339,
                          start_sandbox, start_server, write_config)

ON_EXCHANGE.append(check_exchange)

START_MS = 1_761_955_200_000  # 2025-11-01T00:00:00Z
DAY_MS = 86_400_000
CAMPAIGN = {"name": "Cold member activation", "currency": "AUD", "points": 2000,
            "threshold": {"currency": "AUD", "minor": 50_000}, "window": "P30D", "grace": "PT48H",
            "rails": ["debit_card", "apple_pay", "google_pay", "bpay", "bank_transfer"],
            "withdrawal_policy": "deduct", "late_policy": "review",
            "time_zone": "Australia/Sydney"}


class ServerCase(unittest.TestCase):
    """Everything of a class shares one server; tests use members of their own."""

    auth = "none"
    config = ""

    @classmethod
    def setUpClass(cls):
        # Cleanups are called, last first, even if what follows here fails.
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.now_ms = START_MS
        cls.sandbox = start_sandbox(cls.folder.name)
        cls.addClassCleanup(lambda: cls.sandbox.kill())
        write_config(cls.folder.name, cls.sandbox.port, cls.auth, cls.config)
        cls.prepare()
        cls.server = start_server(cls.folder.name, cls.now_ms)
        cls.addClassCleanup(lambda: cls.server.kill())

    @classmethod
    def prepare(cls):
        """What is to be done before the server starts."""

    @classmethod
    def restart(cls):
        """As an operator does it."""
        code = cls.server.terminate()
        cls.server = start_server(cls.folder.name, cls.now_ms)
        return code

    @classmethod
    def crash(cls):
        """As a power cut does it to the process."""
        cls.server.kill()
        cls.server = start_server(cls.folder.name, cls.now_ms)

    @classmethod
    def advance_to(cls, now_ms):
        cls.now_ms = now_ms
        return move_clock(cls.server.port, now_ms)

    def call(self, method, path, body=None, headers=None):
        return call(self.server.port, method, path, body, headers)

    def expect(self, status, method, path, body=None, headers=None):
        """The body of an answer with this status."""
        got, answer = self.call(method, path, body, headers)
        self.assertEqual(got, status, answer)
        return answer

    def expect_problem(self, status, code, method, path, body=None, headers=None):
        """SPEC 3.1: problem+json with a stable code."""
        problem = self.expect(status, method, path, body, headers)
        self.assertEqual(problem["code"], code, problem)
        self.assertEqual(problem["status"], status)
        for field in ("type", "title", "detail", "request_id"):
            self.assertIn(field, problem)
        return problem

    def publish(self, name, **changes):
        self.expect(201, "PUT", f"/v1/campaigns/{name}", {**CAMPAIGN, **changes})
        return self.expect(200, "POST", f"/v1/campaigns/{name}/publish")

    def enrol(self, campaign, member, **more):
        return self.expect(201, "POST", "/v1/enrolments",
                           {"campaign": campaign, "member": member, **more})

    def outcomes(self, events):
        """What a signed delivery of these events is answered with."""
        status, body = post_events(self.server.port, "cardco", events, self.now_ms)
        self.assertEqual(status, 200, body)
        return [result["outcome"] for result in body["results"]]

    def load(self, member, txn, minor, **changes):
        """An event as SPEC 3.1 shows it."""
        return {"id": f"evt-{txn}", "type": "load", "provider_txn_id": txn, "member": member,
                "rail": "apple_pay", "amount": {"currency": "AUD", "minor": minor},
                "occurred_at": rfc3339(self.now_ms), **changes}

    def send_file(self, text, query="", provider="bankco"):
        """A lone surrogate U+DCxx in the text stands for the byte xx, which is no UTF-8."""
        return self.call("POST", f"/v1/files?provider={provider}{query}", text.encode(errors="surrogateescape"))

    def apply_file(self, text, provider="bankco"):
        """The outcomes of a file that is taken."""
        status, body = self.send_file(text, provider=provider)
        self.assertEqual((status, body.get("status")), (200, "applied"), body)
        return body["outcomes"]

    def total(self, member, field="cumulativeTotal"):
        return self.expect(200, "GET", f"/v1/members/{member}/progress")[field]["minor"]

    def find_cases(self, kind, window=""):
        """Open cases of a kind, of one window if it is given."""
        items = list_all(self.server.port, f"/v1/cases?kind={kind}&state=open")
        return [item for item in items if not window or item.get("window_id") == window]


def make_file(file_id, created_ms, records, provider="bankco", rail="bank_transfer"):
    """thaw-csv of one rail: (txn, kind, reference type, reference, minor, initiated, settled,
    original)."""
    lines = [f"H,thaw-csv,1,{provider},{file_id},{rfc3339(created_ms)},AUD"]
    for txn, kind, reference_type, reference, minor, initiated, settled, original in records:
        lines.append(f"R,{txn},{kind},{rail},{reference_type},{reference},{minor},"
                     f"{initiated},{settled},{original},")
    lines.append(f"T,{len(records)},{sum(record[4] for record in records)}")
    return "\n".join(lines) + "\n"
