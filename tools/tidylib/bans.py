"""The ban list: what may not be written where, and what to write instead."""

import re
from dataclasses import dataclass

from tidylib.source import Finding

ALL = ("src/",)
OURS = ("src/", "tests/scenario/", "tests/property/")
# Tests that own their world; those of adapters and app meet real sockets and disks.
WORLDLESS = ("src/base/", "src/domain/", "src/application/", "src/sim/", "tests/scenario/",
             "tests/property/")
PURE = ("src/base/", "src/domain/")
DOMAIN = ("src/domain/",)
INNER = ("src/base/", "src/domain/", "src/application/")
JUDGING = ("src/domain/", "src/application/")


@dataclass(frozen=True)
class Ban:
    rule: str
    pattern: re.Pattern
    where: tuple             # path prefixes
    instead: str
    but_not: tuple = ()  # path prefixes inside `where` that may
    in_tests: tuple = ()  # path prefixes whose tests may not either


def ban(rule, pattern, where, instead, **options):
    return Ban(rule, re.compile(pattern), where, instead, **options)


POINTER = r"(?:[\w:<>\s]+\*|std::(?:unique|shared|weak)_ptr)"

BANS = (
    ban("clock", r"\b(?:system_clock|steady_clock|high_resolution_clock)\s*::\s*now\b"
                 r"|\bstd::time\s*\(|(?<![\w.>:])time\s*\(\s*(?:nullptr|NULL|0)\s*\)"
                 r"|\b(?:clock_gettime|gettimeofday)\s*\(",
        OURS, "time is input: take an Instant, or the Clock port",
        but_not=("src/adapters/clock/",), in_tests=WORLDLESS),
    ban("random", r"\brandom_device\b|\bstd::s?rand\b|(?<![\w.>:])s?rand\s*\("
                  r"|\bmt19937(?:_64)?\b|\bdefault_random_engine\b",
        OURS, "use Random (base/random.h) with a seed handed in; secrets come from libsodium",
        in_tests=OURS),
    ban("random", r"\bstd::\w+_distribution\b|\bstd::(?:ranges::)?(?:shuffle|sample)\b",
        OURS, "its results differ between libraries: use Random::below, between, shuffle",
        in_tests=OURS),
    ban("sleep", r"\bsleep_(?:for|until)\b|\b(?:u|nano)?sleep\s*\(",
        ALL, "wait on a condition, a timer row or the Clock port", in_tests=WORLDLESS),
    ban("getenv", r"\b(?:secure_)?getenv\s*\(", ALL,
        "configuration is read in src/app and handed in", but_not=("src/app/",)),
    ban("float", r"\b(?:float|double)\b", PURE,
        "money is Minor, time is Instant and Duration, ratios are two integers"),
    ban("hash", r"\bstd::hash\b", ALL,
        "its value differs between libraries: use fnv1a (base/fnv.h) or SHA-256"),
    ban("pointer-key", r"\bstd::(?:unordered_)?(?:multi)?(?:map|set)\s*<\s*" + POINTER + r"\s*[,<>&]",
        ALL, "addresses differ from run to run: key by id"),
    ban("unordered", r"\bstd::unordered_\w+", DOMAIN,
        "its order differs between libraries: use std::map, std::set or a sorted vector"),
    ban("assert", r"\bassert\s*\(", ALL,
        "use CHECK (base/check.h) for bugs, Result or an outcome for all else", in_tests=OURS),
    ban("default", r"\bdefault\s*:(?!:)", JUDGING,
        "list every member, so that the compiler names the places a new one needs"),
    ban("thread", r"\bstd::j?thread\b(?!::)|\bstd::async\b|\bpthread_create\b", ALL,
        "only src/app makes threads; expose step() and let the composition root drive it",
        but_not=("src/app/",)),
    ban("throw", r"\bthrow\b", INNER,
        "return an outcome (business), a Result (the world), or CHECK (a bug)"),
)

SORT = re.compile(r"\bstd::(?:ranges::)?(?:stable_sort|partial_sort|nth_element|sort)\s*\(")
TOTAL = re.compile(r"//\s*total:\s*\S")
COMMENT = re.compile(r"^\s*//")


def check_bans(source):
    for item in BANS:
        if not source.path.startswith(item.where) or source.path.startswith(item.but_not):
            continue
        if source.is_test and not source.path.startswith(item.in_tests):
            continue
        for number, code in enumerate(source.code_lines, 1):
            match = item.pattern.search(code)
            if match:
                yield Finding(source.path, number, item.rule,
                              f"`{match.group().strip()}`: {item.instead}")


def says_total(source, index):
    """A `// total: why` on the line, or in the comment right above it."""
    if TOTAL.search(source.lines[index]):
        return True
    above = index - 1
    while above >= 0 and COMMENT.match(source.lines[above]):
        if TOTAL.search(source.lines[above]):
            return True
        above -= 1
    return False


def check_sorts(source):
    if not source.path.startswith(DOMAIN) or source.is_test:
        return
    for index, code in enumerate(source.code_lines):
        if SORT.search(code) and not says_total(source, index):
            yield Finding(source.path, index + 1, "sort",
                          "say above it, `// total: …`, why no two different items compare equal; "
                          "else the order depends on the library")


def check(sources):
    for source in sources:
        if source.is_cpp:
            yield from check_bans(source)
            yield from check_sorts(source)
