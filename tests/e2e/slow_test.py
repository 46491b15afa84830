"""Slow, large and many peers; a server that is full, and one that drains (SPEC 3.6, DESIGN 2)."""

import http.client
import json
import socket
import threading
import time
import unittest

from server_case import ServerCase
from system_call_faults import Faults, wait_until
from thaw_process import Gone, call, post_events, sign, start_server

SERVED_WITHIN_S = 2  # while others are slow; two shared cores are not fast
HEADER_S, BODY_S = 10, 20  # how long a peer may take over its head, and between pieces of a body


class Peer:
    """A connection by hand."""

    def __init__(self, port, text=b""):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.began = time.monotonic()
        self.socket.sendall(text)

    def send(self, text):
        """False once the server has hung up."""
        try:
            self.socket.sendall(text)
            return True
        except OSError:
            return False

    def read_answer(self):
        """(status, headers, body); None if the server closed without a word."""
        try:
            response = http.client.HTTPResponse(self.socket)
            response.begin()
            return response.status, dict(response.getheaders()), response.read()
        except (http.client.HTTPException, OSError):
            return None

    def is_closed(self):
        """True if the server has closed it, and says nothing more."""
        self.socket.settimeout(0.001)
        try:
            return self.socket.recv(1) == b""
        except TimeoutError:
            return False
        except OSError:
            return True

    def close(self):
        self.socket.close()


def head(method, path, *headers):
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: thaw", *headers, "", ""]).encode()


class PeersCase(ServerCase):
    """A campaign, and a delivery that can be sent byte by byte."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls("publish").publish("cold")

    def signed(self, *events):
        """(head, body) of a delivery."""
        body = json.dumps(events)
        seconds = self.now_ms // 1000
        return head("POST", "/v1/webhooks/cardco", "Content-Type: application/json",
                    f"Content-Length: {len(body)}", "webhook-id: m",
                    f"webhook-timestamp: {seconds}",
                    f"webhook-signature: {sign('m', seconds, body)}"), body.encode()

    def check_problem(self, answer, status):
        """SPEC 3.1: problem+json with a stable code, also from the server's own rim."""
        self.assertIsNotNone(answer)
        got, headers, body = answer
        self.assertEqual(got, status, body)
        self.assertEqual(headers["Content-Type"], "application/problem+json")
        problem = json.loads(body)
        self.assertEqual(problem["status"], status)
        for field in ("type", "title", "detail", "code", "request_id"):
            self.assertIn(field, problem)
        return headers


class SlowTest(PeersCase):
    """Peers that take their time: they are cut off, and nobody else waits for them."""

    def watch(self, stop):
        """The longest that another one had to wait meanwhile."""
        longest = 0
        while not stop.wait(0.05):
            began = time.monotonic()
            if call(self.server.port, "GET", "/v1/members/S1/progress")[0] != 200:
                return 1000
            self.outcomes([self.load("S1", f"s-{began}", 1)])
            longest = max(longest, time.monotonic() - began)
        return longest

    def drip(self, peers, stop):
        while not stop.wait(0.4):
            for peer, text in peers:
                peer.send(text)

    def test_slow_heads_and_bodies_end_in_408_and_hold_up_nobody(self):
        self.enrol("cold", "S1")
        port, stop = self.server.port, threading.Event()
        delivery, body = self.signed(self.load("S1", "never", 500))
        upload = head("POST", "/v1/files?provider=bankco", "Content-Length: 100000")
        silent_head = [Peer(port, b"GET /healthz HTT") for _ in range(20)]
        slow_head = [Peer(port, b"GET /healthz HTTP/1.1\r\nX: ") for _ in range(20)]
        silent_body = [Peer(port, delivery + body[:-1]) for _ in range(10)]
        slow_body = [Peer(port, upload) for _ in range(10)]
        longest = []
        threads = [threading.Thread(target=lambda: longest.append(self.watch(stop))),
                   threading.Thread(target=self.drip, args=([(p, b"x") for p in
                                                             slow_head + slow_body], stop))]
        for thread in threads:
            thread.start()
        took = {}
        for name, peers, limit in (("silent head", silent_head, HEADER_S),
                                   ("slow head", slow_head, HEADER_S),
                                   ("silent body", silent_body, BODY_S),
                                   ("slow body", slow_body, BODY_S)):
            for peer in peers:
                self.check_problem(peer.read_answer(), 408)
                took[name] = time.monotonic() - peer.began
                self.assertGreater(took[name], limit - 1, name)
                self.assertLess(took[name], limit + 5, name)
        stop.set()
        for thread in threads:
            thread.join()
        for peer in silent_head + slow_head + silent_body + slow_body:
            peer.close()
        self.assertLess(longest[0], SERVED_WITHIN_S)
        lines = self.expect(200, "GET", "/v1/members/S1/transactions?limit=1000")["items"]
        self.assertNotIn("never", {line["provider_txn_id"] for line in lines})
        print(f"60 slow peers cut off after {({k: round(v, 1) for k, v in took.items()})} s; "
              f"others waited at most {longest[0] * 1000:.0f} ms")


