"""tools/coverage: what it counts, what it excuses, and that nothing stale is excused."""

import importlib.machinery
import importlib.util
import os
import unittest

PATH = os.path.join(os.path.dirname(__file__), "coverage")
LOADER = importlib.machinery.SourceFileLoader("coverage_tool", PATH)
SPEC = importlib.util.spec_from_loader("coverage_tool", LOADER)
tool = importlib.util.module_from_spec(SPEC)
LOADER.exec_module(tool)

SOURCE = ["switch (a) {", "if (a && b) return;", "return a;", "bool operator==() = default;"]


def make_line(number, count, *taken):
    return {"line_number": number, "count": count, "branches": [{"count": n} for n in taken]}


class CoverageTest(unittest.TestCase):
    def judge(self, lines, exceptions=""):
        files = [{"file": "src/domain/a.cc", "lines": lines}]
        return tool.judge(files, tool.Exceptions(exceptions), lambda _: SOURCE)

    def test_a_line_that_is_not_reached_is_a_fault_unless_it_is_named(self):
        line = make_line(3, 0)
        self.assertEqual(len(self.judge([line])[1]), 1)
        named = "src/domain/a.cc | line | return a; | cannot be"
        table, faults = self.judge([line], named)
        self.assertEqual(faults, [])
        self.assertEqual((table[0][1].all, table[0][1].reached, table[0][1].excused), (1, 0, 1))

    def test_a_branch_that_is_not_taken_is_a_fault_unless_it_is_named(self):
        line = make_line(2, 5, 5, 0)
        self.assertEqual(len(self.judge([line])[1]), 1)
        self.assertEqual(
            self.judge([line], "src/domain/a.cc | branch | if (a && b) return; | open")[1], [])

    def test_what_the_compiler_makes_is_no_fault(self):
        self.assertEqual(self.judge([make_line(1, 5, 5, 0), make_line(3, 5, 5, 0),
                                     make_line(4, 5, 5, 0)])[1], [])
        self.assertEqual(len(self.judge([make_line(1, 5, 5, 0, 0)])[1]), 1)

    def test_an_exception_that_excuses_nothing_is_a_fault(self):
        stale = "src/domain/a.cc | line | return a; | cannot be"
        self.assertEqual(len(self.judge([make_line(3, 1)], stale)[1]), 1)

    def test_an_exception_without_a_reason_is_a_fault(self):
        self.assertEqual(len(self.judge([], "src/domain/a.cc | line | return a;")[1]), 1)


if __name__ == "__main__":
    unittest.main()
