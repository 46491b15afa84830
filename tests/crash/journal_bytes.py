"""Finds frames in a data folder's journal, after docs/formats/journal.md and nothing else."""

import os
import shutil
import struct
import subprocess

BLOCK = 4096
HEADER = 128


class Frame:
    """One frame: where it is in which file, and what its body holds."""

    def __init__(self, path, offset, kind, sequence, count, stored, is_packed):
        self.path, self.offset, self.kind = path, offset, kind
        self.sequence, self.count, self.stored = sequence, count, stored
        self.is_packed = is_packed
        self.length = -(-(HEADER + len(stored)) // BLOCK) * BLOCK

    @property
    def body(self):
        """Unpacked, if it is packed."""
        if not self.is_packed:
            return self.stored
        return subprocess.run(["zstd", "-dcq"], input=self.stored, capture_output=True,
                              check=True).stdout

    @property
    def end(self):
        return self.offset + self.length


def list_segments(data: str):
    folder = f"{data}/journal"
    return [f"{folder}/{name}" for name in sorted(os.listdir(folder)) if name.endswith(".segment")]


def read_frames(path: str):
    """All frames from the first on, as far as they follow one another."""
    with open(path, "rb") as file:
        data = file.read()
    frames, at = [], BLOCK
    while data[at:at + 4] == b"thfr":
        kind, = struct.unpack_from("<H", data, at + 6)
        sequence, = struct.unpack_from("<Q", data, at + 16)
        length, count = struct.unpack_from("<II", data, at + 32)
        plain, = struct.unpack_from("<I", data, at + 44)
        frames.append(Frame(path, at, kind, sequence, count,
                            data[at + HEADER:at + HEADER + length], plain > 0))
        at = frames[-1].end
    return frames


def copy_folder(data: str, to: str):
    """With holes where segments and the reserve are zero, or each copy would cost 224 MiB."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(data, to, ignore=shutil.ignore_patterns("*.segment", "*.reserve"))
    reserve = "journal.reserve"
    if os.path.exists(f"{data}/{reserve}"):
        with open(f"{to}/{reserve}", "wb") as file:
            file.truncate(os.path.getsize(f"{data}/{reserve}"))
    for path in list_segments(data):
        frames = read_frames(path)
        used = frames[-1].end if frames else BLOCK
        with open(path, "rb") as source, open(f"{to}/journal/{os.path.basename(path)}",
                                              "wb") as target:
            target.write(source.read(used))
            target.truncate(os.path.getsize(path))


def flip(path: str, offset: int):
    """One bit of one byte."""
    with open(path, "r+b") as file:
        file.seek(offset)
        byte = file.read(1)
        file.seek(offset)
        file.write(bytes([byte[0] ^ 0x10]))


def cut(path: str, offset: int):
    """As if nothing behind had been written, and the file had not been made longer yet."""
    os.truncate(path, offset)


def blank(path: str, offset: int, end: int):
    """As if nothing from there on had reached the room that was preallocated."""
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(bytes(end - offset))
