"""Shape of the code: function and file length, names of types, `#pragma once`, a README in each layer."""

import os
import re

from tidylib.source import Finding

MAX_FUNCTION_LINES = 70
MAX_FILE_LINES = 400
ALLOWANCES = "tools/tidy_allowances.txt"
OURS = ("src/", "tests/", "bench/", "fuzz/")
COUNTED = (".h", ".cc", ".py", ".sh", ".ts")
COUNTED_NAMES = ("dev", "tools/tidy", ".ci/run")

SCOPE = re.compile(r"^\s*(?:inline\s+)?(?:namespace|extern|class|struct|union|enum)\b")
TEMPLATE_HEAD = re.compile(r"^\s*(?:template\s*<[^{};]*>\s*)+")
CONTINUES = re.compile(r"\s*[,{]")
PREPROCESSOR = re.compile(r"(?m)^[ \t]*#(?:[^\n]*\\\n)*[^\n]*")
TYPE = re.compile(r"(?:struct|class|union|enum class|enum) (?:alignas\([^)]*\) |\[\[.*?\]\] )*"
                  r"(\w+)(?: final)?(?: :[^;]*)?(?: \{.*)?$")
ACCESS = re.compile(r"\b(?:public|private|protected)\s*:(?!:)")


def opens_function(head):
    """`head`: the code since the last `;`, `{` or `}` before a brace that stands in no function."""
    head = TEMPLATE_HEAD.sub("", ACCESS.sub("", head))
    return ")" in head and not SCOPE.match(head)


def end_of_block(code, opening):
    """Index of the brace that closes the one at `opening`; the end of the code if none does."""
    depth = 0
    for index in range(opening, len(code)):
        depth += {"{": 1, "}": -1}.get(code[index], 0)
        if depth == 0:
            return index
    return len(code) - 1


def functions(source):
    """(first line, last line) of each outermost function with its signature.

    Matches braces on masked, clang-format'ed code: approximate, but exact enough for a ratchet.
    """
    code = PREPROCESSOR.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), source.code)
    index, start, parens = 0, 0, 0
    while index < len(code):
        char = code[index]
        parens += {"(": 1, ")": -1}.get(char, 0)
        if parens == 0 and char == "{" and opens_function(code[start:index]):
            index = end_of_block(code, index)
            if not CONTINUES.match(code, index + 1):  # else it was a member's initialiser
                first = start + len(code[start:]) - len(code[start:].lstrip())
                yield code.count("\n", 0, first) + 1, code.count("\n", 0, index) + 1
                start = index + 1
        elif parens == 0 and char in ";{}":
            start = index + 1
        index += 1


def check_functions(source):
    for first, last in functions(source):
        length = last - first + 1
        if length > MAX_FUNCTION_LINES:
            yield Finding(source.path, first, "function-length",
                          f"{length} lines, at most {MAX_FUNCTION_LINES}: one function, one idea")


def read_allowances(sources):
    """Path -> lines, from the committed file of `path lines` rows."""
    allowed = {}
    for source in sources:
        if source.path != ALLOWANCES:
            continue
        for number, line in enumerate(source.lines, 1):
            words = line.split("#")[0].split()
            if len(words) == 2 and words[1].isdigit():
                allowed[words[0]] = (int(words[1]), number)
    return allowed


def check_file_lengths(sources):
    allowed = read_allowances(sources)
    seen = set()
    for source in sources:
        if not source.path.endswith(COUNTED) and source.path not in COUNTED_NAMES:
            continue
        length = len(source.lines) - (source.lines[-1] == "")
        limit = allowed.get(source.path, (MAX_FILE_LINES, 0))[0]
        if length > limit:
            yield Finding(source.path, 1, "file-length",
                          f"{length} lines, at most {limit}: split it by idea, or allow it, with "
                          f"a reason, in {ALLOWANCES}")
        elif length > MAX_FILE_LINES:
            seen.add(source.path)
    for path, (_, number) in sorted(allowed.items()):
        over = any(s.path == path and len(s.lines) > MAX_FILE_LINES for s in sources)
        if path not in seen and not over:
            yield Finding(ALLOWANCES, number, "file-length",
                          f"{path} no longer needs its allowance: take the line out")


def check_pragma(source):
    first = next((line for line in source.code_lines if line.strip()), "")
    if first.strip() != "#pragma once":
        yield Finding(source.path, 1, "pragma-once", "a header begins with `#pragma once`")


def named_types(source):
    """(line, namespace, name) of each type defined directly in a named namespace."""
    namespaces, depth = [], 0  # (name, depth within)
    for number, line in enumerate(source.code_lines, 1):
        if opened := re.match(r"(?:inline )?namespace ([\w:]*) ?\{", line):
            namespaces.append((opened.group(1), depth + 1))
        elif defined := TYPE.match(line):
            names = [name for name, _ in namespaces]
            if namespaces and depth == namespaces[-1][1] and all(names):
                yield number, "::".join(names), defined.group(1)
        depth += line.count("{") - line.count("}")
        while namespaces and depth < namespaces[-1][1]:
            namespaces.pop()


def check_one_names(sources):
    """Two types of one name that reach one program are undefined behaviour, and nobody says so."""
    first = {}
    for source in sources:
        if not source.is_cpp or not source.path.startswith(OURS):
            continue
        for number, namespace, name in named_types(source):
            other = first.setdefault((namespace, name), source.path)
            if other != source.path:
                yield Finding(source.path, number, "one-name",
                              f"{namespace}::{name} is another type in {other}: rename one, or put "
                              "it into the unnamed namespace")


def check_readmes(sources):
    paths = {source.path for source in sources}
    for layer in sorted({p.split("/")[1] for p in paths if p.startswith("src/") and p.count("/") > 1}):
        readme = os.path.join("src", layer, "README.md")
        if readme not in paths:
            yield Finding(readme, 1, "readme", "missing: purpose, face, main types", True)


def check(sources):
    for source in sources:
        if source.is_cpp and source.path.startswith(OURS):
            yield from check_functions(source)
            if source.is_header:
                yield from check_pragma(source)
    yield from check_file_lengths(sources)
    yield from check_one_names(sources)
    yield from check_readmes(sources)
