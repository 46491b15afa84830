"""Bad input at every door: a clear error with a stable code, and nothing changed (SPEC 3.1, 3.6)."""

import json
import socket
import unittest

from server_case import CAMPAIGN, DAY_MS, START_MS, ServerCase, make_file
from thaw_process import call, post_events, rfc3339, sign


class DoorTest(ServerCase):
    """Tests share a campaign; each has its own member."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        call(cls.server.port, "PUT", "/v1/campaigns/cold", CAMPAIGN)
        call(cls.server.port, "POST", "/v1/campaigns/cold/publish")

    def test_requests_that_are_not_understood(self):
        self.expect_problem(400, "unparsable", "POST", "/v1/enrolments", "{")
        self.expect_problem(422, "invalid", "POST", "/v1/enrolments",
                            {"campaign": "cold", "member": "M9", "colour": "red"})
        self.expect_problem(422, "invalid", "POST", "/v1/enrolments",
                            {"campaign": "cold", "member": "no spaces"})
        self.expect_problem(404, "unknown_campaign", "POST", "/v1/enrolments",
                            {"campaign": "other", "member": "M9"})
        self.expect_problem(404, "no_such_path", "GET", "/v2/anything")
        self.expect_problem(405, "method_not_allowed", "DELETE", "/v1/enrolments")
        self.expect_problem(404, "unknown_enrolment", "GET", "/v1/members/M9/progress")
        self.expect_problem(422, "invalid", "GET", "/v1/rewards?limit=0")

    def test_a_body_that_is_packed(self):
        packed = {"Content-Encoding": "gzip"}
        for path in ("/v1/enrolments", "/v1/webhooks/cardco", "/v1/files?provider=bankco"):
            self.expect_problem(415, "unsupported_content_encoding", "POST", path, b"\x1f\x8b",
                                packed)
        self.expect(201, "POST", "/v1/enrolments", {"campaign": "cold", "member": "M10"},
                    {"Content-Encoding": "identity"})

    def test_enrolment_times_far_from_the_clock(self):
        for code, at_ms in (("future", START_MS + 6 * 60_000), ("too_far_back", START_MS - DAY_MS - 1)):
            self.expect_problem(422, code, "POST", "/v1/enrolments",
                                {"campaign": "cold", "member": "M8", "enrolled_at": rfc3339(at_ms)})

    def test_a_key_is_answered_once_and_not_burnt_by_a_refusal(self):
        headers = {"Idempotency-Key": "k-1"}
        self.expect_problem(404, "unknown_campaign", "POST", "/v1/enrolments",
                            {"campaign": "nope", "member": "M7"}, headers)
        body = {"campaign": "cold", "member": "M7"}
        first = self.expect(201, "POST", "/v1/enrolments", body, headers)
        self.assertEqual(self.expect(201, "POST", "/v1/enrolments", body, headers), first)
        self.expect_problem(409, "idempotency_key_reuse", "POST", "/v1/enrolments",
                            {"campaign": "cold", "member": "M77"}, headers)
        self.assertEqual(self.expect(200, "POST", "/v1/enrolments", body), first)

    def test_signatures(self):
        body = json.dumps([])
        now = self.now_ms // 1000
        good = {"webhook-id": "m", "webhook-timestamp": str(now),
                "webhook-signature": sign("m", now, body)}
        self.assertEqual(self.expect(200, "POST", "/v1/webhooks/cardco", body, good),
                         {"results": []})
        stale = now - 301
        for wrong in ({}, {**good, "webhook-signature": sign("m", now, body + " ")},
                      {**good, "webhook-timestamp": str(now + 1)},
                      {**good, "webhook-timestamp": str(stale),
                       "webhook-signature": sign("m", stale, body)}):
            self.expect_problem(401, "bad_signature", "POST", "/v1/webhooks/cardco", body, wrong)
        self.expect_problem(404, "unknown_provider", "POST", "/v1/webhooks/nobody", body, good)

    def test_events_that_are_wrong_by_themselves(self):
        self.enrol("cold", "M6")
        load = self.load
        events = [(load("M6", "w1", -5), "rejected:amount"),
                  (load("M6", "w2", 2**62), "rejected:amount"),
                  (load("M6", "w3", 10, type="gift"), "rejected:unknown_type"),
                  (load("M6", "w4", 10, rail="bpay"), "rejected:unknown_rail"),
                  (load("M6", "w5", 10, occurred_at=rfc3339(self.now_ms + 301_000)),
                   "rejected:future"),
                  ({"id": "e", "type": "load"}, "rejected:malformed"),
                  (dict(load("M6", "w10", 10), id=None), "rejected:malformed"),
                  (load("M6", "w6", 10, amount={"currency": "NZD", "minor": 10}),
                   "excluded:currency"),
                  (load("M66", "w7", 10), "kept"),
                  (load("M6", "w8", 10, occurred_at=rfc3339(START_MS - 1)),
                   "excluded:before_window"),
                  (load("M6", "w9", 10), "counted")]
        self.assertEqual(self.outcomes([event for event, _ in events]),
                         [outcome for _, outcome in events])
        progress = self.expect(200, "GET", "/v1/members/M6/progress")
        self.assertEqual(progress["cumulativeTotal"]["minor"], 10)

    def test_too_much(self):
        status, problem = post_events(self.server.port, "cardco", [{}] * 501, self.now_ms)
        self.assertEqual((status, problem["code"]), (413, "too_many_events"))
        status, _ = self.call("POST", "/v1/webhooks/cardco", "x" * 1_100_000)
        self.assertEqual(status, 413)
        status, _ = self.call("GET", "/healthz", headers={"X-Long": "x" * 20_000})
        self.assertEqual(status, 431)
        with socket.create_connection(("127.0.0.1", self.server.port)) as peer:
            peer.sendall(b"NONSENSE\r\n\r\n")
            self.assertIn(b" 400 ", peer.recv(4096))

    def test_files_that_are_refused_whole(self):
        self.enrol("cold", "M5")
        good = make_file("F5", START_MS - DAY_MS, [
            ("d1", "payment", "member_id", "M5", 100, "2025-11-01T00:00:00Z", "2025-11-01", "")])
        cases = {"truncated": good[:good.rindex("T,")], "edited": good.replace(",100,", ",101,"),
                 "not a format": "hello\n", "empty": "", "bad date": good.replace("-11-01,", "-31,")}
        for name, text in cases.items():
            status, problem = self.send_file(text)
            self.assertEqual((status, problem["code"]), (422, "invalid"), name)
        self.expect_problem(404, "unknown_provider", "POST", "/v1/files?provider=nobody",
                            good.encode())
        self.assertEqual(self.expect(200, "GET", "/v1/members/M5/progress")
                         ["cumulativeTotal"]["minor"], 0)
        self.assertEqual(self.send_file(good)[0], 200)
        status, problem = self.send_file(good.replace("d1", "d2"))
        self.assertEqual((status, problem["code"]), (409, "file_id_conflict"))

    def test_the_clock_moves_forward_only(self):
        self.expect_problem(409, "clock_moves_forward_only", "POST", "/v1/clock",
                            {"now": rfc3339(START_MS - 1)})
        self.expect_problem(422, "invalid", "POST", "/v1/clock", {})

    def test_health_and_metrics(self):
        self.assertEqual(self.expect(200, "GET", "/healthz")["status"], "ok")
        self.assertEqual(self.expect(200, "GET", "/readyz")["status"], "ready")
        self.assertIn("thaw_journal_records_total", self.expect(200, "GET", "/metrics"))


if __name__ == "__main__":
    unittest.main()
