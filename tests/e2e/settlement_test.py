"""Waiting for settlement over Easter, and money that comes after the verdict (SPEC 2.6)."""

import datetime
import unittest

from server_case import DAY_MS, ServerCase, make_file
from thaw_process import issued_keys, rfc3339

HOLIDAYS = ["2026-04-03", "2026-04-06"]  # Good Friday, Easter Monday
EXPECTED = """[providers.bankco.expected]
days = ["mon", "tue", "wed", "thu", "fri"]
holidays = ["2026-04-03", "2026-04-06"]
due = "13:00"
"""


def at(text):
    """Milliseconds of an instant in UTC."""
    return int(datetime.datetime.fromisoformat(text + "+00:00").timestamp() * 1000)


ENROLLED_MS = at("2026-03-03T01:00:00")  # noon in Sydney
ENDS_MS = at("2026-04-02T01:00:00")
DECIDES_MS = at("2026-04-04T01:00:00")  # the Saturday before Easter
SMALL = {"threshold": {"currency": "AUD", "minor": 10_000}}


def business_dates(first, last):
    """What the configured calendar expects a file for."""
    day, end = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    while day <= end:
        if day.weekday() < 5 and day.isoformat() not in HOLIDAYS:
            yield day.isoformat()
        day += datetime.timedelta(1)


class SettlementCase(ServerCase):
    """Members are enrolled at one instant of March 2026; the tests go on from there."""

    def begin(self, campaign, *members, **rules):
        self.publish(campaign, **{**SMALL, **rules})
        self.advance_to(ENROLLED_MS)
        windows = [self.enrol(campaign, member)["window_id"] for member in members]
        self.advance_to(ENROLLED_MS + DAY_MS)
        return windows

    def send_day(self, date, *payments):
        """The file of a business date, in its afternoon at the earliest; empty without payments."""
        made_ms = at(f"{date}T05:00:00")
        if self.now_ms < made_ms:
            self.advance_to(made_ms)
        self.assertEqual(self.apply_file(make_file(f"F-{date}", made_ms, [
            (txn, "payment", "member_id", member, minor, initiated, date, "")
            for txn, member, minor, initiated in payments])).get("rejected:malformed"), None)

    def state(self, member):
        return self.expect(200, "GET", f"/v1/members/{member}/progress")["state"]

    def decision(self, window):
        return self.expect(200, "GET", f"/v1/decisions/{window}")

    def verdict(self, window):
        decision = self.decision(window)
        return decision["revision"], decision["outcome"], decision["reason"]


class EasterTest(SettlementCase):
    """48 hours of grace end on the Saturday; the banks' next files are of Tuesday and Wednesday."""

    config = EXPECTED

    def test_only_a_refusal_waits_and_only_for_the_files_of_its_window(self):
        rich, poor, none, late = self.begin("easter", "Rich", "Poor", "None", "Late")
        self.outcomes([self.load("Rich", "r1", 10_000), self.load("Poor", "p1", 6_000),
                       self.load("Late", "l1", 6_000)])
        for date in business_dates("2026-03-03", "2026-04-02"):
            self.send_day(date)
        self.advance_to(DECIDES_MS - 1)
        self.assertEqual(self.state("Rich"), "grace")
        self.advance_to(DECIDES_MS)
        self.assertEqual(self.verdict(rich), (1, "qualified", "qualified"))
        for member, window in (("Poor", poor), ("None", none), ("Late", late)):
            self.assertEqual(self.state(member), "awaiting_settlement")
            self.expect_problem(404, "not_decided", "GET", f"/v1/decisions/{window}")
        # Made in time, but recorded after the cut-off and in no awaited file.
        self.advance_to(DECIDES_MS + 3_600_000)
        self.outcomes([self.load("Late", "l2", 4_000, occurred_at=rfc3339(ENDS_MS - 1))])
        self.advance_to(at("2026-04-07T06:00:00"))
        self.send_day("2026-04-07")  # empty, and counts as arrived
        self.assertEqual(self.state("Poor"), "awaiting_settlement")
        self.advance_to(at("2026-04-08T06:00:00"))
        self.send_day("2026-04-08", ("p2", "Poor", 4_000, "2026-04-01"),
                      ("x1", "None", 10_000, "2026-04-03"))
        self.advance_to(self.now_ms)
        decision = self.decision(poor)
        self.assertEqual((decision["revision"], decision["outcome"]), (1, "qualified"))
        self.assertEqual(decision["decided_at"], "2026-04-08T06:00:00.000Z")
        self.assertEqual({line["provider_txn_id"]: line["placed"] for line in decision["lines"]},
                         {"p1": "counted", "p2": "counted"})
        # The window had ended before the 3rd of April began.
        self.assertEqual(self.verdict(none), (1, "not_qualified", "below_threshold"))
        self.assertEqual(self.verdict(late), (1, "not_qualified", "below_threshold"))
        self.assertEqual(len(self.find_cases("revision", late)), 1)
        self.assertEqual(sorted(issued_keys(self.sandbox.port)),
                         sorted(f"cold-activation-{window}" for window in (rich, poor)))


