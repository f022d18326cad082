"""The addresses of sync: they read the request, call one verb and put its result into the words of the contract.

For: status codes and headers of /sync/…, and the team's empty shell. Not for: rules; they are in the modules that
carry their names. Answers are JSON whatever happens (requests.door), except the shell.
"""

import base64
import hashlib
import logging
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from onboarding import seal
from onboarding.accounts import access
from onboarding.refusal import Refused
from onboarding.sync import catalogue, enrolments, hello, limits, pull, push, receipts, uploads
from onboarding.sync.envelope import MAX_INT, Malformed, as_integer, as_uuid
from onboarding.sync.models import Device, Entry, Upload
from onboarding.sync.requests import Halt, answer, answer_text, body_of, caller, door, json_of, signed_by
from onboarding.sync.times import now_ms, to_ms

logger = logging.getLogger(__name__)

SMALL = 16 * 1024
PUSH = 264 * 1024  # 256 KB of entries and what is around them
MAX_ENTRIES = 25
TUS = {"Tus-Resumable": "1.0.0"}
ENROL_STATUS = {
    enrolments.UNKNOWN: 404,
    enrolments.USED: 409,
    enrolments.EXPIRED: 410,
    enrolments.OTHER_MEMBER: 403,
    enrolments.CLOSED: 403,
}


@door("POST")
def enrol_view(request: HttpRequest) -> HttpResponse:
    """POST /sync/enrol/: a token becomes a device. Unsigned, or signed by the key of a phone that comes back."""
    said = json_of(request, SMALL)
    try:
        public = seal.unb64u(_text(said, "sign_public"))
        returning = _returning(request, said)
        device = enrolments.enrol(
            token=_text(said, "token"), sign_public=public, name=_text(said, "name"), returning=returning
        )
    except (Malformed, seal.SealError) as error:
        raise Halt(400, "malformed", place=str(error)) from error
    except Refused as refused:
        raise Halt(ENROL_STATUS.get(refused.code, 403), refused.code, message=refused.message) from refused
    return answer(_welcome(device), status=201)


@door("POST")
def hello_view(request: HttpRequest) -> HttpResponse:
    """POST /sync/hello/: heartbeat in, what changed for this phone out."""
    device = caller(request, SMALL)
    return answer(hello.greet(device, json_of(request, SMALL)))


@door("POST")
def push_view(request: HttpRequest) -> HttpResponse:
    """POST /sync/push/: at most 25 entries or 256 KB; a receipt for each, in order, each in its own transaction."""
    device = caller(request, PUSH)
    said = json_of(request, PUSH)
    entries = _entries(said)
    limits.check_entries(device, len(entries))
    with access.asked_once(device.user):
        texts = [push.receive(device, entry) for entry in entries]
    return answer_text(f'{{"proto":{settings.SYNC_PROTOCOL[1]},"receipts":[{",".join(texts)}]}}'.encode())


@door("GET")
def pull_view(request: HttpRequest) -> HttpResponse:
    """GET /sync/pull/?area=&after=&epoch=: one page of an area's feed."""
    device = caller(request, 0)
    try:
        area = as_uuid(request.GET.get("area", ""))
        digits = request.GET.get("after", "0")
        after = as_integer(int(digits) if digits.isascii() and digits.isdigit() else -1, 0, MAX_INT)
    except (Malformed, ValueError) as error:
        raise Halt(400, "malformed", place="query") from error
    return answer(pull.page_for(device, area=area, after=after, epoch=request.GET.get("epoch", "")))


@door("POST")
def files_view(request: HttpRequest) -> HttpResponse:
    """POST /sync/files/: begin the upload of a file that an entry names."""
    device = caller(request, 0)
    length = request.headers.get("Upload-Length", "")
    if not (length.isascii() and length.isdigit() and len(length) < 10):
        raise Halt(400, "malformed", place="Upload-Length")
    upload = uploads.create(device, sha256=_metadata(request).get("sha256", ""), size=int(length))
    location = f"/sync/files/{upload.pk}/"
    return answer({"sha256": upload.pk}, status=201, headers={**_offset(upload), "Location": location})


