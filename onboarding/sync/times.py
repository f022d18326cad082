"""The server's clock as the wire tells it. Not for: claimed times of phones (kinds.py)."""

from datetime import UTC, datetime

from django.utils import timezone


def now_ms() -> int:
    """Return the server's time in milliseconds since 1970."""
    return to_ms(timezone.now())


def to_ms(moment: datetime) -> int:
    """Return a time in milliseconds since 1970."""
    return int(moment.timestamp() * 1000)


def from_ms(value: int) -> datetime:
    """Return the time of milliseconds since 1970."""
    return datetime.fromtimestamp(value / 1000, UTC)
