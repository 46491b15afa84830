"""The command line where it is used wrongly: what is wrong, and what might have been meant (SPEC 3.3)."""

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


if __name__ == "__main__":
    unittest.main()
