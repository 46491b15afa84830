"""A system call of the running server fails (DESIGN 7; SPEC 3.1: 200 only after it is durable).

The n-th call of each kind, for n = 1, 2, 4, … until none fails: at start, under load, at the stop.
Then a disk that is really full. A data folder goes through all faults of its test."""

import base64
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "outside"))
# pylint: disable=wrong-import-position
from journal_bytes import list_segments, read_frames
from payer import START_MS, Payer
from system_call_faults import WITHIN_S, Faults, read
from thaw_process import Gone, call, move_clock, run_command, start_server, write_config

N_MAX = 1 << 16  # no kind is called so often in one round
WHY = "thaw.*: .*(Input/output error|No space left on device)"
INDEX_LOG = "index/LOG>"  # see test_the_index_cannot_write_its_log

# (system call, error, what of it fails: n is put in for {})
UNDER_LOAD = (("fdatasync", "EIO", "{}"), ("fdatasync", "EIO", "{}+"), ("pwrite64", "ENOSPC", "{}"),
              ("pwrite64", "EIO", "{}+"), ("openat", "ENOSPC", "{}"), ("renameat", "ENOSPC", "{}"),
              ("fsync", "EIO", "{}"))
AT_STOP = (("fdatasync", "EIO", "{}"), ("pwrite64", "ENOSPC", "{}+"), ("ftruncate", "EIO", "{}"),
           ("renameat", "ENOSPC", "{}"), ("write", "ENOSPC", "{}"))
AT_START = (("fallocate", "ENOSPC", "{}"), ("pwrite64", "ENOSPC", "{}"), ("fdatasync", "EIO", "{}"),
            ("renameat", "ENOSPC", "{}"), ("ftruncate", "EIO", "{}"), ("pread64", "EIO", "{}+"))


def is_upload(injected):
    """An upload's own file or folder; its failure is that upload's alone."""
    return re.search(r'["/]blobs\b', injected.call) is not None


