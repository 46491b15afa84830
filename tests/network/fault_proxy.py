"""A TCP proxy that misbehaves by a seed: each connection draws one fault, or none."""

import asyncio
import collections
import random
import socket
import struct
import threading
from dataclasses import dataclass

UP, DOWN = "up", "down"  # from the client to the server, and back
CHUNK = 65_536


@dataclass(frozen=True)
class Fault:
    """What happens to one connection. It ends by `kind`, once `after` bytes have gone in the
    direction `side`:
    refuse      reset before a connection to the server is made
    reset       both connections are reset
    truncate    both are closed as if nothing were wrong
    half_close  the receiver sees the end; the other direction goes on
    stall       nothing goes in this direction any more, not even the end, until the proxy heals
    and until then, in that direction, `manner` is
    delay       each piece waits for `seconds`
    split       each byte goes by itself"""

    kind: str = "none"
    side: str = UP
    after: int = 0
    manner: str = "none"
    seconds: float = 0.0


KINDS = ("refuse", "reset", "truncate", "half_close", "stall")
MANNERS = ("none", "delay", "split")


def draw_fault(drawn: random.Random, share: float, after_max: int) -> Fault:
    """A connection ends badly with the probability `share`, sooner rather than later."""
    kind = drawn.choice(KINDS) if drawn.random() < share else "none"
    return Fault(kind, drawn.choice((UP, DOWN)), int(after_max * drawn.random() ** 2),
                 drawn.choice(MANNERS), drawn.uniform(0.001, 0.03))


class Link:
    """Two connections, and what the fault does between them."""

    def __init__(self, proxy, fault, near, far):
        self.proxy, self.fault = proxy, fault
        self.ends = (near, far)  # (reader, writer) of the client and of the server

    async def run(self):
        (near_in, near_out), (far_in, far_out) = self.ends
        ways = [asyncio.ensure_future(self.carry(UP, near_in, far_out)),
                asyncio.ensure_future(self.carry(DOWN, far_in, near_out))]
        try:
            await asyncio.gather(*ways)
        except (OSError, asyncio.CancelledError):
            pass  # one end is gone: the other goes, too
        finally:
            for way in ways:
                way.cancel()
            self.close()

    async def carry(self, side, reader, writer):
        fault = self.fault if self.fault.side == side else Fault()
        passed = 0
        while data := await reader.read(CHUNK):
            rest = fault.after - passed
            if fault.kind != "none" and len(data) >= rest:
                await self.send(writer, data[:rest])
                return await self.cut(fault, reader, writer)
            passed += len(data)
            await self.pass_on(fault, writer, data)
        if writer.can_write_eof():
            writer.write_eof()

    async def pass_on(self, fault, writer, data):
        if fault.manner != "none":
            self.proxy.note(fault.manner)
        if fault.manner == "delay":
            await asyncio.sleep(fault.seconds)
        size = 1 if fault.manner == "split" else CHUNK
        for at in range(0, len(data), size):
            await self.send(writer, data[at:at + size])

    async def send(self, writer, data):
        writer.write(data)
        await writer.drain()

    async def cut(self, fault, reader, writer):
        self.proxy.note(fault.kind)
        if fault.kind == "half_close":
            writer.write_eof()
        if fault.kind in ("reset", "truncate"):
            self.close(fault.kind == "reset")
            raise ConnectionResetError
        if fault.kind == "stall":
            await asyncio.Event().wait()  # until the proxy heals
        while await reader.read(CHUNK):
            pass

    def close(self, is_reset=False):
        for _, writer in self.ends:
            close(writer, is_reset)


def close(writer, is_reset):
    if is_reset:
        linger = struct.pack("ii", 1, 0)  # closing now sends RST, not FIN
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()
    else:
        writer.close()


class FaultProxy:
    """Listens on `port` of the loopback for `to_port`, on a thread of its own. The n-th connection's
    fault is a function of the seed and n. Its peer may be changed while it runs."""

    def __init__(self, to_port: int, seed, share: float, after_max: int):
        self.to_port = to_port
        self.draw = lambda n: draw_fault(random.Random(f"{seed}/{n}"), share, after_max)
        self.connections = 0
        self.counts = collections.Counter()  # faults that took hold
        self._links = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._ask(asyncio.start_server(self._accept, "127.0.0.1", 0, backlog=256))
        self.port = self._server.sockets[0].getsockname()[1]

    def _ask(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(20)

    def note(self, what):
        self.counts[what] += 1

    async def _accept(self, near_in, near_out):
        self.connections += 1
        fault = self.draw(self.connections)
        if fault.kind == "refuse":
            self.note(fault.kind)
            return close(near_out, True)
        try:
            far = await asyncio.open_connection("127.0.0.1", self.to_port)
        except OSError:
            return close(near_out, True)
        task = asyncio.current_task()
        self._links.add(task)
        try:
            await Link(self, fault, (near_in, near_out), far).run()
        finally:
            self._links.discard(task)

    def heal(self):
        """No faults any more; connections that have one are closed."""
        self.draw = lambda n: Fault()
        self._ask(self._drop_all())

    async def _drop_all(self):
        links = list(self._links)
        for task in links:
            task.cancel()
        await asyncio.gather(*links, return_exceptions=True)

    def stop(self):
        self.heal()
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
