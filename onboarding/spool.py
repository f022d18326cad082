"""Celery's queue in a folder, with messages that appear whole or not at all.

kombu's own transport creates a message's file empty and fills it afterwards: a worker that looks in between reads half
a message, and ends. Here a file gets its name when it is complete, and what a power cut left in pieces is put aside.
Not for: what a message says (submissions/bell.py), or brokers over a network.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from json import JSONDecodeError
from pathlib import Path
from typing import Any
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps

log = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """The queue folder as one process sees it."""

    def _put(self, queue: str, message: Any, **_options: Any) -> None:  # type: ignore[override]  # kombu has two names
        """Put a message at the end of a queue. Names sort by the time they were put, as the reader expects."""
        folder = Path(self.data_folder_out)
        _write(folder / f"{round(filesystem.monotonic() * 1000)}_{uuid4()}.{queue}.msg", message)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """Take the next message that can be read. Raises Empty when there is none."""
        while True:
            try:
                return super()._get(queue)
            except (JSONDecodeError, UnicodeDecodeError):
                log.warning("spool: a message in pieces was put aside; the sweep will ring again")

    def _queue_bind(self, exchange: str, routing_key: str | None, pattern: str | None, queue: str | None) -> None:
        """Note that a queue hears an exchange. One process at a time: none may lose what another has just noted."""
        file = self._exchange_file(exchange)
        self.control_folder.mkdir(exist_ok=True)
        heard = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with _alone(self.control_folder / "lock"):
            table = self.get_table(exchange)
            if heard not in table:
                _write(file, [heard, *table])


class Transport(filesystem.Transport):
    """Registered for filesystem:// by onboarding/celery.py."""

    Channel = Channel


def _write(file: Path, content: Any) -> None:
    """Write content as JSON; the name appears with the last byte. Raises ChannelError."""
    part = file.with_name(f".{uuid4()}.part")
    try:
        part.write_bytes(str_to_bytes(dumps(content)))
        part.replace(file)
    except OSError as trouble:
        raise ChannelError(f"Cannot write {file}") from trouble


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    with file.open("ab") as held:
        filesystem.lock(held, filesystem.LOCK_EX)
        try:
            yield
        finally:
            filesystem.unlock(held)
