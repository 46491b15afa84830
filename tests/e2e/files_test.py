"""Settlement files over HTTP: what is applied, what is refused and where (SPEC 2.4, 3.2, 3.6)."""

import tempfile
import unittest

from server_case import DAY_MS, START_MS, ServerCase, make_file
from thaw_process import list_all, rfc3339, run_command

NOON_MS = START_MS + 2 * DAY_MS
LARGE = 25_000  # more than the server answers at once


def payment(txn, member, minor, settled="2025-11-02"):
    """A transfer of the day before the file."""
    return (txn, "payment", "member_id", member, minor, settled, settled, "")


class FilesCase(ServerCase):
    """One published campaign; each test has members and files of its own."""

    config = """[providers.billco]
rails = ["bpay"]
series = "cumulative"
"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.publish(cls("publish"), "cold")

    def tell_all(self, *members):
        """What a file could have changed."""
        return [self.expect(200, "GET", f"/v1/members/{member}/{page}") for member in members
                for page in ("progress", "transactions")] + [
                    list_all(self.server.port, f"/v1/files?provider={provider}")
                    for provider in ("bankco", "billco")]

    def without_clock(self, told):
        """A page's own time and position are no content."""
        for page in told:
            if isinstance(page, dict):
                page.pop("as_of", None)
                page.pop("revision", None)
        return told


