#!/usr/bin/env python3
"""Runs the libFuzzer targets of build/fuzz from their saved inputs, and prints a table.

usage: fuzz/run_targets.py [TARGET…] [--runs N | --seconds N] [--jobs N] [--seed N]

Each target starts from its saved inputs alone, with a fixed seed and, unless --seconds is given, a
fixed number of executions: the same binary does much the same again (a new
build may go another way). A crash, a leak, an input that takes
longer than 10 s or more than 2 GiB fails the run; the input that did it is left in
build/fuzz/findings. What a run found that reaches something new is left in build/fuzz/found, for
whoever wants to save it.
"""

import argparse
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build", "fuzz")
FINDINGS = os.path.join(BUILD, "findings")
# Executions that take about three seconds; those of the journal open a folder four times each.
RUNS = 30_000
RUNS_OF = {"journal_frames": 2_500, "journal_bytes": 2_500, "thaw_csv": 20_000,
           "rfc3339": 200_000, "iso_duration": 200_000, "row_codec": 100_000,
           "webhook_json": 100_000, "json_body": 100_000}
PROGRESS = re.compile(r"#\d+\s+(INITED|DONE)\s+cov: (\d+) ft: (\d+)")


def list_targets():
    return sorted(os.listdir(os.path.join(ROOT, "fuzz", "corpus")))


def make_command(target, options):
    saved = os.path.join(ROOT, "fuzz", "corpus", target)
    found = os.path.join(BUILD, "found", target)
    shutil.rmtree(found, ignore_errors=True)
    os.makedirs(found)
    command = [os.path.join(BUILD, "fuzz", f"thaw_fuzz_{target}"), f"-seed={options.seed}",
               "-max_len=16384", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1",
               f"-artifact_prefix={FINDINGS}/{target}-"]
    if options.seconds:
        command.append(f"-max_total_time={options.seconds}")
    else:
        command.append(f"-runs={options.runs or RUNS_OF.get(target, RUNS)}")
    words = os.path.join(ROOT, "fuzz", "dictionaries", f"{target}.dict")
    if os.path.exists(words):
        command.append(f"-dict={words}")
    return command + [found, saved]


def run(target, options):
    """(target, table row, text to show of a failure or nothing)."""
    settings = {**os.environ, "UBSAN_OPTIONS": "print_stacktrace=1",
                "ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1"}
    command, started = make_command(target, options), time.monotonic()
    done = subprocess.run(command, env=settings, check=False, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    spent = time.monotonic() - started
    text = done.stdout.decode(errors="replace")
    features = {kind: int(count) for kind, _, count in PROGRESS.findall(text)}
    stats = dict(re.findall(r"stat::(\w+):\s+(\d+)", text))
    saved = len(os.listdir(os.path.join(ROOT, "fuzz", "corpus", target)))
    new = features.get("DONE", 0) - features.get("INITED", 0) if "DONE" in features else "-"
    executions = int(stats.get("number_of_executed_units", 0))
    row = (target, executions, round(executions / spent), saved, features.get("INITED", "-"), new,
           "FAILED" if done.returncode else "ok")
    return target, row, text if done.returncode else None


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--runs", type=int, help="executions of each target")
    length.add_argument("--seconds", type=int, help="instead, for so long each")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    unknown = sorted(set(options.targets) - set(list_targets()))
    if unknown:
        parser.error(f"no target is called {', '.join(unknown)}; there are {' '.join(list_targets())}")
    return options


def main():
    options = parse_options()
    os.makedirs(FINDINGS, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(lambda target: run(target, options),
                                options.targets or list_targets()))
    form = "{:17} {:>10} {:>8} {:>7} {:>9} {:>6}  {}"
    print(form.format("target", "executions", "exec/s", "corpus", "features", "new", ""))
    for _, row, _ in results:
        print(form.format(*map(str, row)))
    failed = [(target, text) for target, _, text in results if text is not None]
    for target, text in failed:
        print(f"\n{target}:\n" + "\n".join(text.splitlines()[-60:]))
        inputs = [name for name in sorted(os.listdir(FINDINGS)) if name.startswith(f"{target}-")]
        for name in inputs:
            print(f"{target}: reproduce with build/fuzz/fuzz/thaw_fuzz_{target} build/fuzz/findings/{name}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