class FolderCase(unittest.TestCase):
    """A data folder that outlives its servers, and the client that knows what it must hold."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = self.folder.name
        self.data = f"{self.path}/data"
        self.prepare()
        write_config(self.path, 1)  # nothing is decided here, so no partner is needed
        self.log_at = 0
        self.fatal = self.told = 0  # faults that ended the server; those that a 503 told of
        self.payer = Payer()
        self.server = start_server(self.path, START_MS)
        self.payer.set_up(self.server.port)

    def prepare(self):
        """Before the first start."""

    def tearDown(self):
        if self.server:
            self.server.kill()
        self.folder.cleanup()

    def take_log(self):
        """What was said since the last look."""
        text = read(f"{self.path}/server.log")[self.log_at:]
        self.log_at += len(text)
        return text

    def start_clean(self):
        """Acknowledged = present, the rest whole or absent, a retry one answer."""
        self.server = start_server(self.path, START_MS)
        self.payer.settle(self.server.port)
        self.payer.compare(self, self.server.port)

    def verify(self):
        """Every byte of the folder is right, whatever has happened to it so far."""
        code, _, errors = run_command("verify", "--data", self.data)
        self.assertEqual(code, 0, errors)

    def expect_failed(self):
        """The process ended by itself, and said why."""
        self.assertEqual(self.server.process.wait(WITHIN_S), 1)
        self.server.kill()
        self.assertRegex(self.take_log(), WHY)


class DiskFaultTest(FolderCase):
    """Sweeps; each fault is followed by a clean start and a comparison."""

    def check_answers(self, answers, fatal):
        """What comes after the fault is not answered 200. What was in its group gets 503; from here
        it cannot be told from what was not even read yet, so the sum is looked at in the end."""
        later = [a for a in answers if a.began > fatal.at]
        self.assertNotIn(200, {a.status for a in later}, fatal.call)
        self.fatal += 1
        self.told += any(a.status == 503 for a in answers)

    def fail_under_load(self, name, error, when):
        faults = Faults(self.path, name, error, when)
        faults.attach(self.server.process)
        answers = self.payer.pay(self.server.port)
        if self.is_at_rest():
            faults.detach()
            injected = faults.list_injected()
            # An upload's fault is its own; a reader that cannot open a segment tries again.
            refused = {(a.kind, a.status) for a in answers if a.status != 200}
            is_blob = any(is_upload(one) for one in injected)
            self.assertEqual(refused, {("file", 503)} if is_blob else set())
            self.assertTrue(name == "openat" or all(is_upload(one) for one in injected))
            self.assertEqual(self.server.terminate(), 0)
        else:
            self.expect_failed()
            faults.detach()
            injected = faults.list_injected()
            self.check_answers(answers, next(one for one in injected if not is_upload(one)))
        self.start_clean()
        return bool(injected)

    def is_at_rest(self):
        """False if the server ends; else what follows from the load has been done as well."""
        try:
            return move_clock(self.server.port, START_MS)[0] == 200
        except Gone:
            return False

    def fail_at_stop(self, name, error, when):
        self.payer.pay(self.server.port, connections=1, deliveries=3)
        faults = Faults(self.path, name, error, when)
        # The index's own threads write files by write(), others only wake each other by it.
        faults.attach(self.server.process, "rocksdb" if name == "write" else "")
        self.take_log()
        code = self.server.terminate()
        faults.detach()
        injected = faults.list_injected()
        is_fatal = any("data/journal" in one.call for one in injected)
        self.assertIn(code, {1} if is_fatal else {0, 1} if injected else {0}, injected)
        if code != 0:
            self.assertRegex(self.take_log(), WHY)
        self.start_clean()
        return bool(injected)

    def fail_at_start(self, name, error, when):
        self.payer.pay(self.server.port, connections=1, deliveries=2)
        self.server.kill()  # so that the start has something to recover
        self.take_log()
        faults = Faults(self.path, name, error, when)
        try:
            self.server = start_server(self.path, START_MS, prefix=faults.prefix())
            self.payer.compare(self, self.server.port)
        except RuntimeError:  # refused to start
            self.assertTrue(faults.list_injected())
            self.assertRegex(self.take_log(), WHY)
        except Gone:  # a call after the ready line
            self.expect_failed()
        else:
            self.server.kill()
        self.start_clean()
        return bool(faults.list_injected())

    def sweep(self, faults, fail):
        began = time.monotonic()
        counts = {}
        for name, error, which in faults:
            n = 1
            while fail(name, error, which.format(n)):
                counts[name] = counts.get(name, 0) + 1
                n *= 4 if which.endswith("+") else 2
                self.assertLess(n, N_MAX)
            self.assertGreater(n, 1, f"{name} was never called: this fault tests nothing")
            self.verify()
        self.assertGreaterEqual(2 * self.told, self.fatal)
        print(f"{self.id().rsplit('.', 1)[1]}: {sum(counts.values())} faults survived in "
              f"{time.monotonic() - began:.1f} s {counts}; {len(self.payer.paid)} loads "
              "acknowledged, each there once"
              + (f"; 503 told of {self.told} of {self.fatal} ends" if self.fatal else ""))

    def test_under_load(self):
        self.sweep(UNDER_LOAD, self.fail_under_load)

    def test_at_the_stop(self):
        self.sweep(AT_STOP, self.fail_at_stop)

    def test_at_the_start(self):
        self.sweep(AT_START, self.fail_at_start)

    def fill_segment(self):
        """Almost, with text that does not pack; then with loads until the server gives up."""
        drawn = random.Random(1)
        segment = list_segments(self.data)[-1]
        while read_frames(segment)[-1].end < os.path.getsize(segment) - 2 * 2**20:
            for _ in range(3):
                reason = base64.b64encode(drawn.randbytes(400_000)).decode()
                call(self.server.port, "POST", "/v1/fences/raise", {"reason": reason})
                call(self.server.port, "POST", "/v1/fences/lift", None)
        while self.payer.send("webhook", self.payer.make_loads(500), self.server.port):
            pass

    def test_no_room_for_the_next_segment(self):
        """A full disk shows when a segment is made, not in the middle of a group (DESIGN 2)."""
        faults = Faults(self.path, "fallocate", "ENOSPC", "1+")
        faults.attach(self.server.process)
        self.fill_segment()
        self.assertEqual(self.payer.answers[-1].status, 503)
        self.expect_failed()
        faults.detach()
        self.assertTrue(any("data/journal/new.tmp" in one.call for one in faults.list_injected()))
        self.server = start_server(self.path, START_MS)
        (kind, loads), = self.payer.unsure  # in two groups, perhaps: the first one was durable
        self.assertLessEqual({result["outcome"] for result in
                              self.payer.send(kind, loads, self.server.port)["results"]},
                             {"counted", "duplicate"})
        self.payer.compare_totals(self, self.server.port)
        self.verify()
        print(f"test_no_room_for_the_next_segment: {len(self.payer.paid)} loads filled the first")

    def upload_unreadable(self):
        """What an upload is answered with that cannot be read back from the disk."""
        faults = Faults(self.path, "pread64", "EIO", "1+")
        faults.attach(self.server.process)
        self.payer.send("file", self.payer.make_file(), self.server.port)
        faults.detach()
        self.assertTrue(any(is_upload(one) for one in faults.list_injected()))
        return self.payer.answers[-1].status

    def test_a_file_that_cannot_be_read_back_is_taken_the_next_time(self):
        self.upload_unreadable()
        self.payer.strange.clear()  # which status: see below
        kind, sent = self.payer.unsure.pop()
        self.assertEqual(self.payer.send(kind, sent, self.server.port)["status"], "applied")
        self.payer.compare(self, self.server.port)

    # SPEC 3.6: "422 well-formed but invalid, … 503".
    def test_a_file_that_cannot_be_read_back_is_no_bad_file(self):
        self.assertEqual(self.upload_unreadable(), 503)

    # RocksDB's own logger asserts when its LOG cannot be written, and would take the process with
    # it, undrained: what it says is written by us.
    def test_the_index_cannot_write_its_log(self):
        self.payer.pay(self.server.port, connections=1, deliveries=3)
        faults = Faults(self.path, "write", "ENOSPC", "2")  # the first is that of the table
        faults.attach(self.server.process, "rocksdb")
        code = self.server.terminate()
        faults.detach()
        self.assertIn(INDEX_LOG, faults.list_injected()[0].call)
        self.start_clean()
        self.assertIn(code, (0, 1))

    # DESIGN 2: "ENOSPC shows at roll-over; a reserve file lets operators start". Whoever reads the
    # last words has to learn what to do.
    def test_the_last_words_say_what_to_do(self):
        faults = Faults(self.path, "pwrite64", "ENOSPC", "1")
        faults.attach(self.server.process)
        self.payer.pay(self.server.port, with_files=False)
        self.assertEqual(self.server.process.wait(WITHIN_S), 1)
        faults.detach()
        self.assertRegex(self.take_log(), r"(?i)\b(free|make room|start it again|restart)\b")


@unittest.skipUnless(os.geteuid() == 0, "mounting a small disk needs root")
class SmallDiskCase(FolderCase):
    """A disk of its own that something else has filled."""

    # A segment, the next one at a start, and in between the copy of the first one's frames.
    SIZE_MIB = 176

    def prepare(self):
        os.mkdir(self.data)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={self.SIZE_MIB}m", "tmpfs",
                               self.data], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.folder.cleanup()
            self.skipTest(f"no disk can be mounted here: {done.stderr.strip()}")
        self.addCleanup(self.folder.cleanup)
        self.addCleanup(subprocess.run, ["umount", "--lazy", self.data], check=True)

    def tearDown(self):
        self.server.kill()  # the disk and the folder go after it

    def fill(self, leave_bytes):
        status = os.statvfs(self.data)
        with open(f"{self.data}/filler", "wb") as file:
            os.posix_fallocate(file.fileno(), 0,
                               status.f_bavail * status.f_frsize - leave_bytes)

    def fill_and_fail(self):
        """Until the server gives up; how many deliveries it had taken by then."""
        self.payer.pay(self.server.port)
        self.fill(leave_bytes=1 << 20)
        records, text = self.payer.make_file()
        large = text + "\n" * (2 << 20)  # blank lines are skipped
        self.assertIsNone(self.payer.send("file", (records, large), self.server.port))
        self.assertEqual(self.payer.answers[-1].status, 503)
        taken = 0
        while self.payer.send("webhook", self.payer.make_loads(500), self.server.port):
            taken += 1
        self.expect_failed()
        return taken


class FullDiskTest(SmallDiskCase):
    def test_full_then_freed(self):
        taken = self.fill_and_fail()
        self.assertGreater(taken, 0)
        with self.assertRaises(RuntimeError):  # no room for what a start has to write
            start_server(self.path, START_MS)
        self.assertRegex(self.take_log(), "thaw: .*No space left on device")
        self.verify()
        os.remove(f"{self.data}/filler")
        self.start_clean()
        self.assertEqual(self.server.terminate(), 0)
        print(f"test_full_then_freed: {taken} deliveries of 500 on the full disk, then the end; "
              f"{len(self.payer.paid)} loads there once it had room again")


class ReserveTest(SmallDiskCase):
    """DESIGN 2: "a reserve file lets operators start"."""

    SIZE_MIB = 336  # as above, and the reserve

    def test_the_reserve_lets_an_operator_start(self):
        self.fill_and_fail()
        with self.assertRaises(RuntimeError):  # no room for what a start has to write
            start_server(self.path, START_MS)
        os.remove(f"{self.data}/journal.reserve")
        self.start_clean()


if __name__ == "__main__":
    unittest.main()
