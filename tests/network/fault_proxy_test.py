"""Each fault of the proxy does what it says, or the tests that use it prove nothing."""

import socket
import threading
import unittest

from fault_proxy import DOWN, UP, Fault, FaultProxy

WITHIN_S = 10
TEXT = b"0123456789"


class Echo:
    """Reads to the end, notes what came and how it ended, then sends it back."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.got, self.pieces, self.end = b"", 0, None
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        peer, _ = self.listener.accept()
        peer.settimeout(WITHIN_S)
        with peer:
            self.got, self.end = read_all(peer)
            try:
                peer.sendall(self.got)
                peer.shutdown(socket.SHUT_WR)
                peer.recv(1)
            except OSError:
                pass


def read_all(peer):
    """(bytes, "end" or "reset" or "silence")."""
    data = b""
    try:
        while piece := peer.recv(4096):
            data += piece
    except TimeoutError:
        return data, "silence"
    except OSError:
        return data, "reset"
    return data, "end"


class FaultProxyTest(unittest.TestCase):
    def talk(self, port, silence_s):
        """What the client is told. A reset may come at any step, and leaves nothing to read."""
        try:
            client = socket.create_connection(("127.0.0.1", port), WITHIN_S)
        except ConnectionResetError:
            return b"", "reset"
        with client:
            client.settimeout(silence_s)
            try:
                client.sendall(TEXT)
                client.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            return read_all(client)

    def run_through(self, fault, silence_s=WITHIN_S):
        """(what the server got, how it ended, what the client got, how it ended)."""
        echo = Echo()
        proxy = FaultProxy(echo.port, 0, 0, 0)
        proxy.draw = lambda n: fault
        try:
            back = self.talk(proxy.port, silence_s)
            proxy.heal()
            if fault.kind != "refuse":
                echo.thread.join(WITHIN_S)
        finally:
            proxy.stop()
            echo.listener.close()
        self.assertEqual(set(proxy.counts), {fault.kind, fault.manner} - {"none"})
        return (echo.got, echo.end, *back)

    def test_without_a_fault_all_goes_through(self):
        self.assertEqual(self.run_through(Fault()), (TEXT, "end", TEXT, "end"))

    def test_what_is_split_or_late_is_whole_all_the_same(self):
        for kind in ("split", "delay"):
            for side in (UP, DOWN):
                self.assertEqual(self.run_through(Fault("none", side, 0, kind, 0.01)),
                                 (TEXT, "end", TEXT, "end"), (kind, side))

    def test_refuse_lets_nothing_through(self):
        self.assertEqual(self.run_through(Fault("refuse")), (b"", None, b"", "reset"))

    def test_reset_after_some_bytes_of_a_request(self):
        # A reset may overtake bytes that the receiver has not read yet.
        got, end, back, back_end = self.run_through(Fault("reset", UP, 4))
        self.assertTrue(TEXT[:4].startswith(got))
        self.assertEqual((end, back, back_end), ("reset", b"", "reset"))

    def test_reset_after_some_bytes_of_an_answer(self):
        got, end, back, back_end = self.run_through(Fault("reset", DOWN, 4))
        self.assertTrue(TEXT[:4].startswith(back))
        self.assertEqual((got, end, back_end), (TEXT, "end", "reset"))

    def test_truncate_looks_like_an_ordinary_end(self):
        self.assertEqual(self.run_through(Fault("truncate", UP, 4))[:2], (TEXT[:4], "end"))
        self.assertEqual(self.run_through(Fault("truncate", DOWN, 4)),
                         (TEXT, "end", TEXT[:4], "end"))

    def test_half_close_leaves_the_way_back_open(self):
        self.assertEqual(self.run_through(Fault("half_close", UP, 4)),
                         (TEXT[:4], "end", TEXT[:4], "end"))

    def test_stall_says_nothing_more(self):
        self.assertEqual(self.run_through(Fault("stall", DOWN, 4), silence_s=0.2),
                         (TEXT, "end", TEXT[:4], "silence"))

    def test_the_same_seed_draws_the_same_faults(self):
        def draw(seed):
            proxy = FaultProxy(1, seed, 0.7, 100)
            proxy.stop()
            proxy = FaultProxy(1, seed, 0.7, 100)
            drawn = [proxy.draw(n) for n in range(50)]
            proxy.stop()
            return drawn
        self.assertEqual(draw(1), draw(1))
        self.assertNotEqual(draw(1), draw(2))


if __name__ == "__main__":
    unittest.main()
