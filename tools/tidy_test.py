#!/usr/bin/env python3
"""Tests of tools/tidy: each rule is seen failing, passing, and excused."""

import importlib.machinery
import importlib.util
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
LOADER = importlib.machinery.SourceFileLoader("tidy", os.path.join(HERE, "tidy"))
SPEC = importlib.util.spec_from_loader("tidy", LOADER)
tidy = importlib.util.module_from_spec(SPEC)
LOADER.exec_module(tidy)

GOOD_ADR = "# 0001 One\n\n## Context\na\n## Choice\nb\n## Rejected\nc\n## Consequences\nd\n"
INDEX = "# Decisions\n\n- [One](0001-one.md)\n"
MACHINE = "/" + "home/"


def header(body):
    return "#pragma once\n" + body


def long_function(lines, signature="int f(int a)"):
    return signature + " {\n" + "  a += 1;\n" * (lines - 2) + "}\n"


# rule, {path: text} that breaks it, the path that is blamed
BREAKS = [
    ("layer", {"src/base/a.h": header('#include "domain/x.h"\n')}, "src/base/a.h"),
    ("layer", {"src/domain/a.cc": '#include "application/x.h"\n'}, "src/domain/a.cc"),
    ("layer", {"src/application/a.cc": '#include "adapters/memory/x.h"\n'}, "src/application/a.cc"),
    ("layer", {"src/adapters/http/a.cc": '#include "adapters/rocksdb/x.h"\n'},
     "src/adapters/http/a.cc"),
    ("layer", {"src/adapters/http/a.cc": '#include "app/x.h"\n'}, "src/adapters/http/a.cc"),
    ("layer", {"src/adapters/http/a.cc": '#include "sim/x.h"\n'}, "src/adapters/http/a.cc"),
    ("layer", {"src/sim/a.cc": '#include "adapters/rocksdb/x.h"\n'}, "src/sim/a.cc"),
    ("layer", {"src/app/a.cc": '#include "x.h"\n'}, "src/app/a.cc"),
    ("layer", {"src/util/a.cc": '#include "base/x.h"\n'}, "src/util/a.cc"),
    ("vendor", {"src/domain/a.h": header("#include <fmt/format.h>\n")}, "src/domain/a.h"),
    ("vendor", {"src/adapters/http/a.h": header("#include <boost/asio.hpp>\n")},
     "src/adapters/http/a.h"),
    ("vendor", {"src/application/engine/a.cc": "#include <rocksdb/db.h>\n"},
     "src/application/engine/a.cc"),
    ("vendor", {"src/domain/a.cc": "#include <openssl/evp.h>\n"}, "src/domain/a.cc"),
    ("vendor", {"src/application/a.cc": "#include <unistd.h>\n"}, "src/application/a.cc"),
    ("vendor", {"src/domain/a.cc": "#include <fstream>\n"}, "src/domain/a.cc"),
    ("vendor", {"src/adapters/x/a.cc": "#include <unheard/of.h>\n"}, "src/adapters/x/a.cc"),
    ("clock", {"src/app/a.cc": "auto t = std::chrono::system_clock::now();\n"}, "src/app/a.cc"),
    ("clock", {"src/app/a.cc": "auto t = std::chrono::steady_clock::now();\n"}, "src/app/a.cc"),
    ("clock", {"src/app/a.cc": "auto t = time(nullptr);\n"}, "src/app/a.cc"),
    ("clock", {"src/application/a_test.cc": "auto t = steady_clock::now();\n"},
     "src/application/a_test.cc"),
    ("clock", {"tests/scenario/a.cc": "auto t = system_clock::now();\n"}, "tests/scenario/a.cc"),
    ("random", {"src/base/a.cc": "std::random_device device;\n"}, "src/base/a.cc"),
    ("random", {"src/base/a_test.cc": "int n = std::rand();\n"}, "src/base/a_test.cc"),
    ("random", {"src/sim/a.cc": "std::uniform_int_distribution<int> d;\n"}, "src/sim/a.cc"),
    ("random", {"src/sim/a.cc": "std::shuffle(a.begin(), a.end(), g);\n"}, "src/sim/a.cc"),
    ("sleep", {"src/app/a.cc": "std::this_thread::sleep_for(1s);\n"}, "src/app/a.cc"),
    ("getenv", {"src/adapters/http/a.cc": 'auto p = std::getenv("P");\n'},
     "src/adapters/http/a.cc"),
    ("float", {"src/domain/a.h": header("double rate;\n")}, "src/domain/a.h"),
    ("float", {"src/base/a.cc": "float rate;\n"}, "src/base/a.cc"),
    ("hash", {"src/app/a.cc": "auto h = std::hash<int>()(1);\n"}, "src/app/a.cc"),
    ("pointer-key", {"src/app/a.cc": "std::map<const Node*, int> m;\n"}, "src/app/a.cc"),
    ("pointer-key", {"src/app/a.cc": "std::set<std::shared_ptr<Node>> m;\n"}, "src/app/a.cc"),
    ("unordered", {"src/domain/a.cc": "std::unordered_map<int, int> m;\n"}, "src/domain/a.cc"),
    ("assert", {"src/domain/a.cc": "void f() { assert(true); }\n"}, "src/domain/a.cc"),
    ("default", {"src/domain/a.cc": "default: return 1;\n"}, "src/domain/a.cc"),
    ("default", {"src/application/a.cc": "default: return 1;\n"}, "src/application/a.cc"),
    ("thread", {"src/application/a.cc": "std::jthread worker;\n"}, "src/application/a.cc"),
    ("thread", {"src/adapters/http/a.cc": "std::thread worker(f);\n"}, "src/adapters/http/a.cc"),
    ("throw", {"src/application/a.cc": 'throw std::runtime_error("x");\n'}, "src/application/a.cc"),
    ("sort", {"src/domain/a.cc": "std::sort(a.begin(), a.end());\n"}, "src/domain/a.cc"),
    ("sort", {"src/domain/a.cc": "// total:\nstd::ranges::sort(a);\n"}, "src/domain/a.cc"),
    ("function-length", {"src/app/a.cc": long_function(71)}, "src/app/a.cc"),
    ("function-length", {"src/app/a.cc": long_function(80, "Foo::Foo() : a_{1}, b_(2)")},
     "src/app/a.cc"),
    ("function-length", {"src/app/a.cc": long_function(80, "void f(X x = {})")}, "src/app/a.cc"),
    ("function-length", {"src/app/a.cc": "class A {\n public:\n" + long_function(71) + "};\n"},
     "src/app/a.cc"),
    ("file-length", {"src/app/a.cc": "int a;\n" * 401}, "src/app/a.cc"),
    ("file-length", {"src/app/a.cc": "int a;\n" * 420,
                     "tools/tidy_allowances.txt": "src/app/a.cc 410  # big\n"}, "src/app/a.cc"),
    ("file-length", {"src/app/a.cc": "int a;\n" * 9,
                     "tools/tidy_allowances.txt": "src/app/a.cc 410  # big\n"},
     "tools/tidy_allowances.txt"),
    ("one-name", {"src/app/a.h": header("namespace thaw {\nstruct A {\n};\n}  // namespace thaw\n"),
                  "src/app/b.cc": "namespace thaw {\nclass A : B {\n};\n}  // namespace thaw\n"},
     "src/app/b.cc"),
    ("one-name", {"src/app/a.h": header("namespace boost {\nclass B;\n}\nnamespace thaw {\n"
                                        "struct alignas(64) A {\n};\n}  // namespace thaw\n"),
                  "src/app/b.h": header("namespace thaw {\nclass A : public B,\n    C {\n};\n}\n")},
     "src/app/b.h"),
    ("pragma-once", {"src/app/a.h": "#ifndef A_H\n#define A_H\n#endif\n"}, "src/app/a.h"),
    ("readme", {"src/app/a.cc": "int a;\n"}, "src/app/README.md"),
    ("adr", {"docs/adr/0001-one.md": GOOD_ADR}, "docs/adr/0001-one.md"),  # not in the index
    ("adr", {"docs/adr/0001-one.md": GOOD_ADR.replace("## Rejected\nc\n", ""),
             "docs/adr/README.md": INDEX}, "docs/adr/0001-one.md"),
    ("adr", {"docs/adr/0001-one.md": GOOD_ADR + "e\n" * 60, "docs/adr/README.md": INDEX},
     "docs/adr/0001-one.md"),
    ("adr", {"docs/adr/0001-one.md": GOOD_ADR, "docs/adr/0001-two.md": GOOD_ADR,
             "docs/adr/README.md": INDEX + "(0001-two.md)"}, "docs/adr/0001-two.md"),
    ("adr", {"src/app/a.cc": "// docs/adr/0042\n"}, "src/app/a.cc"),
    ("link", {"README.md": "[gone](docs/gone.md)\n"}, "README.md"),
    ("link", {"README.md": "# One\n[part](#two)\n"}, "README.md"),
    ("canary-table", {"tests/canaries/canaries.toml": 'name = "a"\nname = "b"\n',
                      "docs/reliability.md": "| `a` | 1 | 20 |\n"}, "docs/reliability.md"),
    ("canary-table", {"tests/canaries/canaries.toml": 'name = "a"\n',
                      "docs/reliability.md": "| `a` | 1 | 20 |\n| `gone` | 1 | 20 |\n"},
     "docs/reliability.md"),
    ("path", {"README.md": f"see {MACHINE}me/thaw\n"}, "README.md"),
    ("path", {"dev": f"cd {MACHINE}me\n"}, "dev"),
    ("allow", {"src/app/a.cc": "int a;  // tidy: allow nonsense: because\n"}, "src/app/a.cc"),
    ("allow", {"src/app/a.cc": "int a;  // tidy: allow clock: not needed\n"}, "src/app/a.cc"),
    ("allow", {"src/domain/a.cc": "default: f();  // tidy: allow default:\n"}, "src/domain/a.cc"),
]

