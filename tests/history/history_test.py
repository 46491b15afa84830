"""What concurrent clients were told is linearizable for each member, over a kill -9, too; and the
checker that says so refuses histories with a planted fault (SPEC 2.4, 3.1; DESIGN 7)."""

import collections
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "outside"))
# pylint: disable=wrong-import-position
from plants import PLANTS
from recorder import START_MS, Client, Member, Server
from system_call_faults import wait_until
from thaw_process import call, start_sandbox, start_server, write_config

HERE = os.path.dirname(os.path.abspath(__file__))
SEED = int(os.environ.get("THAW_SEED", "1"))
ROUNDS = int(os.environ.get("THAW_ROUNDS", "1"))
CLIENTS, WAVES, WAVE_MEMBERS, PER_WAVE = 6, 30, 4, 34
CAMPAIGN = {"name": "Cold", "currency": "AUD", "points": 2000, "window": "P30D", "grace": "PT48H",
            "threshold": {"currency": "AUD", "minor": 50_000}, "rails": ["apple_pay"]}


def run_go(*arguments):
    """With the toolchain that is installed, whatever a go.mod may ask for."""
    return subprocess.run(["go", *arguments], cwd=f"{HERE}/checker", capture_output=True, text=True,
                          timeout=240, check=False, env={**os.environ, "GOTOOLCHAIN": "local",
                                                         "GOFLAGS": "-buildvcs=false"})


class HistoryTest(unittest.TestCase):
    """The checker is built once; each round has a server of its own."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.checker = f"{cls.folder.name}/checker"
        done = run_go("build", "-o", cls.checker, ".")
        assert done.returncode == 0, done.stderr

    def check(self, history):
        """(exit code, what the checker says)."""
        with open(f"{self.folder.name}/history.jsonl", "w", encoding="utf-8") as file:
            file.writelines(json.dumps(operation) + "\n" for operation in history)
        done = subprocess.run([self.checker, file.name], capture_output=True, text=True,
                              timeout=240, check=False)
        return done.returncode, done.stdout + done.stderr

    def record(self, seed):
        """The history of all clients, in which the server is killed once."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        sandbox = start_sandbox(folder.name)
        self.addCleanup(sandbox.kill)
        write_config(folder.name, sandbox.port)
        self.process = start_server(folder.name, START_MS)
        self.addCleanup(lambda: self.process.kill())
        port = self.process.port
        self.assertEqual(call(port, "PUT", "/v1/campaigns/cold", CAMPAIGN)[0], 201)
        self.assertEqual(call(port, "POST", "/v1/campaigns/cold/publish")[0], 200)
        server = Server(port)
        waves = [[Member(f"M{wave}-{number}", is_plain=number == 2)
                  for number in range(WAVE_MEMBERS)] for wave in range(WAVES)]
        barrier = threading.Barrier(CLIENTS)
        clients = [Client(number, server, waves, PER_WAVE, barrier, seed)
                   for number in range(CLIENTS)]
        for client in clients:
            client.start()
        self.kill_amid(server, clients, folder.name, random.Random(f"{seed}/kill"))
        for client in clients:
            client.join()
            self.assertIsNone(client.failure)
        self.look_once_more(server, waves, clients)
        return self.put_together(server, clients)

    def kill_amid(self, server, clients, folder, drawn):
        """Once the clients have done between a third and two thirds of their work."""
        moment = CLIENTS * WAVES * PER_WAVE * drawn.uniform(0.33, 0.67)
        wait_until(lambda: sum(len(client.history) for client in clients) > moment
                   or any(client.failure for client in clients), "half of the history", 120)
        server.note_gone()
        self.process.kill()
        server.note_end()
        self.process = start_server(folder, START_MS)
        server.note_start(self.process.port)

    def look_once_more(self, server, waves, clients):
        """One last look at each member, after all else."""
        last = Client(CLIENTS, server, [], 0, None, "last")
        for wave in waves:
            for member in wave:
                last.read(member)
                last.read_lines(member)
        last.disconnect()
        clients.append(last)
        self.process.kill()
        server.note_end()

    def put_together(self, server, clients):
        """What had no answer took effect before its server's life ended, or never."""
        history = []
        for operation in (operation for client in clients for operation in client.history):
            if "life" in operation:
                operation["dies_by"] = server.ends[operation.pop("life")]
            history.append(operation)
        return history

    def expect_plants_refused(self, history, seed):
        """Each fault is planted into the history that was just found to be good."""
        for plant in PLANTS:
            changed, at = plant(history, random.Random(f"{seed}/{plant.__name__}"))
            code, said = self.check([operation for operation in changed
                                     if operation["member"] == at["member"]])
            self.assertEqual(code, 1, f"{plant.__name__} ({at}) was not refused: {said}")

    def describe(self, history):
        kinds = collections.Counter(operation["op"] for operation in history)
        unknown = sum(not operation.get("answered") for operation in history)
        replayed = sum(operation.get("replayed", False) for operation in history)
        codes = collections.Counter(operation["code"] for operation in history
                                    if operation.get("code"))
        return (f"{len(history)} operations {dict(kinds)}, {unknown} without an answer, "
                f"{replayed} replayed, refused {dict(codes)}")

    def test_each_members_history_is_linearizable_and_a_planted_fault_is_seen(self):
        for seed in range(SEED, SEED + ROUNDS):
            with self.subTest(f"THAW_SEED={seed}"):
                began = time.monotonic()
                history = self.record(seed)
                recorded = time.monotonic()
                code, said = self.check(history)
                checked = time.monotonic()
                self.assertEqual(code, 0, said)
                self.expect_plants_refused(history, seed)
                print(f"seed {seed}: {self.describe(history)}; recorded in "
                      f"{recorded - began:.1f} s, checked in {checked - recorded:.1f} s, "
                      f"{len(PLANTS)} planted faults refused; checker: {said.strip()}")
            self.doCleanups()

    def test_the_checker_takes_good_and_refuses_bad_histories(self):
        done = run_go("test", "-count=1", "./...")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
