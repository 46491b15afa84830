"""Makes the n-th call of a kind fail in a process, counted over all of its threads (nth_call.cc).

`strace` counts per thread, stops every call of the process and cannot choose by folder; it is what
`system_call_faults` uses, and stays the second witness."""

import errno
import os
import struct
import subprocess

SOURCE = os.path.join(os.path.dirname(__file__), "nth_call.cc")
KINDS = ("write", "sync", "rename", "open", "room", "memory")


class NthCall:
    """One run's fault, and what became of it. n = 0: calls are only counted."""

    library = None

    @classmethod
    def build(cls, folder: str):
        """Once, into `folder`; the compiler is one of those that build thaw."""
        cls.library = f"{folder}/nth_call.so"
        subprocess.run(["g++", "-std=c++20", "-O1", "-fPIC", "-shared", "-o", cls.library, SOURCE],
                       check=True)

    def __init__(self, folder: str, kind: str, n: int, error=errno.EIO, is_persistent=False):
        self.report = f"{folder}/nth_call.report"
        self.kind, self.n, self.error, self.is_persistent = kind, n, error, is_persistent
        self.folder = f"{folder}/data"
        with open(self.report, "wb") as file:
            file.truncate(4096)

    def prefix(self):
        """Before the command to start; it becomes that command."""
        return ["env", f"LD_PRELOAD={self.library}", f"NTH_FOLDER={self.folder}",
                f"NTH_KIND={self.kind}", f"NTH_N={self.n}", f"NTH_ERRNO={self.error}",
                f"NTH_PERSISTENT={'+' if self.is_persistent else ''}", f"NTH_REPORT={self.report}"]

    def read(self):
        """(calls so far of each kind, how many failed, the first that did)."""
        with open(self.report, "rb") as file:
            *calls, failed, first = struct.unpack("<6QQ968s", file.read(1024))
        return dict(zip(KINDS, calls)), failed, first.split(b"\0")[0].decode()

    def __str__(self):
        when = f"{self.n}{'+' if self.is_persistent else ''}"
        return f"{self.kind} {when} {errno.errorcode[self.error]}: {self.read()[2]}"
