"""Makes system calls of a running process fail, by strace (docs of -e inject: strace(1))."""

import os
import re
import signal
import subprocess
import time

WITHIN_S = 20
LINE = re.compile(r"(?:(\d+) +)?(\d+\.\d+) (.*)")


class Injected:
    """A call that failed: when, in wall-clock seconds, and its text with paths."""

    def __init__(self, at: float, call: str):
        self.at, self.call = at, call


class Faults:
    """One kind of fault: the calls of `name`, from the n-th of each thread on or that one only.
    `error` is its name, or what else strace can do ("delay_enter=…")."""

    def __init__(self, folder: str, name: str, error: str, when: str):
        self.trace = f"{folder}/trace"
        what = error if "=" in error else f"error={error}"
        self.options = ["strace", "-y", "-ttt", "-e", "signal=none", "-e", f"trace={name}",
                        "-e", f"inject={name}:{what}:when={when}", "-o", self.trace]
        if os.path.exists(self.trace):
            os.remove(self.trace)
        self.tracer = None

    def prefix(self):
        """Before the command to start, which stays the process that is known to its parent."""
        return [*self.options, "-f", "-D", "--seccomp-bpf"]

    def attach(self, process, only=""):
        """To all threads of a process that runs, or to those with `only` in their name."""
        chosen = ["-f", "-p", str(process.pid)]
        if only:
            tasks = f"/proc/{process.pid}/task"
            chosen = [option for task in os.listdir(tasks) if only in read(f"{tasks}/{task}/comm")
                      for option in ("-p", task)]
        self.tracer = subprocess.Popen([*self.options, *chosen], stderr=subprocess.PIPE, text=True)
        line = self.tracer.stderr.readline()
        if "attached" not in line:
            raise RuntimeError(f"strace: {line}")

    def detach(self):
        """The process goes on unhurt, if it still runs."""
        if self.tracer.poll() is None:
            self.tracer.send_signal(signal.SIGTERM)
        self.tracer.wait(WITHIN_S)
        self.tracer.stderr.close()

    def has_begun(self):
        """True once a call of the kind has been seen."""
        return bool(read(self.trace))

    def list_injected(self):
        """What failed, in order; each thread has a first, a second, … call of its own."""
        injected, unfinished = [], {}
        for line in read(self.trace).splitlines():
            match = LINE.match(line)
            if not match:
                continue
            thread, at, text = match.groups()
            if "(INJECTED)" in text:
                injected.append(Injected(float(at), unfinished.get(thread, "") + text))
            unfinished[thread] = text if "<unfinished" in text else ""
        return injected


def read(path: str) -> str:
    """Nothing for a file that is not there: a thread or a trace may have gone."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def wait_until(is_done, what: str, within_s=WITHIN_S):
    """Polls, where there is nothing to wait on."""
    deadline = time.monotonic() + within_s
    while not is_done():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.005)
