"""A slow line between browser and server: so many bits a second, so long a round trip, for all that passes it.

For: times of a visit as a poor mobile line gives them, whoever in the browser asks; the browser's own throttling knows
neither connections nor the worker. A new connection waits a round trip before its first request is carried, two with
TLS; packets carry their headers; connections share the line packet by packet. Not modelled: loss, and the slow start
of TCP (its first ten packets are most of what such a line holds). Not for: counting; relay.py counts.
"""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

PACKET, HEADERS = 1460, 40


@dataclass
class Way:
    """One direction of the line, with room for one packet at a time."""

    rate: float
    free: float = 0.0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def carry(self, size: int) -> None:
        """Return when so many bytes have been put on the line."""
        async with self.turn:
            self.free = max(self.free, time.monotonic()) + (size + HEADERS) / self.rate
            await asyncio.sleep(max(0.0, self.free - time.monotonic()))


@dataclass
class Line:
    """A listening port in front of a server's port."""

    upstream: int
    rate: float
    trip: float
    handshakes: int
    port: int = 0
    started: threading.Event = field(default_factory=threading.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        """The address for the browser; a name, because a worker is allowed there."""
        return f"http://localhost:{self.port}"

    async def serve(self) -> None:
        """Take connections until it is ended."""
        self.loop, self.up, self.down = asyncio.get_running_loop(), Way(self.rate), Way(self.rate)
        server = await asyncio.start_server(self.connect, "127.0.0.1", 0, limit=PACKET)
        self.port = server.sockets[0].getsockname()[1]
        self.started.set()
        async with server:
            await self.ended.wait()

    async def connect(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """Join a browser's connection with one to the server."""
        open_at = time.monotonic() + self.trip * self.handshakes
        far, on = await asyncio.open_connection("127.0.0.1", self.upstream, limit=PACKET)
        with suppress(OSError, asyncio.CancelledError):
            await asyncio.gather(self.pump(near, on, self.up, open_at), self.pump(far, back, self.down, 0.0))

    async def pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, way: Way, open_at: float) -> None:
        """Carry one direction of a connection; nothing arrives before open_at and half a trip."""
        road: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        arriving = asyncio.create_task(_arrive(road, target))
        while piece := await source.read(PACKET):
            await asyncio.sleep(max(0.0, open_at - time.monotonic()))
            await way.carry(len(piece))
            road.put_nowait((time.monotonic() + self.trip / 2, piece))
        road.put_nowait((time.monotonic() + self.trip / 2, b""))
        await arriving


async def _arrive(road: asyncio.Queue[tuple[float, bytes]], target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while True:
            due, piece = await road.get()
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if not piece:
                break
            target.write(piece)
            await target.drain()
    target.close()


@contextmanager
def slow_line(port: int, *, kilobits: float, trip: float, tls: bool = False) -> Iterator[Line]:
    """Run a line to a port of this machine while the block runs; trip in seconds."""
    line = Line(port, kilobits * 1000 / 8, trip, 2 if tls else 1)
    thread = threading.Thread(target=lambda: asyncio.run(line.serve()), daemon=True)
    thread.start()
    assert line.started.wait(10), "the line did not start"
    try:
        yield line
    finally:
        line.loop.call_soon_threadsafe(line.ended.set)
        thread.join(10)
