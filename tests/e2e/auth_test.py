"""Keys, roles, two persons; the command line and its exit codes (SPEC 3.3)."""

import json
import os
import unittest

from server_case import CAMPAIGN, ServerCase
from thaw_process import run_command as run


class AuthTest(ServerCase):
    """A server in mode `keys`; keys are made before its first start."""

    auth = "keys"
    keys = {}

    @classmethod
    def prepare(cls):
        for name, role in (("ann", "admin"), ("bob", "approver"), ("app", "app"), ("cat", "care")):
            code, out, _ = run("keys", "add", "--principal", name, "--role", role, "--json",
                               "--data", f"{cls.folder.name}/data")
            assert code == 0, out
            cls.keys[name] = json.loads(out)["key"]

    def by(self, name):
        return {"Authorization": f"Bearer {self.keys[name]}"}

    def test_without_a_key_or_role_nothing_is_done(self):
        self.expect_problem(401, "unauthorized", "PUT", "/v1/campaigns/a", CAMPAIGN)
        self.expect_problem(401, "unauthorized", "PUT", "/v1/campaigns/a", CAMPAIGN,
                            {"Authorization": "Bearer k_nothing_nothing"})
        self.expect_problem(403, "forbidden", "PUT", "/v1/campaigns/a", CAMPAIGN, self.by("app"))
        self.expect_problem(404, "unknown_campaign", "GET", "/v1/campaigns/a", None, self.by("app"))
        # Customer care reads; what stops points is for operations.
        self.expect_problem(404, "unknown_enrolment", "GET", "/v1/members/M1/progress", None,
                            self.by("cat"))
        self.expect_problem(403, "forbidden", "POST", "/v1/members/M1/hold", None, self.by("cat"))

    def test_publishing_takes_two_persons(self):
        self.expect(201, "PUT", "/v1/campaigns/b", CAMPAIGN, self.by("ann"))
        first = self.expect(202, "POST", "/v1/campaigns/b/publish", None, self.by("ann"))
        self.assertEqual(first["status"], "awaiting_approval")
        case = first["case"]
        self.expect_problem(409, "same_person", "POST", f"/v1/cases/{case}/approve", None,
                            self.by("ann"))
        self.expect(200, "POST", f"/v1/cases/{case}/approve", None, self.by("bob"))
        self.assertEqual(self.expect(200, "GET", "/v1/campaigns/b", None, self.by("app"))["status"],
                         "published")

    def test_the_command_line(self):
        server = f"http://127.0.0.1:{self.server.port}"
        code, out, _ = run("cases", "list", "--server", server, "--json",
                           environment={"THAW_KEY": self.keys["bob"]})
        self.assertEqual(code, 0)
        self.assertIn("items", json.loads(out))
        self.assertEqual(run("progress", "M1", "--server", server)[0], 1)
        self.assertEqual(run("nonsense")[0], 2)
        self.assertEqual(run("progress")[0], 2)
        self.assertEqual(run("--help")[0], 0)
        self.assertEqual(run("version")[0], 0)

    def test_a_folder_in_use_is_refused(self):
        data = f"{self.folder.name}/data"
        code, _, errors = run("rebuild-index", "--data", data)
        self.assertEqual(code, 1)
        self.assertIn("locked", errors)
        self.assertEqual(run("verify", "--data", data)[0], 0)  # beside a server

    def test_configuration_that_is_not_understood(self):
        path = f"{self.folder.name}/bad.toml"
        with open(path, "w", encoding="utf-8") as file:
            file.write("[server]\nlissten = \"127.0.0.1:0\"\n")
        code, _, errors = run("serve", "--config", path, "--data", f"{self.folder.name}/other")
        self.assertEqual(code, 1)
        self.assertIn("bad.toml:2:", errors)
        self.assertIn("server.lissten: unknown key", errors)
        code, _, errors = run("serve", "--data", f"{self.folder.name}/other",
                              "--listen", "0.0.0.0:0")
        self.assertEqual(code, 1)
        self.assertIn("loopback", errors)


class VerifyTest(ServerCase):
    """A damaged journal is found and named; a lost index is made anew."""

    def test_a_flipped_byte_and_a_lost_index(self):
        self.publish("cold")
        self.enrol("cold", "M1")
        self.outcomes([self.load("M1", "pi_1", 700)])
        self.assertEqual(self.server.terminate(), 0)
        data = f"{self.folder.name}/data"
        self.assertEqual(run("rebuild-index", "--data", data)[0], 0)
        self.__class__.server = self.start_again()
        self.assertEqual(self.expect(200, "GET", "/v1/members/M1/progress")
                         ["cumulativeTotal"]["minor"], 700)
        self.server.terminate()
        journal = os.path.join(data, "journal")
        segment = os.path.join(journal, sorted(os.listdir(journal))[0])
        with open(segment, "r+b") as file:
            file.seek(8192)
            byte = file.read(1)
            file.seek(8192)
            file.write(bytes([byte[0] ^ 1]))
        code, _, errors = run("verify", "--data", data)
        self.assertEqual(code, 3, errors)
        self.assertIn("corrupt", errors)
        with open(segment, "r+b") as file:
            file.seek(8192)
            file.write(byte)
        self.assertEqual(run("verify", "--data", data)[0], 0)
        self.__class__.server = self.start_again()

    def start_again(self):
        from thaw_process import start_server
        return start_server(self.folder.name, self.now_ms)


if __name__ == "__main__":
    unittest.main()
