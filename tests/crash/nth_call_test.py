"""Fail the n-th call, for n = 1, 2, … until none fails (DESIGN 7): write, sync, rename, open, taking
room, allocation, in the running binary, once and from then on.

A short campaign on an empty folder, and one on the folder that it leaves. After each fault: the
server has refused with a code or answered 503 and gone, or the fault was one call's alone; a start
without faults has all that was acknowledged, once, and the campaign goes on to its one reward.

THAW_SWEEP=full tries every n (allocations: every FULL_STEP-th); else a sample that THAW_SEED draws."""

import errno
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "outside"))
# pylint: disable=wrong-import-position
from journal_bytes import copy_folder
from nth_call import KINDS, NthCall
from payer import CAMPAIGN, Payer
from system_call_faults import read
from thaw_process import (BINARY, Gone, call, issued_keys, rfc3339, run_command, start_sandbox,
                          start_server, write_config)

SEED = int(os.environ.get("THAW_SEED", "1"))
IS_FULL = os.environ.get("THAW_SWEEP") == "full"
FULL_STEP = 97  # of allocations, of which there are some 20,000
SAMPLED = {"memory": (2, 1)}  # of each story: once, from then on
SAMPLED_OF_OTHERS = (1, 1)
ANSWER_WITHIN_S = 10
END_WITHIN_S = 45  # a stop lets connections drain for 30 s
WINDOW_MS = 35 * 86_400_000
QUALIFYING = 60_000
ERRORS = {"write": (errno.ENOSPC, errno.EIO), "sync": (errno.EIO, errno.EIO),
          "rename": (errno.EIO, errno.ENOSPC), "open": (errno.EIO, errno.EMFILE),
          "room": (errno.ENOSPC, errno.ENOSPC), "memory": (errno.ENOMEM, errno.ENOMEM)}
SAID = re.compile(r"thaw: (the engine failed and the process ends|io|no_space|unavailable): ?.")
SAID_OF_MEMORY = re.compile(r"bad_alloc|terminate called|thaw: ")


class Refused(Exception):
    """Not answered with success: the caller has to come back."""


class Story(Payer):
    """A campaign in steps; a step can be done again until it was acknowledged."""

    def __init__(self, members, now_ms=None):
        super().__init__(members)
        self.now_ms = now_ms or self.now_ms
        self.before = []   # members whose windows are over
        self.windows = {}  # of members of this story: as acknowledged

    def begin(self, port):
        status, body = self.ask(port, "GET", "/v1/campaigns/cold", wanted=(200, 404))
        if status == 404:
            _, body = self.ask(port, "PUT", "/v1/campaigns/cold", CAMPAIGN)
        if body["status"] == "draft":
            self.ask(port, "POST", "/v1/campaigns/cold/publish")

    def enrol(self, port):
        for member in self.members:
            _, body = self.ask(port, "POST", "/v1/enrolments",
                               {"campaign": "cold", "member": member})
            if self.windows.setdefault(member, body["window_id"]) != body["window_id"]:
                self.strange.append(("another window", body))

    def load(self, port):
        for count in (1, 3):
            self.deliver("webhook", self.make_loads(count), port)

    def upload(self, port):
        self.deliver("file", self.make_file(), port)

    def qualify(self, port):
        loads = self.make_loads(1)
        loads[0]["member"], loads[0]["amount"]["minor"] = self.members[0], QUALIFYING
        self.deliver("webhook", loads, port)

    def deliver(self, kind, sent, port):
        if self.send(kind, sent, port) is None:
            if self.answers[-1].status is None:
                raise Gone(kind)
            raise Refused(kind)

    def move(self, to_ms, port):
        """What falls due is decided and paid before the answer, if nothing is in its way."""
        self.now_ms, self.outcome = to_ms, "excluded:after_window"
        self.ask(port, "POST", "/v1/clock", {"now": rfc3339(to_ms)})

    def find_present(self, port):
        return super().find_present(port, self.members + self.before)

    @staticmethod
    def ask(port, method, path, body=None, wanted=(200, 201)):
        answer = call(port, method, path, body, timeout=ANSWER_WITHIN_S)
        if answer[0] not in wanted:
            raise Refused(f"{method} {path}: {answer}")
        return answer

    def steps(self):
        """(step, whether it is to be done again where it failed: what was sent is kept as unsure,
        and `settle` sees to it)."""
        due = self.now_ms + WINDOW_MS
        return [(self.begin, True), (self.enrol, True), (self.load, False), (self.upload, False),
                (self.qualify, False), (lambda port: self.move(due, port), True),
                (self.load, False)]


