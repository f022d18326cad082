"""Identifiers that any device may mint without asking anyone.

For: UUIDv7 values used as primary keys and on the wire. Not for: an order of events; the time inside
comes from whichever clock minted it and decides nothing.
"""

import uuid

import uuid_utils.compat


def new_id() -> uuid.UUID:
    """Return a fresh UUIDv7 (128 bits, time-ordered prefix)."""
    return uuid_utils.compat.uuid7()
