"""Answering with a part of a file, as players of sound ask for it (RFC 9110, section 14).

One range only, as players send; anything else gets the whole file, which the RFC allows. Not for: large files; the
body is in memory.
"""

import re

from django.http import HttpRequest, HttpResponse

ONE = re.compile(r"bytes=(\d*)-(\d*)")


def ranged(request: HttpRequest, body: bytes, content_type: str) -> HttpResponse:
    """Return body, or the part of it that the request asks for with 206, or 416 when there is no such part."""
    asked = ONE.fullmatch(request.headers.get("Range", ""))
    if asked is None or not any(asked.groups()):
        answer = HttpResponse(body, content_type=content_type)
    elif (span := _span(asked[1], asked[2], len(body))) is None:
        answer = HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(body)}"})
    else:
        start, end = span
        headers = {"Content-Range": f"bytes {start}-{end - 1}/{len(body)}"}
        answer = HttpResponse(body[start:end], status=206, content_type=content_type, headers=headers)
    answer["Accept-Ranges"] = "bytes"
    return answer


def _span(first: str, last: str, size: int) -> tuple[int, int] | None:
    """Return where a range begins and ends (not included): "5-9", "5-" or "-5", the last five."""
    if not first:
        count = min(int(last[:12]), size)
        return (size - count, size) if count else None
    start, end = int(first[:12]), int(last[:12]) + 1 if last else size
    return (start, min(end, size)) if start < min(end, size) else None
