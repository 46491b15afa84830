"""Layers: `base <- domain <- application <- {adapters, sim} <- app`, and who may see which vendor."""

import re

from tidylib.source import Finding

# layer -> layers that its files may include, itself among them. `adapters` is one unit a folder.
MAY_INCLUDE = {
    "base": {"base"},
    "domain": {"base", "domain"},
    "application": {"base", "domain", "application"},
    "adapters": {"base", "domain", "application", "adapters"},
    "sim": {"base", "domain", "application", "sim"},
    "app": {"base", "domain", "application", "adapters", "sim", "app"},
}
# An including layer -> the adapters that it may name beside its own. The simulator has those that do
# no IO of their own: twins in memory, parsers, calendars, and blobs over its simulated disk.
ADAPTER_EXCEPTIONS = {"sim": {"memory", "files", "zones", "blobs"}}

OUTER = ("src/adapters/", "src/app/")
EVERYWHERE = ("src/",)
TESTS_ONLY = ()

# First part of an angle include -> folders whose .cc files may have it. Headers never may.
VENDORS = {
    "fmt": EVERYWHERE,
    "openssl": OUTER + ("src/base/sha256.cc",),
    "rocksdb": OUTER,
    "boost": OUTER,
    "simdjson.h": OUTER,
    "sodium.h": OUTER,
    "sodium": OUTER,
    "sqlite3.h": OUTER,
    "libpq-fe.h": OUTER,
    "libpq": OUTER,
    "toml++": OUTER,
    "CLI": OUTER,
    "spdlog": OUTER,
    "prometheus": OUTER,
    "zstd.h": OUTER + ("src/application/journal/",),  # packed bodies of frames
    "date": OUTER,
    "aws": ("src/adapters/aws/",),
    "gtest": TESTS_ONLY,
    "gmock": TESTS_ONLY,
    "rapidcheck": TESTS_ONLY,
    "rapidcheck.h": TESTS_ONLY,
    "benchmark": TESTS_ONLY,
}
# The operating system's own headers belong where IO is done.
SYSTEM = {
    "arpa", "dirent.h", "dlfcn.h", "errno.h", "fcntl.h", "linux", "net", "netdb.h", "netinet",
    "poll.h", "pthread.h", "pwd.h", "sched.h", "signal.h", "spawn.h", "sys", "syslog.h",
    "termios.h", "time.h", "unistd.h",
}
SYSTEM_FOLDERS = OUTER
# Standard headers that mean IO or threads -> folders that may not have them.
PURE = ("src/base/", "src/domain/")
INSIDE = PURE + ("src/application/",)
STANDARD_BANNED = {
    "fstream": INSIDE, "filesystem": INSIDE, "iostream": INSIDE, "thread": INSIDE,
    "future": INSIDE, "random": INSIDE, "mutex": PURE, "shared_mutex": PURE, "atomic": PURE,
    "condition_variable": PURE, "stop_token": PURE,
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
ANGLE_STANDARD = re.compile(r"^[a-z_0-9]+$")  # <vector>; C++ headers have no dot and no slash


def includes(source):
    """(line number, '<' or '"', name) of each include that is not in a comment."""
    for number, (line, code) in enumerate(zip(source.lines, source.code_lines), 1):
        match = INCLUDE.match(line)
        if match and "#" in code:
            yield number, match.group(1), match.group(2)


def check_layer(source, number, name):
    parts = source.path.split("/")
    layer, target = parts[1], name.split("/")
    if layer not in MAY_INCLUDE or len(parts) < 3:
        return Finding(source.path, number, "layer", f"src/{layer} is no layer: see STYLE.md")
    if len(target) < 2 or target[0] not in MAY_INCLUDE:
        return Finding(source.path, number, "layer", f'"{name}": write the path from src/ on')
    if target[0] == "adapters":
        unit = target[1]
        is_own = layer == "adapters" and parts[2] == unit
        if layer == "app" or is_own or unit in ADAPTER_EXCEPTIONS.get(layer, ()):
            return None
        return Finding(source.path, number, "layer",
                       f'{layer} may not include "{name}": only app names concrete adapters; '
                       "use the port in application/ports")
    if target[0] not in MAY_INCLUDE[layer]:
        return Finding(source.path, number, "layer",
                       f'{layer} may not include "{name}": dependencies point left only '
                       "(base <- domain <- application <- adapters, sim <- app)")
    return None


def check_vendor(source, number, name):
    head = name.split("/")[0]
    path = source.path

    def refuse(message):
        return Finding(path, number, "vendor", f"<{name}>: {message}")

    if head in VENDORS:
        if source.is_header:
            return refuse("vendor headers stay inside a .cc; forward-declare or hide it in an Impl")
        if not path.startswith(VENDORS[head]):
            return refuse("not allowed here; put it behind a port, in src/adapters")
        return None
    if head in SYSTEM:
        return None if path.startswith(SYSTEM_FOLDERS) else refuse(
            "the operating system is reached through ports, from src/adapters or src/app")
    if not ANGLE_STANDARD.match(name):
        return refuse("unlisted header; add it to the tables of tools/tidylib/layers.py, "
                      "with an ADR for a new library")
    if path.startswith(STANDARD_BANNED.get(name, TESTS_ONLY)):
        return refuse("no IO, threads or library randomness in this layer; use a port, or "
                      "base/random.h")
    return None


def check(sources):
    for source in sources:
        if not source.is_cpp or source.is_test:
            continue
        for number, kind, name in includes(source):
            finding = (check_layer if kind == '"' else check_vendor)(source, number, name)
            if finding:
                yield finding
