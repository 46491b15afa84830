"""The points partner fails, or one of the two processes dies: one issue all the same (SPEC 2.7)."""

import threading
import unittest

from server_case import ServerCase
from system_call_faults import wait_until
from thaw_process import Gone, call, issued_keys, list_all, start_sandbox

SECOND_MS, MINUTE_MS, HOUR_MS = 1_000, 60_000, 3_600_000
DECIDE_MS = 7 * HOUR_MS
RULES = {"window": "PT6H", "grace": "PT1H", "threshold": {"currency": "AUD", "minor": 10_000}}
BACKOFF_MS = 11 * MINUTE_MS  # more than the longest between two attempts


class RewardsCase(ServerCase):
    """Members of their own for each test; the clock goes on from test to test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls("publish").publish("points", **RULES)

    def setUp(self):
        self.plan()
        self.addCleanup(self.plan)

    def plan(self, **faults):
        """What the partner's coming calls meet; without any, no fault."""
        status, body = call(self.sandbox.port, "POST", "/faults", faults)
        self.assertEqual(status, 200, body)

    def earn(self, *members):
        """Enrols and pays; the windows and the instant of their verdict."""
        windows = [self.enrol("points", member)["window_id"] for member in members]
        self.outcomes([self.load(member, f"pay-{member}", 10_000) for member in members])
        return windows, self.now_ms + DECIDE_MS

    def pass_by(self, ms):
        self.assertEqual(self.advance_to(self.now_ms + ms)[0], 200)

    def reward(self, window):
        return self.expect(200, "GET", f"/v1/rewards/{window}")

    def results(self, window):
        return [attempt["result"] for attempt in self.reward(window)["attempts"]]

    def issues_of(self, window):
        return issued_keys(self.sandbox.port).count(f"cold-activation-{window}")

    def is_open_case(self, window):
        return len(self.find_cases("reward", window)) == 1

    def is_dead_letter(self, window):
        letters = list_all(self.server.port, "/v1/dead-letters")
        return any(window in letter["item"] for letter in letters)

    def expect_issued_once(self, window, results):
        reward = self.reward(window)
        self.assertEqual((reward["state"], self.results(window)), ("issued", results))
        self.assertTrue(reward["reference"])
        self.assertEqual(self.issues_of(window), 1)


class FaultsTest(RewardsCase):
    """What each answer means."""

    def test_500_may_have_arrived_so_the_partner_is_asked_first(self):
        self.plan(next=[{"fault": "error", "status": 500, "on": "issue"}])
        (window,), decides = self.earn("E500")
        self.advance_to(decides)
        self.assertEqual(self.reward(window)["state"], "unknown")
        self.assertEqual(self.issues_of(window), 0)
        self.pass_by(BACKOFF_MS)
        self.pass_by(BACKOFF_MS)
        self.expect_issued_once(window, ["error_500", "not_found", "issued"])

    def test_a_timeout_before_the_partner_acted(self):
        self.plan(next=[{"fault": "timeout_before", "on": "issue"}], timeout_ms=3000)
        (window,), decides = self.earn("Before")
        self.advance_to(decides)
        self.assertEqual(self.reward(window)["state"], "unknown")
        self.pass_by(BACKOFF_MS)
        self.pass_by(BACKOFF_MS)
        self.expect_issued_once(window, ["timeout", "not_found", "issued"])

    def test_a_timeout_after_the_partner_acted(self):
        self.plan(next=[{"fault": "timeout_after", "on": "issue"}], timeout_ms=3000)
        (window,), decides = self.earn("After")
        self.advance_to(decides)
        self.assertEqual((self.reward(window)["state"], self.issues_of(window)), ("unknown", 1))
        self.pass_by(BACKOFF_MS)
        self.expect_issued_once(window, ["timeout", "found"])

    def test_a_refusal_is_final_and_for_people(self):
        self.plan(next=[{"fault": "error", "status": 422, "on": "issue"}])
        (window,), decides = self.earn("Refused")
        self.advance_to(decides)
        self.assertEqual((self.reward(window)["state"], self.results(window)),
                         ("failed", ["error_422"]))
        self.assertTrue(self.is_dead_letter(window))
        self.assertTrue(self.is_open_case(window))
        self.pass_by(3 * BACKOFF_MS)
        self.assertEqual((self.results(window), self.issues_of(window)), (["error_422"], 0))

    def test_401_pauses_all_and_changes_no_reward(self):
        self.plan(next=[{"fault": "error", "status": 401}])
        (window,), decides = self.earn("Paused")
        self.advance_to(decides)
        self.assertIn(self.reward(window)["state"], ("pending", "retrying"))
        (other,), _ = self.earn("Other")
        self.assertFalse(self.is_dead_letter(window) or self.is_open_case(window))
        self.assertEqual(self.issues_of(window) + self.issues_of(other), 0)
        self.pass_by(DECIDE_MS)
        self.pass_by(BACKOFF_MS)
        self.expect_issued_once(window, ["error_401", "issued"])
        self.expect_issued_once(other, ["issued"])

    def test_the_partner_says_when_to_come_back(self):
        self.plan(next=[{"fault": "error", "status": 429, "retry_after": 900, "on": "issue"}])
        (window,), decides = self.earn("Later")
        self.advance_to(decides)
        self.assertEqual(self.reward(window)["state"], "retrying")
        self.pass_by(899 * SECOND_MS)
        self.assertEqual(self.results(window), ["error_429"])
        self.pass_by(SECOND_MS)
        self.expect_issued_once(window, ["error_429", "issued"])

    def test_no_answer_until_the_key_is_too_old(self):
        """Never sent again once the key's life is over: an open case instead of a second issue."""
        self.plan(next=[{"fault": "timeout_after", "on": "issue"}], timeout_ms=1500,
                  percent={"error": 100}, on=["find", "issue"])
        (window,), decides = self.earn("Horizon")
        self.advance_to(decides)
        while self.now_ms < decides + 25 * HOUR_MS:
            self.pass_by(2 * HOUR_MS)
        self.assertEqual(self.reward(window)["state"], "unknown")
        self.assertTrue(self.is_open_case(window))
        self.plan()
        self.pass_by(HOUR_MS)
        self.assertEqual(self.issues_of(window), 1)
        self.assertEqual(self.results(window)[0], "timeout")
        self.assertNotIn("issued", self.results(window))


