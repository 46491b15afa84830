#!/usr/bin/env python3
"""Tests of ./dev setup against a stand-in for dpkg-query and apt-get, and of what ./dev refuses."""

import os
import subprocess
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

DPKG_QUERY = """#!/bin/bash
shift 3  # -W -f FORMAT
for name in "$@"; do
  case " $MISSING " in *" $name "*) ;; *) echo "$name installed" ;; esac
done
[[ -z $MISSING ]]
"""
APT_GET = """#!/bin/bash
echo "$*" >>"$CALLS"
case "$*" in *update*) exit "${UPDATE_STATUS:-0}" ;; *) exit "${INSTALL_STATUS:-0}" ;; esac
"""
# `python3 -m venv --clear FOLDER`: a folder whose pip notes what it is asked for. Else the real one.
PYTHON3 = """#!/bin/bash
[[ $1 == -m && $2 == venv ]] || exec /usr/bin/python3 "$@"
mkdir -p "$4/bin"
printf '#!/bin/bash\\necho "pip $*" >>"$CALLS"\\nexit "${PIP_STATUS:-0}"\\n' >"$4/bin/pip"
chmod +x "$4/bin/pip"
"""
ID = '#!/bin/bash\necho "${FAKE_UID:-0}"\n'
SUDO = '#!/bin/bash\necho "sudo" >>"$CALLS"\nexec "$@"\n'


class Dev(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.calls = os.path.join(self.folder.name, "calls")
        for name, text in (("dpkg-query", DPKG_QUERY), ("apt-get", APT_GET), ("id", ID),
                           ("python3", PYTHON3)):
            self.put(name, text)

    def put(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.chmod(path, 0o755)

    def dev(self, *words, **environment):
        path = self.folder.name + os.pathsep + environment.pop("PATH_TAIL", os.environ["PATH"])
        settings = {**os.environ, "PATH": path, "CALLS": self.calls, "MISSING": "",
                    "THAW_VENV": os.path.join(self.folder.name, "venv"), **environment}
        settings.pop("THAW_SKIP_SETUP", None)
        return subprocess.run([os.path.join(ROOT, "dev"), *words], env=settings, text=True,
                              capture_output=True, stdin=subprocess.DEVNULL, check=False)

    def pip_calls(self):
        return [call for call in self.calls_made() if call.startswith("pip")]

    def apt_calls(self):
        return [call for call in self.calls_made() if not call.startswith("pip")]

    def calls_made(self):
        if not os.path.exists(self.calls):
            return []
        with open(self.calls, encoding="utf-8") as stream:
            return stream.read().splitlines()

    def test_nothing_missing_calls_no_apt(self):
        done = self.dev("setup")
        self.assertEqual((done.returncode, self.apt_calls()), (0, []))

    def test_missing_packages_are_installed_after_one_update(self):
        done = self.dev("setup", MISSING="mold strace")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(self.apt_calls()), 2)
        self.assertIn("update", self.apt_calls()[0])
        self.assertTrue(self.apt_calls()[1].endswith("--no-install-recommends mold strace"))

    def test_a_failed_update_still_tries_the_lists_at_hand(self):
        done = self.dev("setup", MISSING="mold", UPDATE_STATUS="100")
        self.assertEqual((done.returncode, len(self.apt_calls())), (0, 2))

    def test_a_failed_install_is_said_and_fails(self):
        done = self.dev("setup", MISSING="mold", INSTALL_STATUS="100")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("could not install: mold", done.stderr)

    def test_sudo_is_used_when_not_root(self):
        self.put("sudo", SUDO)
        done = self.dev("setup", MISSING="mold", FAKE_UID="1000")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.apt_calls()[0], "sudo")

    def test_python_packages_are_installed_once(self):
        self.assertEqual(self.dev("setup").returncode, 0)
        self.assertEqual(len(self.pip_calls()), 1)
        self.assertTrue(self.pip_calls()[0].endswith("-r tools/python_requirements.txt"))
        self.assertEqual(self.dev("setup").returncode, 0)
        self.assertEqual(len(self.pip_calls()), 1)

    def test_python_packages_that_could_not_be_installed_are_tried_again(self):
        self.assertNotEqual(self.dev("setup", PIP_STATUS="1").returncode, 0)
        self.assertEqual(self.dev("setup").returncode, 0)
        self.assertEqual(len(self.pip_calls()), 2)

    def test_unknown_words_are_usage_errors(self):
        self.assertEqual(self.dev("frobnicate").returncode, 2)
        self.assertEqual(self.dev().returncode, 2)
        self.assertIn("no preset is called", self.dev("build", "frob").stderr)
        self.assertIn("--tidy or nothing", self.dev("lint", "--frob").stderr)
        self.assertEqual(self.dev("--help").returncode, 0)


if __name__ == "__main__":
    unittest.main()
