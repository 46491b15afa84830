"""Concurrent clients that write down what they asked, when, and what they were told."""

import http.client
import json
import random
import threading
import time

from thaw_process import rfc3339, sign

START_MS = 1_761_955_200_000
WITHIN_S = 20
ENROLLED_AT = {"A": START_MS, "B": START_MS - 1000}  # A says nothing: it is the clock's time


class Member:
    """One member of a wave, and the ids that its clients share."""

    def __init__(self, name: str, is_plain: bool):
        self.name = name
        self.is_plain = is_plain  # loads only, each once: totals never fall
        self.lock = threading.Lock()
        self.loads = []           # (txn, minor) sent so far
        self.number = 0

    def draw_txn(self, kind):
        with self.lock:
            self.number += 1
            return f"{self.name}-{kind}{self.number}"


class Server:
    """Which life of the server is to be called; a client waits here while there is none."""

    def __init__(self, port: int):
        self.condition = threading.Condition()
        self.life, self.port = 0, port
        self.ends = {}  # life -> when nothing of it could act any more

    def get(self):
        with self.condition:
            if not self.condition.wait_for(lambda: self.port, WITHIN_S * 3):
                raise RuntimeError("the server does not come back")
            return self.life, self.port

    def note_end(self):
        with self.condition:
            self.ends[self.life] = time.monotonic_ns()

    def note_gone(self):
        with self.condition:
            self.port = 0

    def note_start(self, port):
        with self.condition:
            self.life, self.port = self.life + 1, port
            self.condition.notify_all()


