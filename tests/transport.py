"""How a request of a phone in Python reaches the server, and what comes back.

For: phone.py and tests that stand between it and the server. Not for: signing or believing; the phone does that.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.test import Client


@dataclass
class Answer:
    """What came back: status, headers (names in lower case), bytes."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    def is_ours(self) -> bool:
        """Say whether our server made it: JSON and the protocol header."""
        named = self.headers.get("content-type", "").startswith("application/json")
        return named and self.headers.get("x-gocua-proto") == "1"


Transport = Callable[[str, str, bytes, dict[str, str]], Answer]


def through_django(method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Carry a request into the real views, without cookies."""
    headers = dict(headers)
    content_type = headers.pop("Content-Type", "application/json")
    response = Client(raise_request_exception=False).generic(
        method, path, data=body, content_type=content_type, headers=headers
    )
    return Answer(response.status_code, {k.lower(): v for k, v in response.items()}, response.content)