# Texts that look like a breach and are none.
PASSES = {
    "src/app/README.md": "app\n", "src/domain/README.md": "# Domain\n\n## Its face\n",
    "src/app/one.cc": "namespace thaw {\nnamespace {\nstruct A {\n};\n}  // namespace\n}  // namespace thaw\n",
    "src/app/two.cc": "namespace thaw {\nstruct A {\n};\nvoid f() {\n}\n}  // namespace thaw\n",
    "src/app/three.cc": "namespace thaw::x {\nstruct A {\n};\n}  // namespace thaw::x\n",
    "src/adapters/README.md": "x\n", "src/application/README.md": "x\n", "src/sim/README.md": "x\n",
    "src/app/main.cc": '#include <boost/asio.hpp>\n#include "adapters/http/server.h"\n'
                       'std::jthread t; auto p = std::getenv("P");\n',
    "src/base/README.md": "x\n", "src/base/sha256.cc": "#include <openssl/evp.h>\n",
    "src/adapters/clock/system.cc": "auto t = std::chrono::system_clock::now();\n",
    "src/adapters/http/server.cc": '#include <unistd.h>\n#include "adapters/http/request.h"\n'
                                   "auto n = std::thread::hardware_concurrency();\n",
    "src/adapters/http/server_test.cc": "auto t = steady_clock::now(); std::jthread t(f);\n",
    "src/adapters/http/server_for_test.h": header("#include <gtest/gtest.h>\nstd::jthread t;\n"),
    "src/sim/store.cc": '#include "adapters/memory/ledger.h"\n',
    "src/sim/store_test.cc": '#include <gtest/gtest.h>\n#include "adapters/rocksdb/index.h"\n',
    "src/domain/a.cc": '// a double default: in prose, throw, std::hash\n'
                       'const char* t = "system_clock::now() \\" float";\n'
                       "/* assert(x)\n   std::rand() */ char c = '\"'; auto big = 30'000;\n"
                       'auto raw = R"(throw " double)";\nstatic_assert(true);\nX() = default;\n'
                       "// total: ids are unique,\n// as written\nstd::sort(a.begin(), a.end());\n"
                       "std::ranges::sort(b);  // total: whole values compare\n"
                       "std::map<std::string, std::vector<Node*>> by_id;\n"
                       "default: g();  // tidy: allow default: every other one is late\n"
                       "runtime(0); x.time(0); view.rand();\n",
    "src/domain/b.cc": long_function(70) + "int table[] = {\n" + "  1,\n" * 80 + "};\n",
    "src/domain/b.h": "// Says what it is.\n#pragma once\n\n#include <cstdint>\n",
    "tests/e2e/a.cc": "#include <unistd.h>\nvoid f() { sleep_for(1s); throw 1; }\n",
    "docs/adr/0001-one.md": GOOD_ADR, "docs/adr/README.md": INDEX,
    "README.md": "[one](docs/adr/0001-one.md) [a](docs/adr/) [face](src/domain/README.md#its-face)\n"
                 "`[code](no.md)` [far](https://example.org/home/x)\n```\n[code](no.md)\n```\n",
}