class Client(threading.Thread):
    """Draws operations on the members of one wave after the other."""

    def __init__(self, number, server, waves, per_wave, barrier, seed):
        super().__init__()
        self.number, self.server, self.waves = number, server, waves
        self.per_wave, self.barrier = per_wave, barrier
        self.drawn = random.Random(f"{seed}/{number}")
        self.connection, self.life = None, -1
        self.history = []
        self.failure = None

    def run(self):
        try:
            for wave in self.waves:
                self.barrier.wait(WITHIN_S * 3)
                self.enrol(wave[0], "k0", self.drawn.choice("AABN"))  # all at once
                for _ in range(self.per_wave):
                    self.act(self.drawn.choice(wave))
        except Exception as error:  # handed to the thread that waits
            self.failure = error
            self.barrier.abort()
        self.disconnect()

    def act(self, member):
        kind = self.drawn.choices(("enrol", "load", "batch", "reverse", "read", "lines", "cancel"),
                                  (12, 30, 10, 12, 28, 6, 2))[0]
        if kind == "enrol":
            key = self.drawn.choice(("", "k0", "k1", "k2"))
            self.enrol(member, key, "A" if member.is_plain else self.drawn.choice("AAABN"))
        elif kind in ("load", "batch"):
            self.deliver(member, [self.make_load(member) for _ in
                                  range(1 if kind == "load" else self.drawn.randint(2, 5))])
        elif kind == "reverse" and member.loads and not member.is_plain:
            self.deliver(member, [self.make_reversal(member)])
        elif kind == "cancel" and not member.is_plain:
            self.cancel(member)
        elif kind == "lines":
            self.read_lines(member)
        else:
            self.read(member)

    # --- what is asked -------------------------------------------------------------------------

    def enrol(self, member, key, body):
        sent = {"campaign": "nope" if body == "N" else "cold", "member": member.name}
        if body == "B":
            sent["enrolled_at"] = rfc3339(ENROLLED_AT["B"])
        operation = {"member": member.name, "op": "enrol", "key": key, "body": body}
        self.mutate([operation], "/v1/enrolments", json.dumps(sent), key)

    def cancel(self, member):
        of = self.drawn.choice("AAB")
        key = self.drawn.choice(("", "c0"))
        body = self.drawn.choice(("", "", "{}"))
        operation = {"member": member.name, "op": "cancel", "of": of, "key": key, "body": body}
        self.mutate([operation],
                    f"/v1/enrolments/cold.{member.name}.{ENROLLED_AT[of]}/cancel", body, key)

    def make_load(self, member):
        chance = self.drawn.random()
        if member.loads and chance < 0.35:
            txn, minor = self.drawn.choice(member.loads)
            if chance < 0.12 and not member.is_plain:
                minor += 2 * self.drawn.randint(-20, 20)
        else:
            txn, minor = member.draw_txn("t"), 2 * self.drawn.randint(50, 500)
            member.loads.append((txn, minor))
        return {"member": member.name, "op": "load", "txn": txn, "minor": minor}

    def make_reversal(self, member):
        # Odd, so that it never states a load's whole amount: that has rules of its own.
        minor = 0 if self.drawn.random() < 0.3 else 2 * self.drawn.randint(10, 300) + 1
        return {"member": member.name, "op": "reverse", "txn": member.draw_txn("r"),
                "of": self.drawn.choice(member.loads)[0], "minor": minor}

    def deliver(self, member, operations):
        """Each event is an operation of its own: a batch promises no more (SPEC 3.1)."""
        events = []
        for operation in operations:
            event = {"id": "e", "type": "load", "provider_txn_id": operation["txn"],
                     "member": member.name, "rail": "apple_pay",
                     "amount": {"currency": "AUD", "minor": operation["minor"]},
                     "occurred_at": rfc3339(START_MS)}
            if operation["op"] == "reverse":
                event.update(type="reversal", reverses=operation["of"])
                if not operation["minor"]:
                    del event["amount"]
            events.append(event)
        self.mutate(operations, "/v1/webhooks/cardco", json.dumps(events))

    def read(self, member):
        operation = {"member": member.name, "op": "read"}
        status, body = self.ask(operation, f"/v1/members/{member.name}/progress")
        if status == 200:
            self.write([{**operation, "state": body["state"],
                         "total": body["cumulativeTotal"]["minor"]}])
        elif status:
            self.write([operation])

    def read_lines(self, member):
        operation = {"member": member.name, "op": "lines"}
        status, body = self.ask(operation, f"/v1/members/{member.name}/transactions?limit=1000")
        if status:
            lines = [f"load {line['provider_txn_id']} {line['amount']['minor']}"
                     if line["kind"] == "load" else f"{line['kind']} {line['provider_txn_id']}"
                     for line in body["items"]]
            self.write([{**operation, "lines": sorted(lines)}])

    # --- how it is sent and written down -------------------------------------------------------

    def mutate(self, operations, path, body, key=""):
        headers = {"Content-Type": "application/json"}
        if path.startswith("/v1/webhooks"):
            seconds = START_MS // 1000
            headers.update({"webhook-id": "m", "webhook-timestamp": str(seconds),
                            "webhook-signature": sign("m", seconds, body)})
        if key:
            headers["Idempotency-Key"] = f"{operations[0]['member']}-{key}"
        chance = self.drawn.random()
        how = "leave" if chance < 0.02 else "hurry" if chance < 0.04 else "wait"
        times, answer = self.exchange("POST", path, body or None, headers, how)
        if answer is None:
            life = self.life
            self.write([{**operation, **times, "life": life} for operation in operations])
            return
        status, response_headers, data = answer
        parsed = json.loads(data)
        if "webhooks" in path:
            if status != 200:
                raise AssertionError(f"{path}: {status} {parsed}")
            told = [{"outcome": result["outcome"]} for result in parsed["results"]]
        elif status < 300:
            told = [{"status": status, "answer": data.decode(),
                     "replayed": response_headers["Idempotent-Replayed"] == "true"}]
        else:
            told = [{"status": status, "code": parsed["code"]}]
        self.write([{**operation, **times, **one, "answered": True}
                    for operation, one in zip(operations, told, strict=True)])

    def ask(self, operation, path):
        """(0, nothing) without an answer: such a read says nothing."""
        times, answer = self.exchange("GET", path)
        if answer is None:
            return 0, None
        operation.update(times, status=answer[0], answered=True)
        return answer[0], json.loads(answer[2])

    def exchange(self, method, path, body=None, headers=(), how="wait"):
        """({call, return}, (status, headers, body) or none). `leave`: the connection is closed as
        soon as all is sent; `hurry`: an answer that takes longer than a moment is not awaited."""
        self.life, port = self.connect()
        times = {"call": time.monotonic_ns()}
        answer = None
        try:
            self.connection.request(method, path, body, dict(headers))
            if how == "hurry":
                self.connection.sock.settimeout(0.0005)
            if how != "leave":
                response = self.connection.getresponse()
                answer = response.status, response.headers, response.read()
                times["return"] = time.monotonic_ns()
        except (OSError, http.client.HTTPException) as error:
            if how == "wait" and isinstance(error, TimeoutError):
                raise AssertionError(f"{path} on port {port} took {WITHIN_S} s") from error
        if answer is None or how != "wait":
            self.disconnect()
        return times, answer

    def connect(self):
        life, port = self.server.get()
        if self.connection is None or life != self.life:
            self.disconnect()
            self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WITHIN_S)
        return life, port

    def disconnect(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def write(self, operations):
        self.history += [{"client": self.number, **operation} for operation in operations]
