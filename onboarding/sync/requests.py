"""Who is calling: every request of a phone is signed by the key that the phone made and keeps.

For: the door that all sync addresses share (JSON only, one protocol header, no caching, no cookies) and the check
of signature, clock and enrolment. Not for: whether an entry is allowed (push.py) or an area visible (pull.py).
"""

import hashlib
import logging
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from onboarding import seal
from onboarding.accounts import access
from onboarding.sync import codes, epochs
from onboarding.sync.envelope import Malformed, as_uuid, read_json
from onboarding.sync.models import Device
from onboarding.sync.times import now_ms

logger = logging.getLogger(__name__)

SKEW = timedelta(minutes=10)
BUSY_SECONDS = 20


class Halt(Exception):
    """An answer that ends the request: status, JSON body, headers."""

    def __init__(self, status: int, code: str, *, headers: dict[str, str] | None = None, **payload: Any) -> None:
        super().__init__(code)
        self.status, self.payload, self.headers = status, {"code": code, **payload}, headers or {}


def answer(payload: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    """Return a JSON answer in canonical form with the headers that every answer of sync carries."""
    return answer_text(seal.canonical(payload), status=status, headers=headers)


def answer_text(body: bytes, *, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    """Like answer, for a body that is JSON already (stored receipts go out byte for byte)."""
    response = HttpResponse(body, status=status, content_type="application/json", headers=headers)
    response["X-Gocua-Proto"] = str(settings.SYNC_PROTOCOL[1])
    response["Cache-Control"] = "no-store"
    return response


View = Callable[..., HttpResponse]


def door(*methods: str) -> Callable[[View], View]:
    """Return a decorator for a sync address: only methods, only JSON answers, whatever happens inside.

    Cross-site forgery needs a cookie that the browser adds by itself. Nothing here reads a cookie: a request
    counts by the device key's signature over method, path, time and body, so the CSRF token is not asked for.
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                if request.method not in methods:
                    raise Halt(405, "method", headers={"Allow": ", ".join(methods)})
                if request.headers.get("Content-Encoding", "identity") != "identity":
                    raise Halt(415, "encoding")
                return view(request, *args, **kwargs)
            except Halt as halt:
                return answer(halt.payload, status=halt.status, headers=halt.headers)
            except Exception as error:
                return _answer_to(error)

        return guarded

    return decorate


def body_of(request: HttpRequest, most: int) -> bytes:
    """Return the request's body of at most `most` bytes. Raises Halt 413, or 400 when it broke off."""
    try:
        length = int(request.headers.get("Content-Length") or 0)
        if length > most:
            raise Halt(413, "too_large", most=most)
        body = request.body
    except RequestDataTooBig as error:
        raise Halt(413, "too_large", most=most) from error
    except (UnreadablePostError, ValueError) as error:
        raise Halt(400, "malformed", place="body") from error
    if len(body) > most:
        raise Halt(413, "too_large", most=most)
    return body


def json_of(request: HttpRequest, most: int) -> dict[str, Any]:
    """Return the JSON object of a request. Raises Halt 400 or 413."""
    try:
        value = read_json(body_of(request, most))
    except Malformed as error:
        raise Halt(400, "malformed", place=str(error)) from error
    if not isinstance(value, dict):
        raise Halt(400, "malformed", place="object")
    return value


def caller(request: HttpRequest, most: int) -> Device:
    """Return the enrolled device that signed this request (body of at most `most` bytes).

    1. a known device; 2. its signature over method, path, time and body; 3. its clock within ten minutes of ours;
    4. its enrolment not over. Raises Halt 401: `reauth` asks for a new enrolment, `clock` carries our time. A
    revoked phone and an inactive member pass: what they captured is taken (push.py), what they may read is not.
    """
    device = _named_device(request)
    if device is None or not signed_by(bytes(device.sign_public), request, most):
        raise Halt(401, "reauth", message=_("Máy này cần ghi danh lại. Xin mã QR mới từ phụ trách phường."))
    sent = _time_of(request)
    if abs(sent - now_ms()) > SKEW / timedelta(milliseconds=1):
        raise Halt(401, "clock", now=now_ms())
    if device.valid_to < timezone.now() and not standing(device):
        raise Halt(401, "reauth", message=_("Ghi danh đã hết hạn. Xin mã QR mới từ phụ trách phường."))
    return device


def signed_by(public: bytes, request: HttpRequest, most: int) -> bool:
    """Say whether the request's signature was made by public's key."""
    digest = hashlib.sha256(body_of(request, most)).hexdigest()
    parts = ["gocua-request-v1", request.method, request.get_full_path(), str(_time_of(request)), digest]
    try:
        signature = seal.unb64u(request.headers.get("X-Device-Signature", ""))
    except seal.SealError:
        return False
    return seal.verify(public, "\n".join(map(str, parts)).encode(), signature)


def standing(device: Device) -> str:
    """Return "" for a phone in good standing, else the code why what it sends goes to quarantine."""
    if device.revoked_at or device.lost:
        return codes.DEVICE_REVOKED
    if not access.is_current_member(device.user):
        return codes.MEMBER_INACTIVE
    return ""


def _named_device(request: HttpRequest) -> Device | None:
    try:
        pk = as_uuid(request.headers.get("X-Device", ""))
    except Malformed:
        return None
    return Device.objects.select_related("user", "area", "team").filter(pk=pk).first()


def _time_of(request: HttpRequest) -> int:
    digits = request.headers.get("X-Device-Time", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 16 else 0


def _answer_to(error: Exception) -> HttpResponse:
    """Our own mistake or a database that is busy: JSON all the same, so that the phone keeps what it has."""
    if isinstance(error, epochs.RestoreForgotten):
        logger.critical("the database was restored: run manage.py after_restore")
        return answer({"code": "restoring"}, status=503, headers={"Retry-After": "300"})
    # Only the kind of error: its text may quote what was sent.
    logger.error("sync failed: %s", type(error).__name__)
    if isinstance(error, OperationalError):
        return answer({"code": "busy"}, status=503, headers={"Retry-After": str(BUSY_SECONDS)})
    return answer({"code": codes.SERVER_ERROR}, status=500)