class LargeTest(PeersCase):
    """Too large is said before it is sent."""

    def ask(self, text):
        peer = Peer(self.server.port, text)
        try:
            return peer.read_answer()
        finally:
            peer.close()

    def test_too_large_is_refused_by_its_length_alone(self):
        large = "Content-Length: 1048577"
        for path in ("/v1/webhooks/cardco", "/v1/enrolments"):
            self.check_problem(self.ask(head("POST", path, large)), 413)

    def test_too_large_in_pieces(self):
        peer = Peer(self.server.port, head("POST", "/v1/enrolments", "Transfer-Encoding: chunked"))
        piece = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
        for _ in range(17):
            if not peer.send(piece):
                break
        self.check_problem(peer.read_answer(), 413)
        peer.close()

    def test_a_head_that_is_too_large(self):
        self.check_problem(self.ask(head("GET", "/healthz", "X: " + "y" * 20_000)), 431)
        self.check_problem(self.ask(head("GET", "/" + "y" * 20_000)), 431)

    def test_a_file_may_be_larger_than_any_other_body(self):
        text = ("H,thaw-csv,1,bankco,BLANK,2025-11-01T00:00:00Z,AUD\n" + "\n" * (3 << 20)
                + "T,0,0\n")
        self.assertEqual(self.apply_file(text), {})


class ManyTest(PeersCase):
    """Connections that do nothing, more of them than the process may open files."""

    FILES_MAX = 200

    def test_idle_connections_take_nothing_from_others(self):
        idle = [Peer(self.server.port) for _ in range(1500)]
        began = time.monotonic()
        self.assertEqual(self.call("GET", "/healthz")[0], 200)
        self.assertLess(time.monotonic() - began, SERVED_WITHIN_S)
        began = time.monotonic()
        self.assertEqual(self.restart(), 0)  # nor do they hold up the end
        self.assertLess(time.monotonic() - began, 10)
        self.assertTrue(all(peer.is_closed() for peer in idle))
        for peer in idle:
            peer.close()

    def test_more_connections_than_files_and_then_fewer(self):
        self.server.terminate()
        limit = ["prlimit", f"--nofile={self.FILES_MAX}:{self.FILES_MAX}"]
        self.__class__.server = start_server(self.folder.name, self.now_ms, prefix=limit)
        self.enrol("cold", "F1")
        idle = [Peer(self.server.port) for _ in range(2 * self.FILES_MAX)]
        time_over = time.monotonic() + 1
        while time.monotonic() < time_over:  # whatever is answered, it must not be the end
            try:
                call(self.server.port, "GET", "/healthz", timeout=0.2)
            except Gone:
                pass
        for peer in idle:
            peer.close()
        wait_until(self.is_well, "the server to serve again")
        self.assertEqual(self.outcomes([self.load("F1", "f1", 10)]), ["counted"])
        self.assertEqual(self.restart(), 0)
        self.assertEqual(self.total("F1"), 10)

    def is_well(self):
        try:
            return call(self.server.port, "GET", "/healthz", timeout=1)[0] == 200
        except Gone:
            return False


