"""The command line where it is used wrongly: what is wrong, and what might have been meant (SPEC 3.3)."""

import json
import unittest

from server_case import ServerCase  # pylint: disable=unused-import  # puts outside/ on the path
from thaw_process import run_command


class UnknownCommandTest(unittest.TestCase):
    """Exit code 2, the command named, the nearest one suggested."""

    def refuse(self, *arguments):
        code, out, err = run_command(*arguments)
        self.assertEqual((code, out), (2, ""), err)
        return err

    def test_one_that_is_nearly_right(self):
        self.assertIn("unknown command 'progres'", self.refuse("progres", "M1"))
        self.assertIn("thaw progress", self.refuse("progres", "M1"))
        self.assertIn("thaw campaign publish", self.refuse("campaign", "publsh", "cold"))

    def test_one_that_is_like_none(self):
        said = self.refuse("foo")
        self.assertIn("unknown command 'foo'", said)
        self.assertIn("thaw --help", said)
        self.assertNotIn("did you mean", said)

    def test_no_command_and_options_that_are_unknown(self):
        self.assertNotIn("unknown command", self.refuse())
        self.assertNotIn("unknown command", self.refuse("version", "--colour"))


class SimulationTest(unittest.TestCase):
    """`thaw sim` refuses what it cannot do before it runs, and says how to ask for it."""

    def refuse(self, *arguments):
        code, out, err = run_command("sim", *arguments)
        self.assertEqual((code, out), (2, ""), err)
        return err

    def test_numbers_that_would_run_nothing(self):
        for name, value in (("members", 0), ("seeds", 0), ("seeds", -5), ("ticks", -1), ("hours", 0)):
            self.assertIn(f"--{name} {value}: ", self.refuse(f"--{name}={value}"))
        self.assertIn("-1: give a whole number", self.refuse("--", "-1"))

    def test_two_ends(self):
        self.assertIn("--seeds and --ticks each say when to end",
                      self.refuse("--ticks", "9", "--seeds", "9"))

    def test_help_names_what_is_left_out(self):
        code, out, _ = run_command("sim", "--help")
        self.assertEqual(code, 0)
        for default in ("[100]", "[12]", "[engine]"):
            self.assertIn(default, out)

    def test_one_small_world_in_json(self):
        code, out, _ = run_command("sim", "7", "--ledger", "memory", "--members", "2", "--json")
        self.assertEqual(code, 0)
        self.assertEqual(json.loads(out)["violations"], [])


if __name__ == "__main__":
    unittest.main()
