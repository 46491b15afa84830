"""Damage to the bytes of a journal at rest (DESIGN 2, docs/formats/journal.md).

A last frame that is cut is gone whole, or the start is refused with an offset; damage anywhere
else is found and named. Never a frame of which a part was applied."""

import json
import os
import random
import re
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "outside"))
# pylint: disable=wrong-import-position
from journal_bytes import BLOCK, HEADER, blank, copy_folder, cut, flip, list_segments, read_frames
from payer import START_MS, Payer
from thaw_process import run_command, start_server, write_config

SEED = int(os.environ.get("THAW_SEED", "1"))
VERIFIED_CUTS = 25
STARTED_CUTS = 6
FLIPS = 30
BESIDE_FLIPS = 4
TABLE_FOOTER = 53


class CutTest(unittest.TestCase):
    """One folder is made by three lives of a server; each test damages copies of it."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = cls.folder.name
        cls.original = f"{cls.path}/data"
        cls.copy = f"{cls.path}/copy/data"
        os.mkdir(f"{cls.path}/copy")
        write_config(cls.path, 1)
        write_config(f"{cls.path}/copy", 1)
        cls.payer = Payer()
        server = start_server(cls.path, START_MS)
        cls.payer.set_up(server.port)
        cls.payer.pay(server.port)
        assert server.terminate() == 0
        for _ in range(2):  # a sealed segment after a kill, then one that nobody has sealed
            server = start_server(cls.path, START_MS)
            cls.payer.pay(server.port)
            cls.payer.send("webhook", cls.payer.make_loads(40), server.port)
            server.kill()
        assert not cls.payer.unsure
        cls.drop_frames_without_loads()
        cls.paid = dict(cls.payer.paid)

    @classmethod
    def drop_frames_without_loads(cls):
        """Cursors are noted soon after; a crash a moment earlier would have left them out."""
        path = list_segments(cls.original)[-1]
        frames = read_frames(path)
        last = next(frame for frame in reversed(frames) if cls.list_carried(frame))
        blank(path, last.end, frames[-1].end)

    @classmethod
    def list_carried(cls, frame):
        body = frame.body
        return [txn for txn in cls.payer.paid
                if re.search(rb"\b" + txn.encode() + rb"\b", body)]

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        self.maxDiff = 2000
        self.drawn = random.Random(SEED)
        copy_folder(self.original, self.copy)
        self.segments = list_segments(self.copy)
        self.frames = read_frames(self.segments[-1])
        self.last = self.frames[-1]

    def renew(self):
        copy_folder(self.original, self.copy)

    def verify(self):
        """(exit code, report or what was said)."""
        code, out, errors = run_command("verify", "--data", self.copy, "--json")
        return code, json.loads(out) if code == 0 else errors

    def assert_named(self, text, path, first, end):
        """The file and an offset from `first` to before `end`."""
        self.assertIn(os.path.basename(path), text)
        named = [int(number) for number in re.findall(r" at (\d+)", text)]
        self.assertTrue([at for at in named if first <= at < end], f"{first} to {end}: {text}")

    def try_start(self, path="copy"):
        """What is present after a start; what was said if it was refused."""
        log = f"{self.path}/{path}/server.log"
        if os.path.exists(log):
            os.remove(log)
        try:
            server = start_server(f"{self.path}/{path}", START_MS)
        except RuntimeError:
            with open(log, encoding="utf-8") as file:
                return None, file.read()
        present = self.payer.find_present(server.port)
        server.kill()
        return present, ""

    def damage_last_frame(self, offset):
        """Both ways in which the end of a file can be missing."""
        if self.drawn.random() < 0.5:
            cut(self.segments[-1], offset)
        else:
            blank(self.segments[-1], offset, self.last.end)

    def draw_cuts(self, count):
        """The frame's ends, its header's end, and places inside."""
        inside = range(self.last.offset, self.last.end)
        known = [self.last.offset, self.last.offset + 1, self.last.offset + HEADER - 1,
                 self.last.offset + HEADER, self.last.offset + HEADER + len(self.last.stored) - 1,
                 self.last.offset + BLOCK, self.last.end - 1]
        return [at for at in known if at in inside] + self.drawn.sample(inside, count)

    def test_a_cut_last_frame_verified(self):
        code, whole = self.verify()
        self.assertEqual(code, 0, whole)
        seen = {"whole": 0, "gone": 0}
        for offset in self.draw_cuts(VERIFIED_CUTS):
            self.renew()
            self.damage_last_frame(offset)
            code, report = self.verify()
            self.assertEqual(code, 0, report)
            gone = whole["records"] - report["records"]
            self.assertIn(gone, (0, self.last.count), f"cut at {offset}")
            seen["gone" if gone else "whole"] += 1
        self.assertGreater(seen["gone"], 0)
        print(f"last frame of {self.last.count} records, {self.last.length} bytes, verified: {seen}")

    def test_a_cut_last_frame_started(self):
        carried = self.list_carried(self.last)
        without = {txn: paid for txn, paid in self.paid.items() if txn not in carried}
        seen = {"whole": 0, "gone": 0}
        for offset in self.draw_cuts(STARTED_CUTS):
            self.renew()
            self.damage_last_frame(offset)
            # The last two lives were killed within the minute after which the index is flushed, so
            # neither its position nor the mark of a shutdown in order is at this frame: nothing is
            # known to have been durable that the cut takes away, and no start may be refused.
            present, refused = self.try_start()
            self.assertIsNotNone(present, f"cut at {offset}: {refused}")
            self.assertIn(present, (self.paid, without), f"cut at {offset}")
            seen["gone" if present == without else "whole"] += 1
        self.assertGreater(seen["gone"], 0)
        print(f"last frame with {len(carried)} loads, started: {seen}")

    def test_a_cut_below_a_shutdown_in_order(self):
        """What was closed in order is known to have been whole: nothing may be missing."""
        server = start_server(f"{self.path}/copy", START_MS)
        self.payer.send("webhook", self.payer.make_loads(3), server.port)
        self.assertEqual(server.terminate(), 0)
        path = list_segments(self.copy)[-1]
        *_, last, seal = read_frames(path)
        size = os.path.getsize(path)
        self.assertEqual(seal.end, size)
        with open(path, "rb") as file:
            good = file.read()
        for has_mark in (True, False):  # without it the index's position is what is known
            if not has_mark:
                os.remove(f"{self.copy}/journal.clean")
            for offset in (last.offset, last.end - 1) + (has_mark * (seal.offset, size - 1)):
                with open(path, "wb") as file:
                    file.write(good[:offset])
                present, refused = self.try_start()
                self.assertIsNone(present, f"cut at {offset} of {size}, mark: {has_mark}")
                self.assert_named(refused, path, last.offset, size + 1)
                if has_mark or offset < last.end:
                    self.assertEqual(self.verify()[0], 3, f"cut at {offset} of {size}")
        with open(path, "wb") as file:
            file.write(good)
        self.assertEqual(self.try_start()[0], {**self.paid, **self.payer.paid})
        self.payer.paid = dict(self.paid)

    def draw_flips(self):
        """(file, frame or None for the segment's header, offset), the last frame left out."""
        places = []
        for path in self.segments:
            places.append((path, None, self.drawn.randrange(BLOCK)))
            for frame in read_frames(path):
                if frame.offset == self.last.offset and path == self.segments[-1]:
                    break
                places.append((path, frame, self.drawn.randrange(frame.offset, frame.end)))
                places.append((path, frame, self.drawn.randrange(frame.offset,
                                                                 frame.offset + HEADER)))
        return self.drawn.sample(places, min(FLIPS, len(places)))

    def test_a_flipped_byte_is_found_by_verify(self):
        flips = self.draw_flips()
        for path, frame, offset in flips:
            flip(path, offset)
            code, said = self.verify()
            flip(path, offset)
            self.assertEqual(code, 3, f"{path} {offset}: {said}")
            first, end = (frame.offset, frame.end) if frame else (0, BLOCK)
            self.assert_named(said, path, first, end)
        self.assertEqual(self.verify()[0], 0)
        print(f"{len(flips)} flipped bytes in {len(self.segments)} segments found and named")

    def test_a_flipped_byte_before_the_last_frame_refuses_the_start(self):
        path = self.segments[-1]
        for frame in [None] + self.drawn.sample(self.frames[:-1], 5):
            offset = self.drawn.randrange(frame.offset, frame.end) if frame else 40
            flip(path, offset)
            present, refused = self.try_start()
            self.assertIsNone(present, f"{offset}")
            self.assert_named(refused, path, frame.offset if frame else 0, self.last.end)
            flip(path, offset)
        self.assertEqual(self.try_start()[0], self.paid)

    def test_a_flipped_byte_in_a_blob(self):
        blobs = f"{self.copy}/blobs"
        name = sorted(os.listdir(blobs))[0]
        flip(f"{blobs}/{name}", 3)
        code, said = self.verify()
        self.assertEqual(code, 3)
        self.assertIn(name, said)

    def list_files_beside_the_journal(self):
        """Those that have a checksum or a reader which knows each byte; keys.json has neither."""
        index = f"{self.copy}/index"
        names = sorted(name for name in os.listdir(index)
                       if name == "CURRENT" or name.startswith("MANIFEST") or name.endswith(".sst"))
        self.assertTrue([name for name in names if name.endswith(".sst")], names)
        return [f"{self.copy}/{name}" for name in ("FORMAT", "reference.key", "journal.clean")] + [
            f"{index}/{name}" for name in names]

    def test_a_flipped_byte_beside_the_journal_is_found_by_verify(self):
        for path in self.list_files_beside_the_journal():
            size = os.path.getsize(path)
            # The end of a table file is its footer, in which RocksDB leaves room that has no use.
            end = size - TABLE_FOOTER if path.endswith(".sst") else size
            for offset in {0, *(self.drawn.randrange(end) for _ in range(BESIDE_FLIPS))}:
                flip(path, offset)
                code, said = self.verify()
                flip(path, offset)
                self.assertEqual(code, 3, f"{path} {offset}: {said}")
                is_index = "/index/" in path
                self.assertIn("index" if is_index else os.path.basename(path), said)
                self.assertIn("rebuild-index" if is_index else "corrupt", said)
        self.assertEqual(self.verify()[0], 0)

    def test_verify_names_all_that_is_damaged(self):
        blob = sorted(os.listdir(f"{self.copy}/blobs"))[0]
        names = ["FORMAT", "reference.key", "journal.clean", "index/CURRENT", f"blobs/{blob}"]
        for name in names:
            flip(f"{self.copy}/{name}", 0)
        code, said = self.verify()
        self.assertEqual(code, 3)
        for name in names:
            self.assertIn(os.path.basename(name), said)

    def remove(self, number):
        """Takes a segment away: (verify's exit code, what a start said)."""
        os.remove(self.segments[number])
        code, _ = self.verify()
        present, refused = self.try_start()
        self.assertIsNone(present)
        return code, refused

    def test_a_segment_is_missing_in_the_middle(self):
        code, refused = self.remove(1)
        self.assertEqual(code, 3)
        self.assertIn("corrupt", refused)

    # No archive exists that could have the records before.
    def test_the_first_segment_is_missing(self):
        code, refused = self.remove(0)
        self.assertIn("corrupt", refused)
        self.assertEqual(code, 3)


if __name__ == "__main__":
    unittest.main()
