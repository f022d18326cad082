"""A relay between browser and server that counts what passes: the wire itself, whoever in the browser asks.

For: bytes and requests of a visit with its service worker, whose requests a page's own log does not show.
Not for: faults; it passes everything on as it comes.
"""

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

REQUEST = re.compile(rb"^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\S+) HTTP/1\.1\r\n")


@dataclass
class Relay:
    """One listening port in front of a server's port; `paths` in the order of the requests."""

    upstream: int
    listener: socket.socket
    bytes_down: int = 0
    paths: list[str] = field(default_factory=list)
    last: float = 0.0
    open: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The address for the browser."""
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def serve(self) -> None:
        """Take connections until the listener is closed."""
        with suppress(OSError):
            while True:
                near, _address = self.listener.accept()
                far = socket.create_connection(("127.0.0.1", self.upstream))
                self.open += [near, far]
                for work in ((self.up, near, far), (self.down, far, near)):
                    threading.Thread(target=work[0], args=work[1:], daemon=True).start()

    def up(self, near: socket.socket, far: socket.socket) -> None:
        """Pass on requests. A browser sends each in a piece of its own, because it waits for the answer before."""
        for piece in self._pieces(near, far):
            if found := REQUEST.match(piece):
                self.paths.append(found[2].decode())

    def down(self, far: socket.socket, near: socket.socket) -> None:
        """Pass on answers and count their bytes."""
        for piece in self._pieces(far, near):
            self.bytes_down += len(piece)

    def _pieces(self, source: socket.socket, target: socket.socket) -> Iterator[bytes]:
        with suppress(OSError):
            while piece := source.recv(65536):
                self.last = time.monotonic()
                yield piece
                target.sendall(piece)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def wait_until_quiet(self, seconds: float = 1.5, most: float = 60) -> None:
        """Return when nothing has passed for `seconds`, or after `most` seconds."""
        end = time.monotonic() + most
        while time.monotonic() < end and time.monotonic() - self.last < seconds:
            time.sleep(0.1)


@contextmanager
def relay(port: int) -> Iterator[Relay]:
    """Run a relay in front of a port of this machine while the block runs."""
    listener = socket.create_server(("127.0.0.1", 0))
    made = Relay(port, listener)
    threading.Thread(target=made.serve, daemon=True).start()
    try:
        yield made
    finally:
        listener.close()
        for end in made.open:
            end.close()
