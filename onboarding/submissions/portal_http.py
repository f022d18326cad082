"""One HTTP exchange with a portal, under one deadline, with one question answered: could it have taken effect?

For: NotReached (surely not) and Lost (nobody knows), whatever bytes come back. Not for: what an answer means
to a dossier (the adapters). Redirects are not followed and proxies of the environment are not used: personal
data goes to the configured address or nowhere.
"""

import contextlib
import http.client
import io
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

ANSWER_LIMIT = 256 * 1024  # bytes; a receipt has a few hundred
LONGEST_WAIT = 24 * 3600  # seconds; a portal that asks for more gets asked again after a day
_CHUNK = 64 * 1024
_TOO_BUSY = {429: "busy", 503: "unavailable"}


class NotReached(Exception):
    """The request surely had no effect: not one byte left, or the portal said that it did not even look."""

    def __init__(self, why: str, retry_after: int | None = None) -> None:
        super().__init__(why)
        self.why, self.retry_after = why, retry_after


class Lost(Exception):
    """The request left and no answer came that can be trusted: it may have taken effect, or not."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Deadline:
    """A moment on the monotonic clock that all steps of one piece of work share."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds left. Raises TimeoutError when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def has(self, share: float) -> bool:
        """Say whether at least this share (0 to 1) of the whole time is left."""
        return self._end - time.monotonic() >= self.seconds * share


@dataclass(frozen=True)
class Answer:
    """An HTTP answer as it came. Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Wire:
    """The part of a socket that http.client uses, with the deadline in force at every single read and write.

    A plain socket timeout is per read: an answer that drips one byte a second would never end.
    """

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline = sock, deadline

    def sendall(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            self._sock.settimeout(self._deadline.left())
            view = view[self._sock.send(view[:_CHUNK]) :]

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._sock, self._deadline))

    def close(self) -> None:
        """Do nothing: http.client closes before the body is read; exchange() closes when all is done."""


class _Reader(io.RawIOBase):
    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline = sock, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._deadline.left())
        return self._sock.recv_into(buffer)


def exchange(
    method: str,
    url: str,
    *,
    deadline: Deadline,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    limit: int = ANSWER_LIMIT,
) -> Answer:
    """Send one request and read its whole answer.

    Raises NotReached when not one byte of the request left, Lost when it left and the answer did not come
    whole, in time and within limit bytes. HTTP statuses are not judged here.
    """
    parts = urlsplit(url)
    sock = _connect(parts, deadline)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    connection.sock = _Wire(sock, deadline)  # type: ignore[assignment]
    try:
        connection.request(method, _target(parts), body=body, headers={**(headers or {}), "Host": parts.netloc})
        return _read(connection.getresponse(), limit)
    except TimeoutError:
        raise Lost("timeout") from None
    except OSError:
        raise Lost("reset") from None
    except (http.client.HTTPException, ValueError):
        raise Lost("not_http") from None
    finally:
        sock.close()


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _read(response: http.client.HTTPResponse, limit: int) -> Answer:
    body = response.read(limit + 1)
    if len(body) > limit:
        raise Lost("too_large")
    if response.length:  # http.client returns what there was when a body ends early
        raise Lost("cut")
    return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, body)


def _connect(parts: SplitResult, deadline: Deadline) -> socket.socket:
    secure = parts.scheme == "https"
    sock = _dial(_resolve(parts.hostname or "", parts.port or (443 if secure else 80), deadline), deadline)
    if not secure:
        return sock
    try:
        sock.settimeout(deadline.left())
        return ssl.create_default_context().wrap_socket(sock, server_hostname=parts.hostname)
    except (OSError, ValueError):  # ssl.SSLError is an OSError; ValueError: a host name no certificate can have
        sock.close()
        raise NotReached("tls") from None


def _resolve(host: str, port: int, deadline: Deadline) -> list[tuple[Any, ...]]:
    """Look a name up in a thread: getaddrinfo() knows no timeout and can hang longer than a claim lasts."""
    found: list[tuple[Any, ...]] = []

    def ask() -> None:
        with contextlib.suppress(OSError, UnicodeError):
            found.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    with contextlib.suppress(TimeoutError):
        asking.join(deadline.left())
    if not found:
        raise NotReached("dns")
    return found


def _dial(addresses: list[tuple[Any, ...]], deadline: Deadline) -> socket.socket:
    for family, kind, proto, _name, address in addresses:
        sock = socket.socket(family, kind, proto)
        try:
            sock.settimeout(deadline.left())
            sock.connect(address)
            return sock
        except OSError:  # includes TimeoutError
            sock.close()
    raise NotReached("connect")


def envelope(answer: Answer) -> dict[str, Any]:
    """Return the JSON object of an answer that is surely the portal's: it has an error_code, text or number.

    Raises NotReached for 429 and 503 (the portal did not look), Lost for everything else that is no such object,
    and for success inside an HTTP error. HTTP 4xx with an error_code other than 0 is a proper refusal.
    """
    if answer.status in _TOO_BUSY:
        raise NotReached(_TOO_BUSY[answer.status], retry_after(answer))
    if answer.status != 200 and not 400 <= answer.status < 500:
        raise Lost(f"http_{answer.status}")
    if answer.status != 200 and not _is_refusal(answer.body):
        raise Lost(f"http_{answer.status}")
    return _json(answer.body)


def _is_refusal(body: bytes) -> bool:
    try:
        return error_code(_json(body)) != "0"
    except Lost:
        return False


def _json(body: bytes) -> dict[str, Any]:
    if not body.strip():
        raise Lost("empty")
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise Lost("page")  # a log-in page, a firewall's or a captive portal's
    try:
        told = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):  # not JSON, not UTF-8, a number of a million digits, or nested for harm
        raise Lost("malformed") from None
    if not isinstance(told, dict) or error_code(told) == "":
        raise Lost("schema")
    return told


def error_code(told: Mapping[str, Any]) -> str:
    """Return the error_code as text: portals send "0" and 0. Empty when there is none of a sane shape."""
    code = told.get("error_code")
    if isinstance(code, bool) or not isinstance(code, str | int):
        return ""
    return str(code).strip()[:40]


def retry_after(answer: Answer) -> int | None:
    """Return the seconds of a Retry-After header (a number or a date), at most a day; None when there is none."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), LONGEST_WAIT)
    try:
        seconds = int(parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(seconds, 0), LONGEST_WAIT)


def is_private_enough(url: str) -> bool:
    """Say whether personal data may go to url: https, or this very machine."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return True
    try:
        return ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.hostname == "localhost"
