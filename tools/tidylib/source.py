"""Files as the checks see them: text, code without comments and strings, suppressions, findings."""

import os
import re
import subprocess
from dataclasses import dataclass, field

SUPPRESSION = re.compile(r"tidy: allow ([a-z-]+)\s*(?::\s*(\S.*))?")
CPP_NAMES = (".h", ".cc")
TEST_NAME = re.compile(r"_test\.(?:h|cc)$|_for_test\.(?:h|cc)$")

TOKEN = re.compile(
    r'//[^\n]*'                                        # line comment
    r'|/\*.*?\*/'                                      # block comment
    r'|R"(?P<delimiter>[^\s()\\]{0,16})\(.*?\)(?P=delimiter)"'  # raw string
    r'|"(?:\\.|[^"\\\n])*"'                            # string
    r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'",           # character, but no digit separator
    re.DOTALL)


@dataclass(frozen=True, order=True)
class Finding:
    path: str
    line: int
    rule: str
    message: str
    is_warning: bool = False

    def __str__(self):
        kind = "warning: " if self.is_warning else ""
        return f"{self.path}:{self.line}: {kind}{self.rule}: {self.message}"


def mask(text):
    """The text with comments and literals blanked, every line and column in its place."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group())
    return TOKEN.sub(blank, text)


@dataclass
class Source:
    """One file; lines count from 1 in findings and from 0 in the lists."""
    path: str
    text: str
    lines: list = field(init=False)
    code: str = field(init=False)  # masked; of C++ files only
    code_lines: list = field(init=False)

    def __post_init__(self):
        self.lines = self.text.split("\n")
        self.code = mask(self.text) if self.is_cpp else ""
        self.code_lines = self.code.split("\n")

    @property
    def is_cpp(self):
        return self.path.endswith(CPP_NAMES)

    @property
    def is_header(self):
        return self.path.endswith(".h")

    @property
    def is_test(self):
        """Tests may include what they like, sleep and throw."""
        name = os.path.basename(self.path)
        return not self.path.startswith("src/") or bool(TEST_NAME.search(name))

    def suppressions(self):
        """Line number -> [(rule, reason or None)]."""
        found = {}
        for number, line in enumerate(self.lines, 1):
            for match in SUPPRESSION.finditer(line):
                found.setdefault(number, []).append((match.group(1), match.group(2)))
        return found


def list_files(root):
    """What git has or would take in; outside a work tree, every file but build output."""
    git = subprocess.run(["git", "-C", root, "ls-files", "-coz", "--exclude-standard"],
                         capture_output=True, check=False)
    if git.returncode == 0:
        names = [name for name in git.stdout.decode().split("\0") if name]
    else:
        names = []
        for folder, folders, files in os.walk(root):
            folders[:] = [f for f in folders if f not in ("build", ".git", "__pycache__")]
            names += [os.path.relpath(os.path.join(folder, f), root) for f in files]
    return sorted(n for n in set(names) if os.path.isfile(os.path.join(root, n)))


def read_tree(root):
    """Every text file of the tree as a Source; binary ones are passed over."""
    sources = []
    for name in list_files(root):
        with open(os.path.join(root, name), "rb") as stream:
            raw = stream.read()
        if b"\0" in raw:
            continue
        try:
            sources.append(Source(name, raw.decode("utf-8")))
        except UnicodeDecodeError:
            continue  # settlement samples may be in a bank's own encoding
    return sources