def run(files, only=None):
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            path = os.path.join(root, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(text)
        return tidy.check_tree(root, only)


class Rules(unittest.TestCase):
    def test_each_rule_fails_where_it_should(self):
        for rule, files, blamed in BREAKS:
            with self.subTest(rule=rule, path=blamed, text=files.get(blamed, "")[:60]):
                found = [f for f in run(files) if f.rule == rule]
                self.assertEqual({f.path for f in found}, {blamed})

    def test_every_rule_is_seen_failing(self):
        self.assertEqual({rule for rule, _, _ in BREAKS}, set(tidy.RULES))

    def test_lookalikes_pass(self):
        self.assertEqual([str(f) for f in run(PASSES)], [])

    def test_a_reason_excuses_one_line_from_one_rule(self):
        line = 'throw std::runtime_error("x");'
        excuse = "  // tidy: allow throw: a vendor's contract\n"
        self.assertEqual(run({"src/base/a.cc": line + excuse}, ["throw", "allow"]), [])
        both = run({"src/base/a.cc": line + excuse + line + "\n"}, ["throw", "allow"])
        self.assertEqual([f.line for f in both], [2])

    def test_a_suppression_without_reason_excuses_nothing(self):
        found = run({"src/base/a.cc": "throw 1;  // tidy: allow throw\n"}, ["throw", "allow"])
        self.assertEqual([f.rule for f in found], ["allow", "throw"])

    def test_an_allowance_lets_a_long_file_be(self):
        files = {"src/app/a.cc": "int a;\n" * 405,
                 "tools/tidy_allowances.txt": "src/app/a.cc 410  # why\n"}
        self.assertEqual(run(files, ["file-length"]), [])

    def test_missing_readme_only_warns(self):
        found = run({"src/app/a.cc": "int a;\n"}, ["readme"])
        self.assertTrue(found and all(f.is_warning for f in found))

    def test_findings_name_their_line(self):
        found = run({"src/base/a.cc": "/* two\nlines */\nint a;\nthrow 1;\n"}, ["throw"])
        self.assertEqual([(f.path, f.line) for f in found], [("src/base/a.cc", 4)])


if __name__ == "__main__":
    unittest.main()
