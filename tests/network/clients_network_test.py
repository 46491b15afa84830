"""The network between clients and thaw fails: what was acknowledged is there once, and of what was
not, a whole request, a whole event, or nothing (SPEC 3.1, 3.2; DESIGN 7)."""

import os
import re
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "outside"))
# pylint: disable=wrong-import-position
from clients import START_MS, Book, Client
from fault_proxy import KINDS, MANNERS, FaultProxy
from system_call_faults import wait_until
from thaw_process import call, list_all, start_sandbox, start_server, write_config

SEED = int(os.environ.get("THAW_SEED", "1"))
ROUNDS = int(os.environ.get("THAW_ROUNDS", "1"))
MEMBERS = [f"M{number}" for number in range(60)]
CLIENTS, REQUESTS = 12, 40
AFTER_MAX = 6_000  # a batch or a file is up to 6 kB; connections are kept
INDEX_FILES_MAX = 8  # that the index may have opened by itself
CAMPAIGN = {"name": "Cold", "currency": "AUD", "points": 2000, "window": "P30D", "grace": "PT48H",
            "threshold": {"currency": "AUD", "minor": 50_000},
            "rails": ["apple_pay", "bank_transfer"]}


class ClientsNetworkTest(unittest.TestCase):
    """One server, and the proxy before it."""

    def start(self, seed):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        sandbox = start_sandbox(folder.name)
        self.addCleanup(sandbox.kill)
        write_config(folder.name, sandbox.port)
        self.server = start_server(folder.name, START_MS)
        self.addCleanup(self.server.kill)
        self.port = self.server.port
        self.proxy = FaultProxy(self.port, seed, 1, AFTER_MAX)
        self.addCleanup(self.proxy.stop)
        self.assertEqual(call(self.port, "PUT", "/v1/campaigns/cold", CAMPAIGN)[0], 201)
        self.assertEqual(call(self.port, "POST", "/v1/campaigns/cold/publish")[0], 200)

    def metric(self, name):
        return int(re.search(rf"^{name} (\d+)$", call(self.port, "GET", "/metrics")[1], re.M)[1])

    def count_files(self):
        """All that the process has open, once nobody else is connected."""
        wait_until(lambda: self.metric("thaw_http_connections") == 1, "connections to be closed")
        return len(os.listdir(f"/proc/{self.server.process.pid}/fd"))

    def run_round(self, seed):
        self.start(seed)
        before = self.count_files()
        book = Book(MEMBERS)
        clients = [Client(book, self.proxy.port, f"{seed}/{number}", REQUESTS)
                   for number in range(CLIENTS)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        self.proxy.heal()
        self.assertLessEqual(self.count_files(), before + INDEX_FILES_MAX, "files are left open")
        self.assertEqual(book.strange[:5], [])
        self.check_lines(book)
        self.check_enrolments(book)
        self.assertLessEqual(book.timeouts, self.proxy.counts["stall"], "a call hung, unstalled")
        self.assertEqual(set(self.proxy.counts), {*KINDS, *MANNERS} - {"none"})
        print(f"seed {seed}: {len(book.acknowledged)} loads acknowledged, {len(book.abandoned)} "
              f"abandoned, {len(book.enrolled)} members enrolled; {book.calls} calls, "
              f"{book.retries} of them repeats; {self.proxy.connections} connections; "
              f"faults {dict(self.proxy.counts)}")

    def find_lines(self):
        lines = {}
        for member in MEMBERS:
            for line in list_all(self.port, f"/v1/members/{member}/transactions"):
                self.assertNotIn(line["provider_txn_id"], lines, "a load stands twice")
                lines[line["provider_txn_id"]] = (member, line["amount"]["minor"])
        return lines

    def check_lines(self, book):
        lines = self.find_lines()
        self.assertEqual({txn: lines.get(txn) for txn in book.acknowledged}, book.acknowledged)
        others = {txn: load for txn, load in lines.items() if txn not in book.acknowledged}
        self.assertEqual(others, {txn: book.abandoned.get(txn) for txn in others})
        for file in book.files:
            self.assertIn(sum(txn in lines for txn in file), (0, len(file)), "half a file")
        for member in self.find_enrolled():
            total = sum(minor for who, minor in lines.values() if who == member)
            progress = call(self.port, "GET", f"/v1/members/{member}/progress")[1]
            self.assertEqual(progress["cumulativeTotal"]["minor"], total, member)

    def find_enrolled(self):
        return {item["member"]: item["window_id"]
                for item in list_all(self.port, "/v1/enrolments?campaign=cold")}

    def check_enrolments(self, book):
        enrolled = self.find_enrolled()
        self.assertEqual({member: enrolled.get(member) for member in book.enrolled}, book.enrolled)
        self.assertLessEqual(set(enrolled), set(book.enrolled) | book.maybe_enrolled)

    def test_what_was_acknowledged_is_there_once_and_nothing_by_half(self):
        for seed in range(SEED, SEED + ROUNDS):
            with self.subTest(f"THAW_SEED={seed}"):
                self.run_round(seed)
            self.doCleanups()


if __name__ == "__main__":
    unittest.main()
