"""Files of secrets: whole or not there, readable by their owner only, and the first of a name stays.

For: key rings that are made on first use, whoever comes first, be it threads of one process. Pure. Not for: what is in
them (vault.py, guides/signing.py).
"""

import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile


def write_first(path: Path, text: str) -> None:
    """Write path unless it is there; of two who come at once, one is first and the other's text is dropped."""
    fresh = _written_beside(path, text)
    try:
        with suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        fresh.unlink()


def replace(path: Path, text: str) -> None:
    """Write path in place of what is there."""
    _written_beside(path, text).replace(path)


def _written_beside(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Made with mode 0600, under a name that nobody else has.
    with NamedTemporaryFile("w", dir=path.parent, prefix=f"{path.name}.", suffix=".new", delete=False) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return Path(file.name)
