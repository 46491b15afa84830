"""Documents: shape and index of ADRs, links that resolve, no paths of somebody's machine, the
table of planted bugs."""

import os
import re

from tidylib.source import Finding

ADR_FOLDER = "docs/adr/"
ADR_INDEX = ADR_FOLDER + "README.md"
ADR_NAME = re.compile(r"^docs/adr/(\d{4})-[a-z0-9-]+\.md$")
ADR_MENTION = re.compile(r"\bdocs/adr/(\d{4})\b")
ADR_HEADINGS = ("Context", "Choice", "Rejected", "Consequences")
ADR_MAX_LINES = 60

LINK = re.compile(r"\[[^\]\n]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
FENCE = re.compile(r"^\s*(?:```|~~~)")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*\s*$")
CANARIES = "tests/canaries/canaries.toml"
CANARY_NAME = re.compile(r'^name = "(\w+)"$', re.MULTILINE)
CANARY_TABLE = "docs/reliability.md"
CANARY_ROW = re.compile(r"^\| `(\w+)` \| \d+ \| \d+ \|$")
MACHINE_PATH = re.compile(r"(?<![\w.$}-])/(?:root|work|home)/")


def prose_lines(source):
    """(line number, line) outside fenced code, `inline code` blanked."""
    fenced = False
    for number, line in enumerate(source.lines, 1):
        if FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            yield number, re.sub(r"`[^`]*`", "", line)


def anchors(source):
    """The fragment names that a Markdown page offers, as GitHub makes them."""
    names = set()
    for line in source.lines:
        match = HEADING.match(line)
        if match:
            text = re.sub(r"[^\w\- ]", "", match.group(1).lower())
            names.add(text.strip().replace(" ", "-"))
    return names


def check_adr(source, index_text):
    headings = [m.group(1) for m in map(HEADING.match, source.lines) if m]
    number = ADR_NAME.match(source.path).group(1)
    if not headings or not headings[0].startswith(f"{number} "):
        yield Finding(source.path, 1, "adr", f"the title begins with `# {number} `")
    for wanted in ADR_HEADINGS:
        if headings.count(wanted) != 1:
            yield Finding(source.path, 1, "adr", f"needs exactly one heading `## {wanted}`")
    length = len(source.text.rstrip("\n").split("\n"))
    if length > ADR_MAX_LINES:
        yield Finding(source.path, 1, "adr", f"{length} lines, at most {ADR_MAX_LINES}")
    if f"({os.path.basename(source.path)})" not in index_text:
        yield Finding(source.path, 1, "adr", f"not listed in {ADR_INDEX}")


def check_adrs(sources):
    index = next((s.text for s in sources if s.path == ADR_INDEX), "")
    numbers = {}
    for source in sources:
        if not source.path.startswith(ADR_FOLDER) or source.path == ADR_INDEX:
            continue
        match = ADR_NAME.match(source.path)
        if not match:
            yield Finding(source.path, 1, "adr", "name it NNNN-words-with-dashes.md")
            continue
        yield from check_adr(source, index)
        if match.group(1) in numbers:
            yield Finding(source.path, 1, "adr", f"number taken by {numbers[match.group(1)]}")
        numbers.setdefault(match.group(1), source.path)
    for source in sources:
        for number, line in enumerate(source.lines, 1):
            for mention in ADR_MENTION.finditer(line):
                if mention.group(1) not in numbers:
                    yield Finding(source.path, number, "adr", f"{mention.group()} does not exist")


def check_links(sources):
    by_path = {source.path: source for source in sources}
    folders = {os.path.dirname(path) for path in by_path}
    folders |= {"/".join(f.split("/")[:i]) for f in folders for i in range(1, f.count("/") + 1)}
    for source in sources:
        if not source.path.endswith(".md"):
            continue
        for number, line in prose_lines(source):
            for match in LINK.finditer(line):
                problem = find_broken(source, match.group(1), by_path, folders)
                if problem:
                    yield Finding(source.path, number, "link", problem)


def find_broken(source, link, by_path, folders):
    if re.match(r"^[a-z][a-z0-9+.-]*:", link):
        return None  # another site's; not looked up
    target, _, fragment = link.partition("#")
    path = os.path.normpath(os.path.join(os.path.dirname(source.path), target)) if target \
        else source.path
    if path not in by_path and path not in folders:
        return f"{link} leads nowhere"
    if fragment and path.endswith(".md") and fragment not in anchors(by_path[path]):
        return f"{link}: no such heading"
    return None


def check_paths(sources):
    for source in sources:
        for number, line in enumerate(source.lines, 1):
            match = MACHINE_PATH.search(line)
            if match:
                yield Finding(source.path, number, "path",
                              f"`{match.group()}` is a path of one machine: write it relative")


def check_canary_table(sources):
    """The table names the bugs that are planted, all of them; its seeds are of some run."""
    by_path = {source.path: source for source in sources}
    if CANARIES not in by_path or CANARY_TABLE not in by_path:
        return
    planted = set(CANARY_NAME.findall(by_path[CANARIES].text))
    rows = {}
    for number, line in enumerate(by_path[CANARY_TABLE].lines, 1):
        if match := CANARY_ROW.match(line):
            rows[match.group(1)] = number
    for name in planted - rows.keys():
        yield Finding(CANARY_TABLE, 1, "canary-table", f"`{name}` is planted, and not listed")
    for name in rows.keys() - planted:
        yield Finding(CANARY_TABLE, rows[name], "canary-table", f"no canary is called `{name}`")


def check(sources):
    yield from check_adrs(sources)
    yield from check_links(sources)
    yield from check_paths(sources)
    yield from check_canary_table(sources)
