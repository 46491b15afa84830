"""A client that sends loads and files, notes what was answered, and later compares (SPEC 3.1)."""

import threading
import time

from thaw_process import Gone, call, list_all, post_events, rfc3339

START_MS = 1_761_955_200_000  # 2025-11-01T00:00:00Z
MEMBERS = [f"M{number}" for number in range(12)]
CAMPAIGN = {"name": "Cold", "currency": "AUD", "points": 2000, "window": "P30D", "grace": "PT48H",
            "threshold": {"currency": "AUD", "minor": 50_000},
            "rails": ["apple_pay", "bank_transfer"]}


class Answer:
    """What came back to one call: a status, or none where the peer went away."""

    def __init__(self, kind, began, status):
        self.kind, self.began, self.status = kind, began, status


class Payer:
    """Everything that was ever sent to one data folder, over all lives of its server."""

    def __init__(self, members=tuple(MEMBERS)):
        self.lock = threading.Lock()
        self.members = list(members)
        self.now_ms = START_MS
        self.outcome = "counted"  # of a load that is sent now
        self.refusals = {503}     # what a failing server may answer
        self.number = 0
        self.paid = {}     # provider_txn_id -> (member, minor): answered 200
        self.unsure = []   # (kind, what was sent) without a 200
        self.answers = []  # of the present round
        self.strange = []  # answers that SPEC does not allow here

    def set_up(self, port):
        assert call(port, "PUT", "/v1/campaigns/cold", CAMPAIGN)[0] == 201
        assert call(port, "POST", "/v1/campaigns/cold/publish")[0] == 200
        for member in self.members:
            status, body = call(port, "POST", "/v1/enrolments",
                                {"campaign": "cold", "member": member})
            assert status == 201, body

    def draw(self):
        with self.lock:
            self.number += 1
            return self.number

    def make_loads(self, count):
        loads = []
        for _ in range(count):
            number = self.draw()
            loads.append({"id": f"e{number}", "type": "load", "provider_txn_id": f"w{number}",
                          "member": self.members[number % len(self.members)], "rail": "apple_pay",
                          "amount": {"currency": "AUD", "minor": 100 + number},
                          "occurred_at": rfc3339(self.now_ms)})
        return loads

    def make_file(self):
        """Two transfers: (provider_txn_id, member, minor) each, and the text that carries them."""
        first = self.draw()
        now, count = rfc3339(self.now_ms), len(self.members)
        records = [(f"f{first}-{i}", self.members[(first + i) % count], 1000 + first)
                   for i in range(2)]
        lines = [f"H,thaw-csv,1,bankco,F{first},{now},AUD"]
        lines += [f"R,{txn},payment,bank_transfer,member_id,{member},{minor},{now},{now[:10]},,"
                  for txn, member, minor in records]
        lines.append(f"T,2,{sum(minor for _, _, minor in records)}")
        return records, "\n".join(lines) + "\n"

    def send(self, kind, sent, port):
        """True if it was answered 200; what is not is kept as unsure."""
        began, status, body = time.time(), None, None
        try:
            if kind == "webhook":
                status, body = post_events(port, "cardco", sent, self.now_ms, timeout=20)
            else:
                status, body = call(port, "POST", "/v1/files?provider=bankco", sent[1].encode(),
                                    timeout=20)
        except Gone:
            pass
        with self.lock:
            self.answers.append(Answer(kind, began, status))
            if status == 200:
                self.note(kind, sent)
                return body
            if status is not None and status not in self.refusals:
                self.strange.append((status, body))
            self.unsure.append((kind, sent))
        return None

    def note(self, kind, sent):
        if kind == "webhook":
            for event in sent:
                self.paid[event["provider_txn_id"]] = (event["member"], event["amount"]["minor"])
        else:
            for txn, member, minor in sent[0]:
                self.paid[txn] = (member, minor)

    def pay(self, port, connections=3, deliveries=8, with_files=True):
        """A round of load; ends early when the server is gone. The answers to it."""
        self.answers = []

        def work(is_filer):
            for number in range(deliveries):
                if is_filer and number % 3 == 0:
                    self.send("file", self.make_file(), port)
                else:
                    self.send("webhook", self.make_loads(1 + number % 3), port)
                if self.answers[-1].status is None:
                    return

        threads = [threading.Thread(target=work, args=(with_files and i == 0,))
                   for i in range(connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self.answers

    def find_present(self, port, members=()):
        """provider_txn_id -> (member, minor) of all lines; one that stands twice is strange."""
        present = {}
        for member in members or self.members:
            for line in list_all(port, f"/v1/members/{member}/transactions"):
                if line["provider_txn_id"] in present:
                    self.strange.append(("twice", line))
                present[line["provider_txn_id"]] = (member, line["amount"]["minor"])
        return present

    def settle(self, port):
        """Sends again what is unsure: an event that is there is a duplicate, else it is counted
        now; a second retry finds it there (SPEC 2.4)."""
        present = self.find_present(port) if self.unsure else {}
        unsure, self.unsure = self.unsure, []
        for kind, sent in unsure:
            first, second = self.send(kind, sent, port), self.send(kind, sent, port)
            if kind == "webhook":
                wanted = ["duplicate" if event["provider_txn_id"] in present else self.outcome
                          for event in sent]
                got = [result["outcome"] for result in first["results"]]
                again = {result["outcome"] for result in second["results"]}
                if got != wanted or again != {"duplicate"}:
                    self.strange.append((kind, sent, wanted, got, again))
            elif (first["status"] not in ("applied", "duplicate_file")
                  or second["status"] != "duplicate_file" or first["outcomes"] != {"counted": 2}):
                self.strange.append((kind, sent, first, second))
        return len(unsure)

    def compare(self, test, port):
        """What was acknowledged is there once, nothing else is, and the totals are its sums."""
        test.assertEqual(self.find_present(port), self.paid)
        self.compare_totals(test, port)

    def compare_totals(self, test, port):
        """The same, by its sums alone: all amounts differ."""
        test.assertEqual(self.strange, [])
        for member in self.members:
            total = sum(minor for who, minor in self.paid.values() if who == member)
            progress = call(port, "GET", f"/v1/members/{member}/progress")[1]
            test.assertEqual(progress["cumulativeTotal"]["minor"], total, member)
