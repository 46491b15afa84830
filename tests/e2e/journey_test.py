"""From enrolment to points: both paths, the verdict, one issue, across a restart."""

import unittest

from server_case import DAY_MS, START_MS, ServerCase, make_file
from thaw_process import issued_keys, rfc3339


class JourneyTest(ServerCase):
    """One campaign month on the manual clock; the tests run in the order of the story's days."""

    def test_a_member_is_paid_once_and_all_pages_say_why(self):
        self.publish("cold-2025")
        enrolment = self.enrol("cold-2025", "M1")
        window = enrolment["window_id"]
        self.assertEqual(window, f"cold-2025.M1.{START_MS}")
        self.assertEqual(enrolment["window_ends_at"], rfc3339(START_MS + 30 * DAY_MS))
        self.assertEqual(enrolment["decides_at"], rfc3339(START_MS + 32 * DAY_MS))
        self.enrol("cold-2025", "M2")
        self.advance_to(START_MS + 2 * DAY_MS)

        good = self.load("M1", "pi_1", 30_000)
        self.assertEqual(self.outcomes([good, self.load("M1", "pi_2", 0), good]),
                         ["counted", "rejected:amount", "duplicate"])
        text = make_file("F1", self.now_ms, [
            ("b1", "payment", "member_id", "M1", 25_000, "2025-11-02", "2025-11-03", ""),
            ("b2", "payment", "bpay_crn", "777", 60_000, "2025-11-02", "2025-11-03", "")])
        status, dry = self.send_file(text, "&dry_run=true")
        self.assertEqual((status, dry["status"]), (200, "dry_run"), dry)
        status, applied = self.send_file(text)
        self.assertEqual((status, applied["status"]), (200, "applied"), applied)
        self.assertEqual(applied["outcomes"], {"counted": 1, "kept": 1})
        self.assertEqual(applied["sum"], {"currency": "AUD", "minor": 85_000})
        self.assertEqual(dry["outcomes"], applied["outcomes"])
        self.assertEqual(self.send_file(text)[1]["status"], "duplicate_file")

        progress = self.expect(200, "GET", "/v1/members/M1/progress")
        self.assertEqual(progress["instantLoadTotal"]["minor"], 30_000)
        self.assertEqual(progress["settledLoadTotal"]["minor"], 25_000)
        self.assertEqual(progress["cumulativeTotal"]["minor"], 55_000)
        self.assertEqual(progress["state"], "active")
        self.assertIn("2-3 days", progress["notice"]["text"])
        transactions = self.expect(200, "GET", "/v1/members/M1/transactions")["items"]
        self.assertEqual(sorted(line["provider_txn_id"] for line in transactions), ["b1", "pi_1"])

        # A reference that is claimed later brings the kept line in (SPEC 2.2).
        self.expect(200, "PUT", "/v1/members/M2/references",
                    {"references": [{"type": "bpay_crn", "value": "777"}]})
        self.assertEqual(self.expect(200, "GET", "/v1/members/M2/progress")
                         ["cumulativeTotal"]["minor"], 60_000)

        self.expect_problem(404, "not_decided", "GET", f"/v1/decisions/{window}")
        self.assertEqual(self.restart(), 0)
        self.assertEqual(self.advance_to(START_MS + 33 * DAY_MS)[0], 200)
        decision = self.expect(200, "GET", f"/v1/decisions/{window}")
        self.assertEqual((decision["outcome"], decision["reason"]), ("qualified", "qualified"))
        self.assertEqual(decision["qualifyingTotal"], {"currency": "AUD", "minor": 55_000})
        self.assertEqual({line["provider_txn_id"]: line["placed"] for line in decision["lines"]},
                         {"pi_1": "counted", "b1": "counted"})
        reward = self.expect(200, "GET", f"/v1/rewards/{window}")
        self.assertEqual(reward["state"], "issued")
        self.assertEqual(reward["idempotency_key"], f"cold-activation-{window}")
        keys = issued_keys(self.sandbox.port)
        self.assertEqual(keys.count(f"cold-activation-{window}"), 1)
        listed = self.expect(200, "GET", "/v1/rewards?state=issued")["items"]
        self.assertEqual(sorted(item["idempotency_key"] for item in listed), sorted(keys))


class ReversalTest(ServerCase):
    """SPEC 3.1: a reversal may leave its amount out; then it takes back the whole."""

    def test_a_reversal_without_an_amount_before_and_after_its_load(self):
        self.publish("cold")
        self.enrol("cold", "M1")
        back = {"type": "reversal", "member": "M1", "occurred_at": rfc3339(self.now_ms)}
        self.assertEqual(self.outcomes([
            self.load("M1", "p1", 900),
            {**back, "id": "r1", "provider_txn_id": "r1", "reverses": "p1"},
            {**back, "id": "r2", "provider_txn_id": "r2", "reverses": "p2"},
            self.load("M1", "p2", 700),
            self.load("M1", "p3", 30)]),
            ["counted", "applied", "held:orphan_reversal", "excluded:reversed", "counted"])
        progress = self.expect(200, "GET", "/v1/members/M1/progress")
        self.assertEqual(progress["cumulativeTotal"]["minor"], 30)


class RewardFaultTest(ServerCase):
    """The partner fails in each way of SPEC 2.7; each qualified window is paid once all the same."""

    FAULTS = ("error", "error_after", "timeout_before", "timeout_after", "drop_before",
              "drop_after", "unreadable_after")

    def test_each_fault_ends_in_one_issue(self):
        self.publish("cold-2025")
        windows = [self.enrol("cold-2025", f"M{i}")["window_id"] for i in range(len(self.FAULTS))]
        self.outcomes([self.load(f"M{i}", f"pi_{i}", 60_000) for i in range(len(windows))])
        from thaw_process import call
        call(self.sandbox.port, "POST", "/faults",
             {"timeout_ms": 1500, "next": [{"fault": fault} for fault in self.FAULTS]})
        self.advance_to(START_MS + 32 * DAY_MS)
        for _ in range(8):  # each retry is due at its own time on this clock
            self.advance_to(self.now_ms + 20 * 60_000)
        self.assertEqual(sorted(issued_keys(self.sandbox.port)),
                         sorted(f"cold-activation-{window}" for window in windows))
        for window in windows:
            self.assertEqual(self.expect(200, "GET", f"/v1/rewards/{window}")["state"], "issued")


if __name__ == "__main__":
    unittest.main()