@door("HEAD", "PATCH")
def file_view(request: HttpRequest, sha256: str) -> HttpResponse:
    """HEAD /sync/files/<sha256>/ tells the offset; PATCH appends a piece of at most 64 KB there."""
    device = caller(request, uploads.CHUNK)
    if request.method == "HEAD":
        upload = uploads.find(device, sha256)
        return answer({}, headers={**_offset(upload), "Upload-Length": str(upload.size)})
    digits = request.headers.get("Upload-Offset", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise Halt(400, "malformed", place="Upload-Offset")
    chunk = body_of(request, uploads.CHUNK)
    if chunk and request.content_type != "application/offset+octet-stream":
        raise Halt(415, "content_type")
    upload = uploads.append(device, sha256, offset=int(digits), chunk=chunk)
    if upload.done_at:
        return answer(uploads.proof(device, upload), headers=_offset(upload))
    response = answer({}, status=204, headers=_offset(upload))
    response.content = b""
    return response


@door("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
def unknown_view(request: HttpRequest) -> HttpResponse:
    """Any other address under /sync/: 404 in our own words."""
    raise Halt(404, "not_found")


@gzip_page  # a hundred kilobytes of repeated markup; nothing in it is secret
@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """GET /doi/: the team's app, the same bytes for everybody.

    No session, no cookie, no personal data: the browser and its worker may keep it, and ask with the ETag.
    """
    response = render(request, "sync/shell.html", catalogue.context())
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = etag
    patch_cache_control(response, public=True, no_cache=True)
    return get_conditional_response(request, etag=etag, response=response) or response


def _welcome(device: Device) -> dict[str, Any]:
    team = device.team
    last = Entry.objects.filter(device=device).order_by("-epoch").values_list("epoch", flat=True).first()
    return {
        "device": str(device.pk), "user": {"id": str(device.user_id), "name": device.user.name},
        "team": {"id": str(team.pk), "name": team.name} if team else {"id": "", "name": ""},
        "ward": {"id": str(device.area_id), "name": device.area.name, "phone": device.area.phone},
        "mac_key": seal.b64u(receipts.key_of(device)), "keys": hello.seal_keys(),
        "epoch": 1 if last is None else last + 1, "now": now_ms(), "valid_to": to_ms(device.valid_to),
    }  # fmt: skip


def _returning(request: HttpRequest, said: dict[str, Any]) -> enrolments.Returning | None:
    if said.get("device") is None:
        return None
    return enrolments.Returning(as_uuid(said["device"]), lambda public: signed_by(public, request, SMALL))


def _entries(said: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the entries of a push. Raises Halt: 426 for a protocol that is not spoken, 413, 400 without an id."""
    low, high = settings.SYNC_PROTOCOL
    proto = said.get("proto")
    if type(proto) is not int or not low <= proto <= high:
        raise Halt(426, "update", message=_("Ứng dụng đã cũ. Mở lại ứng dụng khi có mạng để cập nhật."))
    entries = said.get("entries")
    if not isinstance(entries, list):
        raise Halt(400, "malformed", place="entries")
    if len(entries) > MAX_ENTRIES:
        raise Halt(413, "too_large", most=MAX_ENTRIES)
    for index, entry in enumerate(entries):
        _check_id(entry, index)
    return entries


def _check_id(entry: Any, index: int) -> UUID:
    """An entry without an id can't have a receipt; everything else about it gets a verdict of its own."""
    try:
        return as_uuid(entry.get("id") if isinstance(entry, dict) else None)
    except Malformed as error:
        raise Halt(400, "malformed", place="id", index=index) from error


def _metadata(request: HttpRequest) -> dict[str, str]:
    """Return the tus Upload-Metadata: `sha256 <base64>,entry <base64>`."""
    found = {}
    for pair in request.headers.get("Upload-Metadata", "").split(","):
        name, _space, value = pair.strip().partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode()
        except ValueError as error:
            raise Halt(400, "malformed", place="Upload-Metadata") from error
    return found


def _offset(upload: Upload) -> dict[str, str]:
    return {**TUS, "Upload-Offset": str(upload.offset)}


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or len(value) > 200:
        raise Malformed(name)
    return value
