"""Two persons, keys of one person, and secrets that are changed (SPEC 3.3, 3.5)."""

import json
import unittest

from server_case import CAMPAIGN, DAY_MS, START_MS, ServerCase
from system_call_faults import wait_until
from thaw_process import (SECRET, call, issued_keys, list_all, move_clock, post_events,
                          run_command, start_server, write_config)

PEOPLE = {"ann": ("ann", "admin"), "ann2": ("ann", "approver"), "bob": ("bob", "approver"),
          "cyd": ("cyd", "approver"), "app": ("app", "app"), "ops": ("ops", "ops"),
          "bank": ("bank", "ingest")}
NEW_SECRET = "whsec_bmV3IHNlY3JldCBvZiBhIHRlc3Qgb25seQ=="
OTHER_SECRET = "whsec_b3RoZXIgc2VjcmV0IG9mIGEgdGVzdCBvbmx5"


class PeopleCase(ServerCase):
    """A server in mode `keys`; one principal has two of them."""

    auth = "keys"

    @classmethod
    def prepare(cls):
        cls.keys = {name: cls.add_key(*who)["key"] for name, who in PEOPLE.items()}

    @classmethod
    def add_key(cls, principal, role):
        code, out, errors = run_command("keys", "add", "--principal", principal, "--role", role,
                                        "--json", "--data", f"{cls.folder.name}/data")
        assert code == 0, errors
        return json.loads(out)

    def by(self, name):
        return {"Authorization": f"Bearer {self.keys[name]}"}

    def move_to(self, now_ms):
        self.__class__.now_ms = now_ms
        self.assertEqual(move_clock(self.server.port, now_ms, self.by("ops"))[0], 200)

    def put(self, campaign, **changes):
        return self.call("PUT", f"/v1/campaigns/{campaign}", {**CAMPAIGN, **changes},
                         self.by("ann"))

    def ask_to_publish(self, campaign, name="ann"):
        """The case that waits for the second person."""
        answer = self.expect(202, "POST", f"/v1/campaigns/{campaign}/publish", None, self.by(name))
        self.assertEqual(answer["status"], "awaiting_approval")
        return answer["case"]

    def approve(self, status, case, name):
        return self.expect(status, "POST", f"/v1/cases/{case}/approve", None, self.by(name))

    def campaign(self, name):
        return self.expect(200, "GET", f"/v1/campaigns/{name}", None, self.by("app"))


class PublishTest(PeopleCase):
    """Publishing takes two principals; keys do not make people."""

    def test_another_key_of_the_same_person_is_refused(self):
        self.put("keys")
        case = self.ask_to_publish("keys")
        for own in ("ann", "ann2"):
            self.assertEqual(self.approve(409, case, own)["code"], "same_person")
            self.assertEqual(self.campaign("keys")["status"], "draft")
        for neither in ("app", "ops"):
            self.assertEqual(self.approve(403, case, neither)["code"], "forbidden")
        self.expect_problem(409, "not_published", "POST", "/v1/enrolments",
                            {"campaign": "keys", "member": "K1"}, self.by("app"))
        self.approve(200, case, "bob")
        self.assertEqual(self.campaign("keys")["status"], "published")
        self.assertEqual(self.approve(409, case, "cyd")["code"], "case_closed")
        steps = self.expect(200, "GET", f"/v1/cases/{case}", None, self.by("bob"))["steps"]
        self.assertEqual({step["principal"] for step in steps}, {"ann", "bob"})

    def test_what_was_rejected_is_not_published(self):
        self.put("no")
        case = self.ask_to_publish("no", "bob")
        self.expect(200, "POST", f"/v1/cases/{case}/reject", {"note": "too many points"},
                    self.by("ann"))
        self.assertEqual(self.campaign("no")["status"], "draft")
        self.assertEqual(self.approve(409, case, "cyd")["code"], "case_closed")

    def test_a_draft_that_changed_since_is_not_published_unseen(self):
        """Or the second person would agree to what nobody proposed."""
        self.put("swap", points=2000)
        case = self.ask_to_publish("swap", "ann2")
        self.put("swap", points=1_000_000)
        self.call("POST", f"/v1/cases/{case}/approve", None, self.by("bob"))
        self.assertNotEqual((self.campaign("swap")["status"], self.campaign("swap")["points"]),
                            ("published", 1_000_000))