class FullTest(PeersCase):
    """The disk takes its time: what does not fit in the lane is refused, what fits is kept."""

    def deliver(self, number, answers):
        events = [self.load(f"L{number % 10}", f"l{number}-{i}", 1) for i in range(500)]
        body = json.dumps(events)
        seconds = self.now_ms // 1000
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        connection.request("POST", "/v1/webhooks/cardco", body,
                           {"webhook-id": "m", "webhook-timestamp": str(seconds),
                            "webhook-signature": sign("m", seconds, body)})
        response = connection.getresponse()
        answers[number] = (response.status, dict(response.getheaders()), response.read())
        connection.close()

    def test_429_says_when_to_come_back_and_503_what_happened(self):
        for number in range(10):
            self.enrol("cold", f"L{number}")
        # Long enough for a server under the thread sanitizer, too, to take in more than the lane holds.
        faults = Faults(self.folder.name, "fdatasync", "delay_enter=8000000", "1")
        faults.attach(self.server.process)
        answers = {}
        threads = [threading.Thread(target=self.deliver, args=(number, answers))
                   for number in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        faults.detach()
        refused = [answer for answer in answers.values() if answer[0] == 429]
        self.assertGreater(len(refused), 0)
        self.assertLessEqual({answer[0] for answer in answers.values()}, {200, 429, 503})
        for answer in refused:
            headers = self.check_problem(answer, 429)
            self.assertGreaterEqual(int(headers["Retry-After"]), 1)
        for answer in answers.values():
            if answer[0] == 503:
                self.check_problem(answer, 503)
        taken = [number for number, answer in answers.items() if answer[0] == 200]
        again = {}  # one retry of what was not taken
        for number, answer in answers.items():
            if answer[0] != 200:
                self.deliver(number, again)
                self.assertEqual(again[number][0], 200)
        self.assertEqual(sum(self.total(f"L{number}") for number in range(10)), 40 * 500)
        print(f"lane full: {len(taken)} of 40 deliveries of 500 taken, {len(refused)} refused with "
              f"429, {40 - len(taken) - len(refused)} with 503; all there after one retry")


class DrainTest(PeersCase):
    """SIGTERM: what is in flight is answered, what is new is not taken."""

    def terminate_while(self, do):
        """The exit code; `do` is called when the server has said that it drains."""
        codes = []
        server = self.server
        stopper = threading.Thread(target=lambda: codes.append(server.terminate()))
        stopper.start()
        wait_until(lambda: not self.is_listening(), "the server to stop listening")
        do()
        stopper.join()
        self.__class__.server = start_server(self.folder.name, self.now_ms)
        return codes[0]

    def is_listening(self):
        try:
            Peer(self.server.port).close()
            return True
        except OSError:
            return False

    def test_a_request_that_waits_for_the_disk_is_answered(self):
        self.enrol("cold", "D1")
        faults = Faults(self.folder.name, "fdatasync", "delay_enter=1500000", "1")
        faults.attach(self.server.process)
        answers = []
        port, now_ms, load = self.server.port, self.now_ms, self.load("D1", "d1", 70)
        poster = threading.Thread(
            target=lambda: answers.append(post_events(port, "cardco", [load], now_ms)))
        poster.start()
        wait_until(faults.has_begun, "the sync to begin")
        self.assertEqual(answers, [])
        self.assertEqual(self.terminate_while(poster.join), 0)
        faults.detach()
        self.assertEqual(answers, [(200, {"results": [{"id": "evt-d1", "outcome": "counted"}]})])
        self.assertEqual(self.total("D1"), 70)

    def test_a_body_on_its_way_is_taken_and_answered(self):
        self.enrol("cold", "D2")
        delivery, body = self.signed(self.load("D2", "d2", 80))
        peer, idle = Peer(self.server.port, delivery + body[:20]), Peer(self.server.port)
        self.expect(200, "GET", "/healthz")  # by now the server has read both
        answers = []

        def finish():
            peer.send(body[20:])
            answers.append(peer.read_answer())

        self.assertEqual(self.terminate_while(finish), 0)
        self.assertTrue(idle.is_closed())
        self.assertEqual(answers[0][0], 200)
        self.assertEqual(json.loads(answers[0][2])["results"][0]["outcome"], "counted")
        self.assertEqual(answers[0][1].get("Connection"), "close")
        self.assertEqual(self.total("D2"), 80)
        for one in (peer, idle):
            one.close()


if __name__ == "__main__":
    unittest.main()