class NthCallTest(unittest.TestCase):
    """One sandbox for all; each run has its folder, and its members, whom the sandbox pays once."""

    @classmethod
    def setUpClass(cls):
        with open(BINARY, "rb") as file:
            if b"__asan_init" in file.read() or b"__tsan_init" in file.read():
                raise unittest.SkipTest("a sanitizer wants to be the first library")
        cls.temporary = tempfile.TemporaryDirectory()
        cls.path = cls.temporary.name
        NthCall.build(cls.path)
        cls.sandbox = start_sandbox(cls.path)
        cls.runs = 0

    @classmethod
    def tearDownClass(cls):
        cls.sandbox.kill()
        cls.temporary.cleanup()

    def setUp(self):
        self.drawn = random.Random(SEED)
        self.seen = {}

    def make_folder(self):
        type(self).runs += 1
        self.folder = f"{self.path}/{self.runs}"
        os.mkdir(self.folder)
        write_config(self.folder, self.sandbox.port)
        return [f"N{self.runs}{letter}" for letter in "ab"]

    def make_first(self):
        return Story(self.make_folder())

    def make_second(self):
        """On a folder in which a campaign has gone through, and been closed in order."""
        story = Story(self.make_folder(), self.template.now_ms)
        copy_folder(f"{self.template_folder}/data", f"{self.folder}/data")
        story.number = self.template.number
        story.paid, story.before = dict(self.template.paid), self.template.members
        return story

    def make_template(self):
        self.template = self.make_first()
        self.template_folder = self.folder
        self.go_through(self.template, NthCall(self.folder, "", 0))

    def remove_folder(self):
        subprocess.run(["rm", "-rf", self.folder], check=True)

    # A run.

    def go_through(self, story, fault):
        """The story with the fault, and then without. Whether anything failed."""
        steps = story.steps()
        if fault.kind == "memory":  # an allocation of the request's own is that request's alone
            story.refusals.add(500)
        done = self.live_with(fault, story, steps)
        story.refusals = {503}
        server = start_server(self.folder, story.now_ms)
        try:
            self.ask_for_clock(story, server.port)
            story.settle(server.port)
            for number, (step, is_repeated) in enumerate(steps):
                if number > done or (number == done and is_repeated):
                    step(server.port)
            self.compare(story, server.port)
        except (Gone, Refused) as error:
            self.fail(f"without faults: {error!r}: {read(f'{self.folder}/server.log')}")
        finally:
            code = server.terminate()
        self.assertEqual(code, 0)
        code, _, errors = run_command("verify", "--data", f"{self.folder}/data")
        self.assertEqual(code, 0, errors)
        return fault.read()[1] > 0

    @staticmethod
    def ask_for_clock(story, port):
        """The move may have been lost with its answer."""
        while call(port, "POST", "/v1/clock", {"now": rfc3339(story.now_ms)})[0] == 202:
            pass

    def live_with(self, fault, story, steps):
        """The number of the step that failed; their count: none did."""
        log = f"{self.folder}/server.log"
        try:
            server = start_server(self.folder, story.now_ms, prefix=fault.prefix())
        except RuntimeError:
            self.note_end("refused", fault, read(log))
            return -1
        number, is_stopped = 0, False
        try:
            for number, (step, _) in enumerate(steps):
                step(server.port)
            number = len(steps)
        except (Gone, Refused):
            pass
        if self.is_ready(server):
            is_stopped = True
            server.process.terminate()
        code = self.wait(server, fault)
        server.kill()
        if code == 0:
            self.note(f"{'stopped' if number == len(steps) else 'one call'}")
        else:
            self.check_code(code, fault)
            self.note_end("failed stop" if is_stopped else "ended", fault, read(log))
        return number

    def wait(self, server, fault):
        try:
            return server.process.wait(END_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.fail(f"hangs: {fault}")

    def is_ready(self, server):
        """False too while it is about to go."""
        try:
            return call(server.port, "GET", "/readyz", timeout=ANSWER_WITHIN_S)[0] == 200
        except Gone:
            return False

    def check_code(self, code, fault):
        """Its own decision; only where memory fails, an abort is one too."""
        allowed = {1, -signal.SIGABRT} if fault.kind == "memory" else {1}
        self.assertIn(code, allowed, fault)

    def note_end(self, how, fault, said):
        self.assertRegex(said, SAID_OF_MEMORY if fault.kind == "memory" else SAID, fault)
        self.note(how)

    def note(self, how):
        self.seen[how] = self.seen.get(how, 0) + 1

    def compare(self, story, port):
        """All that was acknowledged, once; the reward that is due, and no other."""
        self.assertEqual(story.find_present(port), story.paid)
        self.assertEqual(story.strange, [])
        keys = issued_keys(self.sandbox.port)
        for member in story.members:
            status, decision = call(port, "GET", f"/v1/decisions/{story.windows[member]}")
            self.assertEqual(status, 200, decision)
            is_qualified = decision["outcome"] == "qualified"
            self.assertEqual(is_qualified, member == story.members[0], decision)
            self.assertEqual(keys.count(f"cold-activation-{story.windows[member]}"), is_qualified)

    # Sweeps.

    def pick(self, kind, calls, is_persistent):
        """Which n to try, of so many calls; nothing: all, until none fails."""
        if IS_FULL and kind != "memory":
            return None
        if IS_FULL:
            return range(1 + self.drawn.randrange(FULL_STEP), calls, FULL_STEP)
        return self.drawn.sample(range(1, calls + 1),
                                 SAMPLED.get(kind, SAMPLED_OF_OTHERS)[is_persistent])

    def sweep(self, make):
        began, tried = time.monotonic(), {}
        story = make()
        count = NthCall(self.folder, "", 0)
        self.go_through(story, count)
        calls = count.read()[0]
        self.remove_folder()
        for kind in KINDS:
            self.assertGreater(calls[kind], 0)
            for is_persistent in (False, True):
                chosen = self.pick(kind, calls[kind], is_persistent)
                for n in chosen or range(1, 100 * calls[kind]):
                    story = make()
                    fault = NthCall(self.folder, kind, n, ERRORS[kind][(n + is_persistent) % 2],
                                    is_persistent)
                    with self.subTest(kind=kind, n=n, is_persistent=is_persistent, run=self.runs):
                        has_failed = self.go_through(story, fault)
                    self.remove_folder()
                    tried[kind] = tried.get(kind, 0) + has_failed
                    if chosen is None and not has_failed:
                        break
        print(f"seed {SEED}: {self.id().rsplit('.', 1)[1]}: of {calls} calls {tried} made to fail "
              f"in {time.monotonic() - began:.1f} s; {self.seen}")

    def test_on_an_empty_folder(self):
        self.sweep(self.make_first)

    def test_on_the_folder_of_a_campaign(self):
        self.make_template()
        self.sweep(self.make_second)


if __name__ == "__main__":
    unittest.main()
