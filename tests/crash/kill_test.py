"""kill -9 at any moment, under load (SPEC 2.7, DESIGN 7): acknowledged = present, the unanswered
one is whole or absent and its retry gets one answer, issued = qualified."""

import os
import random
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "outside"))
# pylint: disable=wrong-import-position
from thaw_process import (Gone, call, issued_keys, list_all, move_clock, post_events, rfc3339,
                          start_sandbox, start_server, write_config)

KILLS = int(os.environ.get("THAW_KILLS", "50"))  # nightly: hundreds
SEED = int(os.environ.get("THAW_SEED", "1"))
START_MS = 1_761_955_200_000
HOUR_MS = 3_600_000
THRESHOLD = 50_000
CAMPAIGN = {"name": "Cold", "currency": "AUD", "points": 2000, "window": "PT6H", "grace": "PT1H",
            "threshold": {"currency": "AUD", "minor": THRESHOLD}, "rails": ["apple_pay"]}


class Load:
    """Members who enrol and pay, from several connections. What was answered is noted."""

    def __init__(self):
        self.lock = threading.Lock()
        self.members = {}    # member -> the enrolment as answered
        self.paid = {}       # provider_txn_id -> (member, minor) that was answered
        self.unanswered = []
        self.names = 0
        self.faults = []     # answers that should not be

    def enrol(self, port):
        with self.lock:
            self.names += 1
            member = f"M{self.names}"
        status, body = call(port, "POST", "/v1/enrolments", {"campaign": "cold", "member": member},
                            timeout=5)
        with self.lock:
            if status in (200, 201):
                self.members[member] = body
            else:
                self.faults.append((status, body))

    def pay(self, port, drawn, now_ms):
        with self.lock:
            members = list(self.members)[-60:]
        if not members:
            return
        events = [{"id": "e", "type": "load", "provider_txn_id": f"t{drawn.getrandbits(60)}",
                   "member": drawn.choice(members), "rail": "apple_pay",
                   "amount": {"currency": "AUD", "minor": drawn.randint(1000, 40_000)},
                   "occurred_at": rfc3339(now_ms)} for _ in range(drawn.randint(1, 10))]
        with self.lock:
            self.unanswered.append(events)
        self.deliver(port, events, now_ms)

    def deliver(self, port, events, now_ms):
        status, body = post_events(port, "cardco", events, now_ms, timeout=5)
        if status == 401:  # the clock has moved on in the meantime: sent again with a new stamp
            return
        with self.lock:
            if status != 200:
                self.faults.append((status, body))
                return
            self.unanswered.remove(events)
            for event in events:
                self.paid[event["provider_txn_id"]] = (event["member"], event["amount"]["minor"])

    def work(self, port, seed, now, stop):
        drawn = random.Random(seed)
        while not stop.is_set():
            try:
                if drawn.random() < 0.2:
                    self.enrol(port)
                else:
                    self.pay(port, drawn, now())
            except Gone:
                return


class KillTest(unittest.TestCase):
    """One server and one sandbox, the server killed again and again."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.drawn = random.Random(SEED)
        self.now_ms = START_MS
        self.sandbox = start_sandbox(self.folder.name)
        write_config(self.folder.name, self.sandbox.port)
        self.server = start_server(self.folder.name, self.now_ms)
        self.load = Load()

    def tearDown(self):
        self.server.kill()
        self.sandbox.kill()
        self.folder.cleanup()

    def advance(self, to_ms):
        try:
            call(self.server.port, "POST", "/v1/clock", {"now": rfc3339(to_ms)})
            self.now_ms = to_ms
        except Gone:
            pass

    def disturb(self):
        """Now and then the partner fails, or verdicts fall in the middle of the load."""
        if self.drawn.random() < 0.3:
            plan = self.drawn.choice([{}, {"percent": {"error": 20, "drop_after": 20}}])
            call(self.sandbox.port, "POST", "/faults", plan)
        if self.drawn.random() >= 0.5:
            return None, self.now_ms
        to_ms = self.now_ms + self.drawn.choice([HOUR_MS // 6, HOUR_MS, 3 * HOUR_MS])
        mover = threading.Thread(target=self.advance, args=(to_ms,))
        mover.start()
        return mover, to_ms

    def kill_under_load(self, number):
        stop = threading.Event()
        port = self.server.port
        workers = [threading.Thread(target=self.load.work,
                                    args=(port, SEED * 10_000 + number * 10 + i,
                                          lambda: self.now_ms, stop)) for i in range(4)]
        for worker in workers:
            worker.start()
        time.sleep(self.drawn.uniform(0.02, 0.15))  # the moment of the crash is what is drawn
        mover, to_ms = self.disturb()
        time.sleep(self.drawn.uniform(0, 0.05))
        self.server.kill()
        stop.set()
        for thread in workers + ([mover] if mover else []):
            thread.join()
        self.now_ms = max(self.now_ms, to_ms)
        self.server = start_server(self.folder.name, self.now_ms)
        move_clock(self.server.port, self.now_ms)
        for events in list(self.load.unanswered):  # whoever got no answer sends again
            self.load.deliver(self.server.port, events, self.now_ms)

    def check_member(self, member, enrolment):
        """True if the member's window qualified."""
        port = self.server.port
        status, decision = call(port, "GET", f"/v1/decisions/{enrolment['window_id']}")
        self.assertEqual(status, 200, decision)
        lines = {line["provider_txn_id"]: line
                 for line in list_all(port, f"/v1/members/{member}/transactions")}
        paid = {txn: minor for txn, (who, minor) in self.load.paid.items() if who == member}
        self.assertEqual(set(lines), set(paid), f"lines of {member}")
        counted = sum(minor for txn, minor in paid.items()
                      if any(p["placed"] == "counted" for p in lines[txn]["placements"]))
        self.assertEqual(decision["qualifyingTotal"]["minor"], counted, member)
        self.assertEqual(decision["outcome"] == "qualified", counted >= THRESHOLD, member)
        return decision["outcome"] == "qualified"

    def test_nothing_acknowledged_is_lost_and_each_qualified_window_is_paid_once(self):
        port = self.server.port
        self.assertEqual(call(port, "PUT", "/v1/campaigns/cold", CAMPAIGN)[0], 201)
        self.assertEqual(call(port, "POST", "/v1/campaigns/cold/publish")[0], 200)
        for number in range(KILLS):
            self.kill_under_load(number)
        call(self.sandbox.port, "POST", "/faults", {})
        for _ in range(4):
            self.now_ms += 8 * HOUR_MS
            self.assertEqual(move_clock(self.server.port, self.now_ms)[0], 200)
        self.assertEqual(self.load.faults, [])
        self.assertEqual(self.load.unanswered, [])
        qualified = ["cold-activation-" + enrolment["window_id"]
                     for member, enrolment in self.load.members.items()
                     if self.check_member(member, enrolment)]
        self.assertGreater(len(qualified), 10)
        self.assertEqual(sorted(issued_keys(self.sandbox.port)), sorted(qualified))
        print(f"seed {SEED}: {KILLS} kills, {len(self.load.members)} members, "
              f"{len(self.load.paid)} loads acknowledged, {len(qualified)} windows paid once")


if __name__ == "__main__":
    unittest.main()