class AppliedTest(FilesCase):
    """Files that are taken."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.advance_to(NOON_MS)

    def enrol_early(self, member):
        return self.expect(201, "POST", "/v1/enrolments",
                           {"campaign": "cold", "member": member,
                            "enrolled_at": rfc3339(NOON_MS - DAY_MS)})

    def test_a_dry_run_says_all_and_changes_nothing(self):
        self.enrol_early("D1")
        text = make_file("D", NOON_MS, [payment("d1", "D1", 700), payment("d2", "D9", 50)])
        before = self.without_clock(self.tell_all("D1"))
        status, dry = self.send_file(text, "&dry_run=true")
        self.assertEqual((status, dry["status"]), (200, "dry_run"), dry)
        self.assertEqual(self.without_clock(self.tell_all("D1")), before)
        status, applied = self.send_file(text)
        self.assertEqual((status, applied["status"]), (200, "applied"))
        self.assertEqual(applied["outcomes"], {"counted": 1, "kept": 1})
        self.assertEqual(dry["outcomes"], applied["outcomes"])
        self.assertEqual(dry["sum"], applied["sum"])
        after = self.without_clock(self.tell_all("D1"))
        self.assertEqual(self.send_file(text)[1], {**applied, "status": "duplicate_file"})
        self.assertEqual(self.without_clock(self.tell_all("D1")), after)
        self.assertEqual(self.total("D1"), 700)

    def test_a_reused_file_id_with_other_content(self):
        self.enrol_early("R1")
        self.apply_file(make_file("R", NOON_MS, [payment("r1", "R1", 10)]))
        status, problem = self.send_file(make_file("R", NOON_MS, [payment("r2", "R1", 10)]))
        self.assertEqual((status, problem["code"]), (409, "file_id_conflict"))
        self.assertEqual(self.total("R1"), 10)

    def test_a_key_answers_as_the_first_time_and_takes_one_file_only(self):
        self.enrol_early("K1")
        text = make_file("K", NOON_MS, [payment("k1", "K1", 10)])
        key = {"Idempotency-Key": "k"}
        first = self.expect(200, "POST", "/v1/files?provider=bankco", text, key)
        self.assertEqual(first["status"], "applied")
        self.assertEqual(self.expect(200, "POST", "/v1/files?provider=bankco", text, key), first)
        other = make_file("K2", NOON_MS, [payment("k2", "K1", 10)])
        self.expect_problem(409, "idempotency_key_reuse", "POST", "/v1/files?provider=bankco",
                            other, key)
        self.expect_problem(400, "invalid_idempotency_key", "POST", "/v1/files?provider=bankco",
                            other, {"Idempotency-Key": "k" * 129})
        self.assertEqual(self.total("K1"), 10)

    def test_a_cumulative_file_repeats_the_morning(self):
        self.enrol_early("C1")
        def make(file_id, records):
            return make_file(file_id, NOON_MS, records, "billco", "bpay")
        # Without ids, equal to each other: two genuine payments (SPEC 2.4).
        equal = payment("", "C1", 500)
        with_id = payment("c1", "C1", 30)
        self.assertEqual(self.apply_file(make("C-10", [equal, equal, with_id]), "billco"),
                         {"counted": 3})
        self.assertEqual(self.total("C1"), 1030)
        self.assertEqual(self.apply_file(make("C-13", [equal, with_id, equal, equal]), "billco"),
                         {"counted": 1, "duplicate": 3})
        self.assertEqual(self.total("C1"), 1530)

    def test_a_delta_file_never_repeats_what_has_no_id(self):
        self.enrol_early("E1")
        equal = payment("", "E1", 500)
        with_id = payment("e1", "E1", 30)
        self.assertEqual(self.apply_file(make_file("E-1", NOON_MS, [equal, equal, with_id])),
                         {"counted": 3})
        self.assertEqual(self.apply_file(make_file("E-2", NOON_MS, [with_id, equal])),
                         {"counted": 1, "duplicate": 1})
        self.assertEqual(self.total("E1"), 1530)

    # SPEC 2.4: "A record gone from a later cumulative file opens a case and reverses nothing."
    def test_a_record_gone_from_a_later_cumulative_file(self):
        self.enrol_early("G1")
        def make(file_id, records):
            return make_file(file_id, NOON_MS, records, "billco", "bpay")
        self.apply_file(make("G-10", [payment("g1", "G1", 5), payment("g2", "G1", 6)]), "billco")
        before = len(list_all(self.server.port, "/v1/cases?state=open"))
        self.apply_file(make("G-13", [payment("g2", "G1", 6)]), "billco")
        self.assertEqual(self.total("G1"), 11)
        self.assertGreater(len(list_all(self.server.port, "/v1/cases?state=open")), before)

    def test_a_mark_at_the_start_blank_lines_and_other_line_ends(self):
        self.enrol_early("B1")
        text = make_file("B", NOON_MS, [payment("b1", "B1", 10), payment("b2", "B1", 20)])
        spaced = "\ufeff" + text.replace("\n", "\r\n\r\n") + "\r\n"
        self.assertEqual(self.apply_file(spaced), {"counted": 2})
        self.assertEqual(self.total("B1"), 30)

    def test_amounts_that_are_none_are_refused_on_their_own_line(self):
        """And are part of the control sum all the same (SPEC 3.6)."""
        self.enrol_early("Z1")
        self.assertEqual(self.apply_file(make_file("Z", NOON_MS, [
            payment("z1", "Z1", 0), payment("z2", "Z1", -40), payment("z3", "Z1", 30)])),
            {"counted": 1, "rejected:amount": 2})
        self.assertEqual(self.total("Z1"), 30)

    def test_an_amount_that_is_too_large_is_refused_on_its_own_line(self):
        self.enrol_early("Y1")
        self.assertEqual(self.apply_file(make_file("Y", NOON_MS, [
            payment("y1", "Y1", 2**62), payment("y2", "Y1", 30)])),
            {"counted": 1, "rejected:amount": 1})

    def test_a_sum_that_cannot_be_shown_is_none_rather_than_wrong(self):
        self.enrol_early("V1")
        text = make_file("V", NOON_MS, [payment("v1", "V1", 10**15), payment("v2", "V1", 1)])
        for status, query in (("dry_run", "&dry_run=true"), ("applied", ""), ("duplicate_file", "")):
            body = self.send_file(text, query)[1]
            self.assertEqual((body["status"], body["sum"]), (status, None))
        self.assertEqual(self.send_file(make_file("V2", NOON_MS, [payment("v3", "V1", 10**15)]))
                         [1]["sum"], {"currency": "AUD", "minor": 10**15})
        with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
            file.write(text)
            file.flush()
            code, shown, _ = run_command("import", file.name, "--provider", "bankco", "--server",
                                         f"http://127.0.0.1:{self.server.port}")
        self.assertEqual(code, 0)
        self.assertRegex(shown, r"sum +too large to show")

    def test_a_rail_that_this_provider_may_not_send(self):
        self.enrol_early("W1")
        text = make_file("W", NOON_MS, [payment("w1", "W1", 10), payment("w2", "W1", 20)])
        text = text.replace("R,w1,payment,bank_transfer", "R,w1,payment,npp")
        self.assertEqual(self.apply_file(text), {"counted": 1, "rejected:unknown_rail": 1})

    def test_lines_are_paged_each_with_its_outcome(self):
        self.enrol_early("L1")
        records = [payment(f"l{i}", "L1" if i % 3 else "L9", 10 + i) for i in range(7)]
        status, body = self.send_file(make_file("L", NOON_MS, records))
        self.assertEqual(status, 200)
        lines, cursor, pages = [], "", 0
        while cursor is not None:
            query = "?limit=3" + (f"&cursor={cursor}" if cursor else "")
            page = self.expect(200, "GET", f"/v1/files/{body['file_id']}/lines{query}")
            self.assertLessEqual(len(page["items"]), 3)
            lines, cursor, pages = lines + page["items"], page["next_cursor"], pages + 1
        self.assertEqual(pages, 3)
        self.assertEqual([(line["line"], line["provider_txn_id"], line["outcome"])
                          for line in lines],
                         [(i + 2, f"l{i}", "counted" if i % 3 else "kept") for i in range(7)])
        self.assertEqual(self.expect(200, "GET", f"/v1/files/{body['file_id']}")["records"], 7)
        self.expect_problem(404, "unknown_file", "GET", "/v1/files/none/lines")

    def test_a_large_file_is_answered_before_it_is_applied(self):
        for number in range(5):
            self.enrol_early(f"X{number}")
        text = make_file("X", NOON_MS, [payment(f"x{i}", f"X{i % 5}", 1) for i in range(LARGE)])
        status, body = self.send_file(text)
        self.assertEqual((status, body["status"]), (202, "applying"), body)
        seen = [body["status"]]
        self.assertEqual(self.advance_to(self.now_ms)[0], 200)  # waits until the file is applied
        file = self.expect(200, "GET", f"/v1/files/{body['file_id']}")
        seen.append(file["status"])
        self.assertEqual((seen, file["outcomes"]), (["applying", "applied"], {"counted": LARGE}))
        self.assertEqual([self.total(f"X{number}") for number in range(5)], [LARGE // 5] * 5)
        self.assertEqual(self.send_file(text)[1]["status"], "duplicate_file")


class RefusedTest(FilesCase):
    """Files that are refused whole: line, column and reason, and nothing is changed."""

    def setUp(self):
        self.text = make_file("Q", START_MS, [payment("q1", "Q1", 100, "2025-11-01"),
                                              payment("q2", "Q1", 200, "2025-11-01")])

    def refuse(self, text, line, column, provider="bankco"):
        status, problem = self.send_file(text, provider=provider)
        self.assertEqual((status, problem["code"]), (422, "invalid"), problem)
        self.assertEqual((problem["line"], problem["column"]), (line, column), problem)
        self.assertTrue(problem["detail"])

    def test_each_fault_is_named_and_none_changes_anything(self):
        self.enrol("cold", "Q1")
        before = self.without_clock(self.tell_all("Q1"))
        text = self.text
        record = text.splitlines()[1]
        faults = {
            "trailer missing": (text[:text.index("T,")], 4, 0),
            "cut in a record": (text[:text.index("R,q2") + 9], 3, 0),
            "amount edited": (text.replace(",100,", ",101,"), 4, 3),
            "record removed": (text.replace(record + "\n", ""), 3, 2),
            "sum edited": (text.replace("T,2,300", "T,2,301"), 4, 3),
            "count edited": (text.replace("T,2,300", "T,3,300"), 4, 2),
            "amount no number": (text.replace(",100,", ",1e2,"), 2, 7),
            "no such type": (text.replace("q2,payment", "q2,gift"), 3, 3),
            "no such rail": (text.replace("q1,payment,bank_transfer", "q1,payment,cheque"), 2, 4),
            "no such date": (text.replace("2025-11-01,2025-11-01,,\nT", "2025-11-01,2025-11-31,,\nT"),
                             3, 9),
            "local time, no offset": (text.replace("100,2025-11-01,", "100,2025-11-01T02:30:00,"),
                                      2, 8),
            "field too many": (text.replace(record, record + ","), 2, 0),
            "id is no UTF-8": (text.replace("R,q1", "R,q\udcff"), 2, 2),
            "original is no UTF-8": (text.replace("q2,payment", "q2,reversal").replace(
                ",,\nT", ",q\udce9,\nT"), 3, 10),
            "text is no UTF-8": (text.replace(",,\nT", ",,caf\udce9\nT"), 3, 11),
            "text has a NUL": (text.replace(",,\nT", ",,a\0b\nT"), 3, 11),
            "after the trailer": (text + record + "\n", 5, 0),
            "two headers": (text.replace(record, text.splitlines()[0]), 2, 1),
        }
        for name, (bad, line, column) in faults.items():
            with self.subTest(name):
                self.refuse(bad, line, column)
        self.refuse(text, 1, 4, provider="billco")  # the header names another provider
        self.assertEqual(self.without_clock(self.tell_all("Q1")), before)
        # None of them used up the file id, the hash or an identity.
        self.assertEqual(self.apply_file(text), {"counted": 2})


    def test_a_file_that_says_it_was_made_later(self):
        late = make_file("P", START_MS + 5 * 60_000 + 1, [])
        for query in ("&dry_run=true", ""):
            status, problem = self.send_file(late, query)
            self.assertEqual((status, problem["code"], problem["line"], problem["column"]),
                             (422, "future", 1, 6), problem)
            self.assertTrue(problem["detail"])
        self.assertEqual(self.apply_file(make_file("P", START_MS + 5 * 60_000, [])), {})


class RepeatedHourTest(FilesCase):
    """5 April 2026, Sydney: 02:00 to 03:00 comes twice, the day has 25 hours."""

    CHANGE_MS = 1_775_318_400_000  # 2026-04-04T16:00:00Z

    def test_both_hours_and_the_whole_day(self):
        self.advance_to(self.CHANGE_MS + 23 * 3_600_000)
        self.enrol("cold", "H1", enrolled_at=rfc3339(self.CHANGE_MS))
        def record(txn, initiated):
            return (txn, "payment", "member_id", "H1", 10, initiated, "2026-04-06", "")
        self.assertEqual(self.apply_file(make_file("H", self.now_ms, [
            record("h1", "2026-04-05T02:30:00+11:00"),
            record("h2", "2026-04-05T02:30:00+10:00"),
            record("h3", "2026-04-05"), record("h4", "2026-04-04")])),
            {"counted": 2, "excluded:before_window": 2})
        lines = {line["provider_txn_id"]: line for line in
                 self.expect(200, "GET", "/v1/members/H1/transactions")["items"]}
        self.assertEqual({txn: line["placed"] for txn, line in lines.items()},
                         {"h1": "excluded:before_window", "h2": "counted", "h3": "counted",
                          "h4": "excluded:before_window"})
        self.assertEqual((lines["h3"]["occurred_at"], lines["h3"]["occurred_until"]),
                         ("2026-04-04T13:00:00.000Z", "2026-04-05T14:00:00.000Z"))


if __name__ == "__main__":
    unittest.main()