class DeathTest(RewardsCase):
    """A process dies while a call is on its way."""

    def call_then(self, fault, member, do):
        """Moves the clock to the verdict; `do` is done when the call has reached the partner."""
        self.plan(next=[{"fault": fault, "on": "issue"}], timeout_ms=30_000)
        (window,), decides = self.earn(member)
        mover = threading.Thread(target=self.try_to_advance, args=(decides,))
        mover.start()
        wait_until(lambda: call(self.sandbox.port, "GET", "/faults")[1]["drawn"].get(fault) == 1,
                   "the call")
        do()
        mover.join()
        self.advance_to(max(self.now_ms, decides))
        return window

    def try_to_advance(self, to_ms):
        try:
            self.advance_to(to_ms)
        except Gone:
            pass

    def check_death_of_server(self, fault, member, results):
        window = self.call_then(fault, member, self.crash)
        self.assertIn(self.reward(window)["state"], ("unknown", "issued", "retrying"))
        self.pass_by(BACKOFF_MS)
        self.pass_by(BACKOFF_MS)
        self.assertEqual(self.results(window)[1:], results)
        self.assertNotEqual(self.results(window)[0], "issued")
        self.assertEqual((self.reward(window)["state"], self.issues_of(window)), ("issued", 1))

    def test_the_server_dies_before_the_partner_acts(self):
        self.check_death_of_server("timeout_before", "Server1", ["not_found", "issued"])

    def test_the_server_dies_after_the_partner_acted(self):
        self.check_death_of_server("timeout_after", "Server2", ["found"])

    def check_death_of_partner(self, fault, member, results):
        port = self.sandbox.port
        window = self.call_then(fault, member, self.sandbox.kill)
        self.assertEqual(self.reward(window)["state"], "unknown")
        # A machine too busy to kill within the second of `loyalty.timeout` sees a timeout.
        self.assertIn(self.results(window)[0], ("no_answer", "timeout"))
        self.pass_by(BACKOFF_MS)  # nobody is there
        self.assertNotEqual(self.reward(window)["state"], "issued")
        self.__class__.sandbox = start_sandbox(self.folder.name, port)
        self.pass_by(BACKOFF_MS)
        self.pass_by(BACKOFF_MS)
        self.assertEqual((self.reward(window)["state"], self.issues_of(window)), ("issued", 1))
        self.assertEqual(self.results(window)[-len(results):], results)
        self.assertIn("connection_failed", self.results(window))

    def test_the_partner_dies_before_it_acts(self):
        self.check_death_of_partner("timeout_before", "Partner1", ["not_found", "issued"])

    def test_the_partner_dies_after_it_acted(self):
        self.check_death_of_partner("timeout_after", "Partner2", ["found"])


if __name__ == "__main__":
    unittest.main()
