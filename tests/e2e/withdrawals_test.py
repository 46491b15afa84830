"""Withdrawals: three policies, grace, reversals, and the edges of a window (SPEC 2.3, 2.5)."""

import time
import unittest

from server_case import DAY_MS, ServerCase, make_file
from thaw_process import rfc3339

POLICIES = ("deduct", "ignore", "disqualify")
WINDOW_MS, DECIDE_MS = 30 * DAY_MS, 32 * DAY_MS
HOUR_MS = 3_600_000


class WithdrawalsTest(ServerCase):
    """Each test enrols one member in three campaigns that differ by policy only; the threshold is
    AUD 100. The clock goes on from test to test."""

    config = """[providers.cardfile]
rails = ["debit_card"]
settles_for = ["cardco"]
"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        maker = cls("publish")
        for policy in POLICIES:
            maker.publish(policy, withdrawal_policy=policy,
                          threshold={"currency": "AUD", "minor": 10_000})

    def begin(self, member):
        self.member, self.begin_ms = member, self.now_ms
        for policy in POLICIES:
            self.enrol(policy, member)

    def send(self, kind, txn, minor, after_ms, **more):
        """The outcome of one event at this time after the enrolment; no amount if it is None."""
        event = self.load(self.member, txn, minor or 0, type=kind,
                          occurred_at=rfc3339(self.begin_ms + after_ms), **more)
        if minor is None:
            del event["amount"]
        if kind != "load":
            del event["rail"]
        return self.outcomes([event])[0]

    def give_back(self, txn, minor, after_ms, reverses):
        return self.send("reversal", txn, minor, after_ms, reverses=reverses,
                         reverses_kind="withdrawal")

    def pass_to(self, after_ms):
        self.advance_to(self.begin_ms + after_ms)

    def progress(self, policy="deduct"):
        """(withdrawnTotal, qualifyingTotal)."""
        page = self.expect(200, "GET", f"/v1/members/{self.member}/progress?campaign={policy}")
        return page["withdrawnTotal"]["minor"], page["qualifyingTotal"]["minor"]

    def decide(self):
        """Verdicts by policy, once the clock is there."""
        self.pass_to(DECIDE_MS)
        verdicts = {}
        for policy in POLICIES:
            decision = self.expect(200, "GET",
                                   f"/v1/decisions/{policy}.{self.member}.{self.begin_ms}")
            verdicts[policy] = (decision["outcome"], decision["reason"],
                                decision["qualifyingTotal"]["minor"])
        return verdicts

    def test_three_policies(self):
        self.begin("P1")
        self.pass_to(DAY_MS)
        self.assertEqual(self.send("load", "p1", 12_000, DAY_MS), "counted")
        self.assertEqual(self.send("withdrawal", "pw1", 5_000, DAY_MS), "applied")
        self.assertEqual(self.progress("deduct"), (5_000, 7_000))
        self.assertEqual(self.progress("ignore"), (5_000, 12_000))
        self.assertEqual(self.progress("disqualify")[0], 5_000)
        self.assertEqual(self.decide(), {
            "deduct": ("not_qualified", "below_threshold", 7_000),
            "ignore": ("qualified", "qualified", 12_000),
            "disqualify": ("not_qualified", "disqualified_by_withdrawal", 12_000)})

    def test_more_withdrawn_than_loaded_is_nothing_and_no_debt(self):
        self.begin("N1")
        self.pass_to(DAY_MS)
        self.send("load", "n1", 3_000, 0)
        self.send("withdrawal", "nw1", 20_000, HOUR_MS)
        self.assertEqual(self.progress(), (20_000, 0))

    def test_in_grace_they_are_first_set_against_loads_made_in_grace(self):
        self.begin("G1")
        self.pass_to(DAY_MS)
        self.send("load", "g1", 11_500, 0)
        self.send("withdrawal", "gw1", 500, DAY_MS)
        self.pass_to(WINDOW_MS + 2 * HOUR_MS)
        self.assertEqual(self.send("load", "g2", 3_000, WINDOW_MS + HOUR_MS),
                         "excluded:after_window")
        self.assertEqual(self.progress(), (500, 11_000))  # W(window) is not set off by it
        self.assertEqual(self.send("withdrawal", "gw2", 2_000, WINDOW_MS), "applied")
        self.assertEqual(self.progress(), (500, 11_000))
        self.assertEqual(self.send("withdrawal", "gw3", 2_000, WINDOW_MS + HOUR_MS), "applied")
        self.assertEqual(self.progress(), (1_500, 10_000))  # 500 + max(0, 4,000 - 3,000)
        self.assertEqual(self.give_back("gr1", 400, WINDOW_MS + HOUR_MS, "gw3"), "applied")
        self.assertEqual(self.progress(), (1_100, 10_400))
        self.assertEqual(self.decide()["deduct"], ("qualified", "qualified", 10_400))

    def test_grace_alone_disqualifies_nobody_who_put_it_in_before(self):
        self.begin("D1")
        self.pass_to(DAY_MS)
        self.send("load", "d1", 10_000, 0)
        self.pass_to(WINDOW_MS + 2 * HOUR_MS)
        self.send("withdrawal", "dw1", 3_000, WINDOW_MS + HOUR_MS)
        self.assertEqual(self.progress("disqualify")[0], 3_000)
        self.send("load", "d2", 3_000, WINDOW_MS + 2 * HOUR_MS)  # order of arrival is no matter
        self.assertEqual(self.progress("disqualify")[0], 0)
        self.assertEqual(set(self.decide().values()), {("qualified", "qualified", 10_000)})

    def test_reversals_in_part_in_whole_and_too_many(self):
        self.begin("R1")
        self.pass_to(DAY_MS)
        self.send("load", "r1", 10_000, 0)
        self.assertEqual(self.give_back("rr0", 1_000, DAY_MS, "rw1"), "held:orphan_reversal")
        self.assertEqual(self.send("withdrawal", "rw1", 5_000, HOUR_MS), "applied")
        self.assertEqual(self.progress(), (4_000, 6_000))  # the one that came before applies
        self.assertEqual(self.give_back("rr1", 1_500, DAY_MS, "rw1"), "applied")
        self.assertEqual(self.progress(), (2_500, 7_500))
        self.assertEqual(self.give_back("rr2", None, DAY_MS, "rw1"), "applied")
        self.assertEqual(self.progress(), (0, 10_000))
        self.assertEqual(self.give_back("rr3", None, DAY_MS, "rw1"), "duplicate")
        self.assertEqual(self.give_back("rr4", 100, DAY_MS, "rw1"), "held:over_reversal")
        lines = {(line["kind"], line["provider_txn_id"]): line["placed"] for line in
                 self.expect(200, "GET", "/v1/members/R1/transactions")["items"]}
        self.assertEqual(lines[("reversal", "rr0")], "applied")
        self.assertEqual(lines[("withdrawal", "rw1")], "excluded:reversed")

    def test_a_reversal_after_the_verdict_is_a_revision(self):
        self.begin("L1")
        self.pass_to(DAY_MS)
        self.send("load", "l1", 10_000, 0)
        self.send("withdrawal", "lw1", 5_000, HOUR_MS)
        self.assertEqual(self.decide()["disqualify"][1], "disqualified_by_withdrawal")
        self.assertEqual(self.give_back("lr1", None, DECIDE_MS, "lw1"), "excluded:late")
        self.advance_to(self.now_ms)
        for policy, cases in (("deduct", 1), ("disqualify", 1), ("ignore", 0)):
            window = f"{policy}.L1.{self.begin_ms}"
            self.assertEqual(len(self.find_cases("revision", window)), cases, policy)

    def test_first_instants_count_and_end_instants_do_not(self):
        self.begin("B1")
        self.pass_to(HOUR_MS)
        self.assertEqual([self.send("load", "b1", 100, -1), self.send("load", "b2", 200, 0),
                          self.send("withdrawal", "bw1", 1, -1),
                          self.send("withdrawal", "bw2", 2, 0)],
                         ["excluded:before_window", "counted", "excluded:before_window", "applied"])
        self.pass_to(WINDOW_MS)
        self.assertEqual([self.send("load", "b3", 400, WINDOW_MS - 1),
                          self.send("load", "b4", 800, WINDOW_MS)],
                         ["counted", "excluded:after_window"])
        self.assertEqual(self.progress(), (2, 598))
        self.pass_to(DECIDE_MS - 60_000)
        self.assertEqual([self.send("withdrawal", "bw3", 804, DECIDE_MS - 1),
                          self.send("withdrawal", "bw4", 8, DECIDE_MS)],
                         ["applied", "excluded:after_window"])
        self.assertEqual(self.progress(), (2 + 804 - 800, 594))
        self.assertEqual(self.decide()["deduct"][2], 594)

    def file(self, *withdrawals):
        """Outcomes of a card file of withdrawals: (txn, minor, initiated)."""
        records = [(txn, "withdrawal", "member_id", self.member, minor, initiated,
                    initiated[:10], "") for txn, minor, initiated in withdrawals]
        return self.apply_file(make_file(f"F-{self.member}-{withdrawals[0][0]}", self.now_ms,
                                         records, "cardfile", "debit_card"), "cardfile")

    def date(self, days):
        """The local date: enrolments are at 10 or 11 in the morning, in Sydney."""
        return time.strftime("%Y-%m-%d", time.gmtime(self.begin_ms / 1000 + days * 86_400))

    def test_a_date_alone_counts_where_it_lies_wholly_inside(self):
        self.begin("T1")
        self.pass_to(2 * DAY_MS)
        self.send("load", "t1", 12_000, 0)
        self.assertEqual(self.file(("tw1", 1_000, self.date(1))), {"applied": 1})
        self.assertEqual(self.progress(), (1_000, 11_000))
        self.assertEqual(self.file(("tw2", 4_000, self.date(0))), {"held:timing_uncertain": 1})
        self.assertEqual(self.progress(), (1_000, 11_000))
        verdicts = self.decide()
        self.assertEqual(verdicts["deduct"][:2], ("in_review", "held_items_could_flip"))
        self.assertEqual(verdicts["ignore"][:2], ("qualified", "qualified"))
        self.assertEqual(verdicts["disqualify"][1], "disqualified_by_withdrawal")

    def test_a_file_record_under_another_id_takes_nothing_more(self):
        self.begin("C1")
        self.pass_to(2 * DAY_MS)
        self.send("load", "c1", 12_000, 0)
        self.send("withdrawal", "cw1", 1_000, DAY_MS)
        self.assertEqual(self.file(("x77", 1_000, self.date(1)), ("x78", 30, self.date(1))),
                         {"confirmed": 1, "applied": 1})
        self.assertEqual(self.progress(), (1_030, 10_970))

    def test_a_reversal_sent_again_with_its_kind_gives_the_withdrawal_back(self):
        for member, kinds in (("K1", (None, "withdrawal")), ("K2", ("withdrawal", None))):
            self.begin(member)
            self.pass_to(2 * DAY_MS)
            self.send("withdrawal", f"{member}-w", 1_000, DAY_MS)
            for kind in kinds:
                self.send("reversal", f"{member}-r", 1_000, DAY_MS, reverses=f"{member}-w",
                          reverses_kind=kind)
            self.assertEqual(self.progress(), (0, 0), member)


if __name__ == "__main__":
    unittest.main()
