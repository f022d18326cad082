"""A private PostgreSQL and Redis while a block runs (tools/servers.sh), with commits that really reach the disk.

The shell that holds them waits on our standard input: however this process ends, it ends them too.
Not for: tests; .ci/run starts its own, without fsync.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.house import ROOT

HOLD = """
set -euo pipefail
. tools/servers.sh "$1"
trap stop_servers EXIT
SERVERS_PG_OPTIONS="-c shared_buffers=128MB" start_servers >&2
echo "$SERVERS_DATABASE_URL $SERVERS_REDIS_URL"
read -r _ || true
"""


@dataclass(frozen=True)
class Servers:
    """The running servers: what a house's environment says of them, and the process of PostgreSQL."""

    environment: dict[str, str]
    postgres: int


@contextmanager
def servers() -> Iterator[Servers]:
    """Yield fresh servers."""
    with tempfile.TemporaryDirectory(prefix="gocua-servers-", ignore_cleanup_errors=True) as scratch:
        shell = subprocess.Popen(
            ["/bin/bash", "-c", HOLD, "servers", scratch], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=sys.stderr, text=True, start_new_session=True,
        )  # fmt: skip
        assert shell.stdin and shell.stdout
        try:
            database, redis = shell.stdout.readline().split()
            process = int((Path(scratch) / "pg" / "data" / "postmaster.pid").read_text().split()[0])
            yield Servers({"DATABASE_URL": database, "BROKER_URL": f"{redis}/0", "CACHE_URL": f"{redis}/1"}, process)
        finally:
            shell.stdin.close()
            shell.wait(30)