class RevisionTest(PeopleCase):
    """A late issue takes one who proposes and another who agrees."""

    def publish_by_two(self, campaign, **changes):
        self.put(campaign, **changes)
        self.approve(200, self.ask_to_publish(campaign), "bob")

    def test_one_proposes_and_another_approves(self):
        self.publish_by_two("late")
        window = self.expect(201, "POST", "/v1/enrolments", {"campaign": "late", "member": "L1"},
                             self.by("app"))["window_id"]
        self.move_to(START_MS + 33 * DAY_MS)
        load = self.load("L1", "l1", 60_000, occurred_at="2025-11-02T00:00:00.000Z")
        self.assertEqual(self.outcomes([load]), ["excluded:late"])
        self.move_to(self.now_ms)
        case, = [item["id"] for item in list_all(self.server.port, "/v1/cases?kind=revision",
                                                 self.by("bob"))]
        proposed = self.approve(202, case, "ann2")
        self.assertEqual(proposed, {"status": "awaiting_approval", "case": case})
        for own in ("ann", "ann2"):
            self.assertEqual(self.approve(409, case, own)["code"], "same_person")
        self.move_to(self.now_ms)
        decision = self.expect(200, "GET", f"/v1/decisions/{window}", None, self.by("app"))
        self.assertEqual((decision["revision"], decision["outcome"]), (1, "not_qualified"))
        self.assertEqual(issued_keys(self.sandbox.port), [])
        self.approve(200, case, "bob")
        self.move_to(self.now_ms)
        decision = self.expect(200, "GET", f"/v1/decisions/{window}", None, self.by("app"))
        self.assertEqual((decision["revision"], decision["outcome"]), (2, "qualified"))
        self.assertEqual(sorted(decision["people"]), ["ann", "bob"])
        self.assertEqual(issued_keys(self.sandbox.port), [f"cold-activation-{window}"])


class KeysTest(PeopleCase):
    """Keys come and go while the server runs."""

    def status(self, key):
        return self.call("GET", "/v1/campaigns/none", None, {"Authorization": f"Bearer {key}"})[0]

    def test_a_key_is_added_and_revoked_without_a_restart(self):
        added = self.add_key("eve", "app")["key"]
        wait_until(lambda: self.status(added) == 404, "the new key to be known")
        code, out, _ = run_command("keys", "list", "--data", f"{self.folder.name}/data")
        key_id, = [line.split()[0] for line in out.splitlines() if " eve " in line]
        self.assertEqual(code, 0)
        self.assertNotIn(added, out)
        code, _, errors = run_command("keys", "revoke", key_id, "--data",
                                      f"{self.folder.name}/data")
        self.assertEqual(code, 0, errors)
        wait_until(lambda: self.status(added) == 401, "the key to be refused")
        self.assertEqual(self.status(self.keys["app"]), 404)


class SecretsTest(ServerCase):
    """Webhook secrets: two are valid at once, so that a provider can change over."""

    @classmethod
    def prepare(cls):
        cls.write_secret(SECRET)
        cls.configure(SECRET, NEW_SECRET)

    @classmethod
    def write_secret(cls, secret):
        with open(f"{cls.folder.name}/secret", "w", encoding="utf-8") as file:
            file.write(secret + "\n")

    @classmethod
    def configure(cls, *secrets):
        write_config(cls.folder.name, cls.sandbox.port, more=f"""[providers.rotating]
rails = ["debit_card"]
webhook_secrets = [{", ".join(f'"{secret}"' for secret in secrets)}]
[providers.byfile]
rails = ["debit_card"]
webhook_secrets = ["file:{cls.folder.name}/secret"]
""")

    def status(self, provider, *secrets):
        return post_events(self.server.port, provider, [], self.now_ms, secrets=secrets)[0]

    def test_two_at_once_then_the_new_one_alone(self):
        self.assertEqual([self.status("rotating", SECRET), self.status("rotating", NEW_SECRET),
                          self.status("rotating", OTHER_SECRET, NEW_SECRET),
                          self.status("rotating", OTHER_SECRET)], [200, 200, 200, 401])
        self.configure(NEW_SECRET, OTHER_SECRET)
        self.assertEqual(self.server.terminate(), 0)
        self.__class__.server = start_server(self.folder.name, self.now_ms)
        self.assertEqual([self.status("rotating", SECRET), self.status("rotating", NEW_SECRET),
                          self.status("rotating", OTHER_SECRET)], [401, 200, 200])

    # SPEC 3.5: "Keys and secrets rotate without a restart."
    def test_a_secret_in_a_file_is_changed_without_a_restart(self):
        self.assertEqual(self.status("byfile", SECRET), 200)
        self.write_secret(NEW_SECRET)
        self.addCleanup(self.write_secret, SECRET)
        wait_until(lambda: self.status("byfile", NEW_SECRET) == 200, "the new secret", within_s=3)


if __name__ == "__main__":
    unittest.main()
