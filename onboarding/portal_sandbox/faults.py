"""Every way in which the stand-in portal can misbehave, by name.

For: choosing the mode of a request and playing it on the wire. Not for: what a good answer says (views.py).
A mode with the ending _after accepts the dossier first and misbehaves then.
"""

import os
import select
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse

from onboarding.portal_sandbox.models import Call, Mode

LOGIN_PAGE = b"<!doctype html><html><head><title>Sign in</title></head><body><form>Please sign in</form></body></html>"
# Telling words in the applicant's name, for trying a fault from a form without any tool.
NAME_MODES = {
    "mẫu treo": "timeout_after",
    "mẫu từ chối": "refuse",
    "mẫu hỏng": "500",
    "mẫu hỏng sau": "500_after",
    "mẫu bận": "429",
    "mẫu nghỉ": "503",
    "mẫu trang lạ": "html_after",
    "mẫu vỡ": "malformed_after",
    "mẫu mất tệp": "lost_file",
}
# Played by views.py, because they change what is answered and not how it travels.
CONTENT_MODES = (
    "ok",
    "refuse",
    "inner_error",
    "already_there",
    "swap",
    "no_echo",
    "expired",
    "lost_file",
    "damaged_file",
)


@dataclass(frozen=True)
class Played:
    """The mode of one request. after: the work is done first."""

    name: str = "ok"
    retry_after: int = 7
    seconds: float = 60

    @property
    def kind(self) -> str:
        """The mode without its ending."""
        return self.name.removesuffix("_after")

    @property
    def after(self) -> bool:
        """Whether the portal accepts before it misbehaves."""
        return self.name.endswith("_after")


class ClientGone(Exception):
    """The connection is closed; there is nothing left to answer."""


def is_mode(name: str) -> bool:
    """Say whether name is a mode of this portal."""
    return name in CONTENT_MODES or name.removesuffix("_after") in WIRE


def mode_for(request: HttpRequest, service: str, name: str = "") -> Played:
    """Choose the mode of a request by its X-Sandbox header, else the applicant's name, else the switch.

    Notes the call.
    """
    mode = _by_header(request) or _by_name(name) or _by_switch(service)
    Call.objects.create(service=service, mode=mode.name)
    return mode


def _by_header(request: HttpRequest) -> Played | None:
    name = request.headers.get("X-Sandbox", "")
    return Played(name) if name and is_mode(name) else None


def _by_name(name: str) -> Played | None:
    folded = name.casefold()
    found = [words for words in NAME_MODES if words in folded]
    return Played(NAME_MODES[max(found, key=len)]) if found else None


@transaction.atomic
def _by_switch(service: str) -> Played:
    mode = Mode.objects.first()
    if mode is None or mode.times == 0 or mode.service not in ("*", service):
        return Played()
    if mode.times:
        Mode.objects.filter(pk=mode.pk).update(times=mode.times - 1)
    return Played(mode.name, mode.retry_after, mode.seconds)


def play(request: HttpRequest, mode: Played) -> HttpResponse:
    """Answer a request the way its mode says. Raises ClientGone when the connection was cut on purpose."""
    return WIRE[mode.kind](request, mode)


def _status(code: int) -> Callable[[HttpRequest, Played], HttpResponse]:
    def answer(request: HttpRequest, mode: Played) -> HttpResponse:
        response = HttpResponse(f"{code}", status=code, content_type="text/plain")
        if code in (429, 503):
            response["Retry-After"] = str(mode.retry_after)
        return response

    return answer


def _body(content: bytes, content_type: str = "application/json") -> Callable[[HttpRequest, Played], HttpResponse]:
    return lambda request, mode: HttpResponse(content, content_type=content_type)


def _huge(request: HttpRequest, mode: Played) -> HttpResponse:
    return HttpResponse(b'{"error_code":"0","data":"' + b"x" * 10_000_000 + b'"}', content_type="application/json")


def _redirect(request: HttpRequest, mode: Played) -> HttpResponse:
    return HttpResponse(status=302, headers={"Location": "/dang-nhap-mang"})


def _wrong_schema(request: HttpRequest, mode: Played) -> HttpResponse:
    return JsonResponse({"status": "success", "result": [1, 2, 3]})


def _reset(request: HttpRequest, mode: Played) -> HttpResponse:
    wire = _socket(request)
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(wire.detach())  # with LINGER 0 the kernel sends RST, not FIN
    raise ClientGone


def _timeout(request: HttpRequest, mode: Played) -> HttpResponse:
    wire = _socket(request)
    select.select([wire], [], [], mode.seconds)  # readable = the client gave up
    return _hang_up(wire)


def _slow(request: HttpRequest, mode: Played) -> HttpResponse:
    """One byte of a header now and then: no single read ever times out."""
    return _drip(request, mode, b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\nX-Slow: ")


def _slow_body(request: HttpRequest, mode: Played) -> HttpResponse:
    return _drip(request, mode, b'HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{"error_code":"0","x":"')


def _drip(request: HttpRequest, mode: Played, start: bytes) -> HttpResponse:
    wire, until = _socket(request), time.monotonic() + mode.seconds
    try:
        wire.sendall(start)
        while time.monotonic() < until and not select.select([wire], [], [], 0.05)[0]:
            wire.sendall(b"a")
    except OSError:
        pass
    return _hang_up(wire)


def _hang_up(wire: socket.socket) -> HttpResponse:
    """Close both ways before the framework can write its page for an exception into the half-told answer."""
    with suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)
    raise ClientGone


def _socket(request: HttpRequest) -> socket.socket:
    _ = request.body  # what the client still has on the way would look like a client that gave up
    return request.META["sandbox.socket"]


WIRE: dict[str, Callable[[HttpRequest, Played], HttpResponse]] = {
    "timeout": _timeout,
    "reset": _reset,
    "slow": _slow,
    "slow_body": _slow_body,
    "400": _status(400),
    "404": _status(404),
    "429": _status(429),
    "500": _status(500),
    "502": _status(502),
    "503": _status(503),
    "504": _status(504),
    "redirect": _redirect,
    "html": _body(LOGIN_PAGE, "text/html"),
    "malformed": _body(b'{"error_code":"0","data":[{"MaHoSo":'),
    "empty": _body(b""),
    "wrong_schema": _wrong_schema,
    "huge": _huge,
}
