"""Clients that send until they are answered, and note what they were told (SPEC 3.1, 3.2)."""

import http.client
import json
import random
import threading
import time

from thaw_process import rfc3339, sign

START_MS = 1_761_955_200_000
CALL_WITHIN_S = 2       # a call that takes longer has met a stall, on a slow machine, too
ANSWERED_WITHIN_S = 60  # over all tries
REFUSED_FOR_NOW = (429, 503)


class Book:
    """What all clients of one server sent, and what was answered. Amounts and ids are unique."""

    def __init__(self, members):
        self.lock = threading.Lock()
        self.members = members
        self.number = 0
        self.acknowledged = {}  # provider_txn_id -> (member, minor)
        self.abandoned = {}     # the same, of what was sent once and never answered
        self.files = []         # the ids of each abandoned file: all or none
        self.enrolled = {}      # member -> window, as answered
        self.maybe_enrolled = set()
        self.strange = []       # answers that SPEC does not allow here
        self.calls = self.retries = self.timeouts = 0

    def draw(self):
        with self.lock:
            self.number += 1
            return self.number


class Try:
    """A request that may be sent again as it is."""

    def __init__(self, kind, method, path, body, headers, loads=()):
        self.kind, self.method, self.path, self.body = kind, method, path, body
        self.headers, self.loads = headers, dict(loads)
        self.member = None
        self.tries = 0


class Client(threading.Thread):
    """One connection, kept as long as it lives; a failed one is followed by a new one."""

    def __init__(self, book: Book, port: int, seed: str, count: int):
        super().__init__()
        self.book, self.port, self.count = book, port, count
        self.drawn = random.Random(seed)
        self.connection = None

    def run(self):
        makers = (self.make_single, self.make_batch, self.make_enrolment, self.make_file)
        for _ in range(self.count):
            maker = self.drawn.choices(makers, (4, 4, 2, 1))[0]
            self.deliver(maker(), is_patient=self.drawn.random() < 0.6)
        self.disconnect()

    def deliver(self, request, is_patient):
        """Until it is answered, or once."""
        deadline = time.monotonic() + ANSWERED_WITHIN_S
        while time.monotonic() < deadline:
            answer = self.send(request)
            if answer and answer[0] not in REFUSED_FOR_NOW:
                return self.note(request, *answer)
            if not is_patient:
                return self.abandon(request)
        self.book.strange.append(("no answer", request.kind, request.tries))
        return None

    def send(self, request):
        """(status, headers, body), or nothing."""
        request.tries += 1
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port,
                                                             timeout=CALL_WITHIN_S)
            is_chunked = not isinstance(request.body, str)
            self.connection.request(request.method, request.path,
                                    iter(request.body) if is_chunked else request.body,
                                    request.headers, encode_chunked=is_chunked)
            response = self.connection.getresponse()
            data = response.read()
            # http.client takes a head that was cut off for a whole one.
            if response.headers["Content-Length"]:
                return response.status, response.headers, data
        except TimeoutError:
            with self.book.lock:
                self.book.timeouts += 1
        except (OSError, http.client.HTTPException):
            pass
        finally:
            with self.book.lock:
                self.book.calls += 1
                self.book.retries += request.tries > 1
        self.disconnect()
        return None

    def disconnect(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def make_load(self):
        number = self.book.draw()
        member = self.drawn.choice(self.book.members)
        return f"w{number}", (member, 100 + number)

    def make_single(self):
        return self.make_webhook(1)

    def make_batch(self):
        return self.make_webhook(self.drawn.randint(2, 30))

    def make_webhook(self, count):
        loads = [self.make_load() for _ in range(count)]
        events = [{"id": f"e-{txn}", "type": "load", "provider_txn_id": txn, "member": member,
                   "rail": "apple_pay", "amount": {"currency": "AUD", "minor": minor},
                   "occurred_at": rfc3339(START_MS)} for txn, (member, minor) in loads]
        body = json.dumps(events if count > 1 else events[0])
        seconds = START_MS // 1000
        headers = {"Content-Type": "application/json", "webhook-id": loads[0][0],
                   "webhook-timestamp": str(seconds),
                   "webhook-signature": sign(loads[0][0], seconds, body)}
        return Try("webhook", "POST", "/v1/webhooks/cardco", body, headers, loads)

    def make_enrolment(self):
        member = self.drawn.choice(self.book.members)
        headers = {"Content-Type": "application/json"}
        if self.drawn.random() < 0.5:
            headers["Idempotency-Key"] = f"key-{self.book.draw()}"
        request = Try("enrolment", "POST", "/v1/enrolments",
                      json.dumps({"campaign": "cold", "member": member}), headers)
        request.member = member
        return request

    def make_file(self):
        """thaw-csv; every other one goes in chunks, whose end alone says that it is whole."""
        number = self.book.draw()
        loads = [(f"f{number}-{i}", (self.drawn.choice(self.book.members), 1000 + number))
                 for i in range(self.drawn.randint(1, 40))]
        lines = [f"H,thaw-csv,1,bankco,F{number},{rfc3339(START_MS)},AUD"]
        lines += [f"R,{txn},payment,bank_transfer,member_id,{member},{minor},"
                  f"{rfc3339(START_MS)},2025-11-01,," for txn, (member, minor) in loads]
        lines.append(f"T,{len(loads)},{sum(minor for _, (_, minor) in loads)}")
        parts = [f"{line}\n".encode() for line in lines]
        is_chunked = self.drawn.random() < 0.5
        return Try("file", "POST", "/v1/files?provider=bankco",
                   parts if is_chunked else b"".join(parts).decode(),
                   {"Transfer-Encoding": "chunked"} if is_chunked else {}, loads)

    def abandon(self, request):
        with self.book.lock:
            self.book.abandoned.update(request.loads)
            if request.kind == "file":
                self.book.files.append(list(request.loads))
            if request.member:
                self.book.maybe_enrolled.add(request.member)

    def note(self, request, status, headers, data):
        body = json.loads(data) if data else None
        fault = getattr(self, f"find_fault_of_{request.kind}")(request, status, headers, body)
        with self.book.lock:
            if fault:
                self.book.strange.append((request.kind, request.tries, status, fault, body))
            self.book.acknowledged.update(request.loads)

    def find_fault_of_webhook(self, request, status, _, body):
        if status != 200:
            return "status"
        outcomes = {result["outcome"] for result in body["results"]}
        allowed = {"counted", "kept"} | ({"duplicate"} if request.tries > 1 else set())
        has_all = [result["id"] for result in body["results"]] == [f"e-{t}" for t in request.loads]
        return "" if has_all and outcomes <= allowed else "outcomes"

    def find_fault_of_file(self, request, status, _, body):
        if status != 200:
            return "status"
        if body["status"] != "applied" and (body["status"] != "duplicate_file"
                                            or request.tries == 1):
            return "not applied"
        placed = body["outcomes"].get("counted", 0) + body["outcomes"].get("kept", 0)
        return "" if placed == body["records"] == len(request.loads) else "outcomes"

    def find_fault_of_enrolment(self, request, status, headers, body):
        if status not in (200, 201):
            return "status"
        if headers["Idempotent-Replayed"] and (request.tries == 1
                                               or "Idempotency-Key" not in request.headers):
            return "replayed"
        with self.book.lock:
            known = self.book.enrolled.setdefault(request.member, body["window_id"])
        return "" if known == body["window_id"] else "another window"