class WaitEndsTest(SettlementCase):
    """`settlement_wait` is over before the files come."""

    config = EXPECTED

    def list_missing(self):
        """One case for each file, whoever waits for it."""
        return sorted(case["subject"] for case in self.find_cases("file_missing"))

    def test_in_review_until_the_missing_files_are_applied(self):
        paid, unpaid = self.begin("brief", "Paid", "Unpaid", settlement_wait="P2D")
        for date in business_dates("2026-03-03", "2026-04-02"):
            self.send_day(date)
        ends_ms = DECIDES_MS + 2 * DAY_MS
        self.advance_to(ends_ms - 1)
        self.assertEqual(self.state("Paid"), "awaiting_settlement")
        self.advance_to(ends_ms)
        for window in (paid, unpaid):
            self.assertEqual(self.verdict(window), (1, "in_review", "settlement_incomplete"))
            self.assertEqual(self.decision(window)["decided_at"], rfc3339(ends_ms))
        self.assertEqual(self.list_missing(), ["bankco 2026-04-07", "bankco 2026-04-08"])
        self.advance_to(at("2026-04-07T06:00:00"))
        self.send_day("2026-04-07", ("d1", "Paid", 10_000, "2026-04-01"))
        self.advance_to(self.now_ms)
        self.assertEqual(self.list_missing(), ["bankco 2026-04-08"])
        self.assertEqual(self.verdict(paid)[1], "in_review")
        self.advance_to(at("2026-04-08T06:00:00"))
        self.send_day("2026-04-08")
        self.advance_to(self.now_ms)
        self.assertEqual(self.list_missing(), [])
        self.assertEqual(self.verdict(paid)[1:], ("qualified", "qualified"))
        self.assertEqual(self.verdict(unpaid)[1:], ("not_qualified", "below_threshold"))
        self.assertEqual(issued_keys(self.sandbox.port), [f"cold-activation-{paid}"])


class NoCalendarTest(SettlementCase):
    """Without `expected` no file is waited for; what comes after the verdict is a revision."""

    def test_a_late_file(self):
        windows = {}
        for policy in ("review", "auto_issue", "ignore"):
            campaign = policy.replace("_", "-")
            self.publish(campaign, **{**SMALL, "late_policy": policy})
            windows[policy] = f"{campaign}.{policy}.{ENROLLED_MS}"
        self.advance_to(ENROLLED_MS)
        for policy in windows:
            self.enrol(policy.replace("_", "-"), policy)
        self.advance_to(DECIDES_MS)
        for window in windows.values():
            self.assertEqual(self.verdict(window), (1, "not_qualified", "below_threshold"))
        self.advance_to(at("2026-04-08T06:00:00"))
        self.send_day("2026-04-08", *[(f"late-{member}", member, 10_000, "2026-04-01")
                                      for member in windows])
        self.advance_to(self.now_ms)
        # By review: a case; the verdict stands until a person agrees.
        self.assertEqual(self.verdict(windows["review"])[1], "not_qualified")
        case, = self.find_cases("revision", windows["review"])
        lines = self.expect(200, "GET", "/v1/members/review/transactions")["items"]
        self.assertEqual([line["placed"] for line in lines], ["excluded:late"])
        # By itself, within `late_until`.
        self.assertEqual(self.verdict(windows["auto_issue"]), (2, "qualified", "qualified"))
        self.assertEqual(self.find_cases("revision", windows["auto_issue"]), [])
        # Never.
        self.assertEqual(self.verdict(windows["ignore"])[1], "not_qualified")
        self.assertEqual(self.find_cases("revision", windows["ignore"]), [])
        self.expect(200, "POST", f"/v1/cases/{case['id']}/approve")
        self.advance_to(self.now_ms)
        decision = self.decision(windows["review"])
        self.assertEqual((decision["revision"], decision["outcome"]), (2, "qualified"))
        self.assertTrue(decision["cause"])
        self.assertEqual(self.expect(200, "GET", f"/v1/decisions/{windows['review']}?revision=1")
                         ["outcome"], "not_qualified")
        self.assertEqual(sorted(issued_keys(self.sandbox.port)),
                         sorted(f"cold-activation-{windows[policy]}"
                                for policy in ("review", "auto_issue")))


class AcceptedInTimeTest(SettlementCase):
    """A file that was accepted before the verdict counts, however long applying takes."""

    def test_a_large_file_a_crash_and_the_verdict(self):
        window, = self.begin("inside", "In")
        self.advance_to(DECIDES_MS - 1)
        records = [(f"k{i}", "payment", "member_id", f"K{i % 900}", 1, "2026-04-01", "2026-04-02",
                    "") for i in range(30_000)]
        records.append(("last", "payment", "member_id", "In", 10_000, "2026-04-01", "2026-04-02",
                        ""))
        status, body = self.send_file(make_file("LARGE", self.now_ms, records))
        self.assertEqual((status, body["status"]), (202, "applying"), body)
        self.crash()
        self.advance_to(DECIDES_MS)
        self.assertEqual(self.verdict(window), (1, "qualified", "qualified"))
        self.assertEqual([line["provider_txn_id"] for line in self.decision(window)["lines"]],
                         ["last"])
        file = self.expect(200, "GET", f"/v1/files/{body['file_id']}")
        self.assertEqual((file["status"], file["outcomes"]),
                         ("applied", {"counted": 1, "kept": 30_000}))


class AgainstTheMemberTest(SettlementCase):
    """Nothing is taken back without a person, whatever `late_policy` says."""

    def test_a_reversal_after_the_points(self):
        self.publish("back", **{**SMALL, "late_policy": "auto_issue"})
        window = self.enrol("back", "Back")["window_id"]
        self.outcomes([self.load("Back", "b1", 10_000)])
        self.advance_to(self.now_ms + 33 * DAY_MS)
        self.assertEqual(self.verdict(window)[1], "qualified")
        self.outcomes([{"id": "e", "type": "reversal", "provider_txn_id": "rb1", "member": "Back",
                        "reverses": "b1", "occurred_at": rfc3339(self.now_ms)}])
        self.advance_to(self.now_ms)
        self.assertEqual(self.verdict(window)[:2], (1, "qualified"))
        self.assertEqual(len(self.find_cases("revision", window)), 1)
        self.assertEqual(issued_keys(self.sandbox.port), [f"cold-activation-{window}"])


if __name__ == "__main__":
    unittest.main()
