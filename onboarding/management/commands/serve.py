"""One command that starts everything on this machine: web server, Celery worker, beat and portal sandbox.

For: `make run`, a demo, a small ward. It prepares, checks that its ports are free, starts the children each in a
process group of its own, starts again what dies, and ends them all on Ctrl-C or SIGTERM. Not for: a city; there
each process has a unit of its own.
"""

import fcntl
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from onboarding.management import addresses, supervisor


class Command(BaseCommand):
    """manage.py serve [--port 8000] [--host 0.0.0.0] [--sandbox-port 8600] [--no-demo]."""

    help = "Start web server, worker, beat and portal sandbox under one supervisor."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take ports, host and whether to load the fictional ward."""
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", 8000)))
        parser.add_argument("--host", default=os.environ.get("HOST", "0.0.0.0"))  # noqa: S104  phones on the same network must reach it
        parser.add_argument("--sandbox-port", type=int, default=int(os.environ.get("SANDBOX_PORT", 8600)))
        parser.add_argument("--no-demo", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, check, start, supervise, end."""
        lock = self._only_one()
        for port, what in ((options["port"], "--port"), (options["sandbox_port"], "--sandbox-port")):
            if not addresses.is_free(port):
                raise CommandError(
                    f"Cổng {port} đang có chương trình khác dùng. Tắt chương trình đó, hoặc chạy lại với "
                    f"{what} (ví dụ: make run {'PORT' if what == '--port' else 'SANDBOX_PORT'}={port + 1})."
                )
        demo = not options["no_demo"] and not settings.HTTPS
        self.stdout.write("Đang chuẩn bị…")
        call_command("prepare", demo=demo)
        children = supervisor.children(
            host=options["host"], port=options["port"], sandbox_port=options["sandbox_port"], folder=settings.BASE_DIR,
            web=supervisor.web_processes(os.environ.get("DATABASE_URL", "")),
        )  # fmt: skip
        group = supervisor.Supervisor(children, log_folder=settings.VAR_DIR / "log")
        group.start()
        group.wait_for_port(options["port"])
        self.stdout.write(addresses.welcome(port=options["port"], sandbox_port=options["sandbox_port"], demo=demo))
        self.stdout.flush()
        group.run()
        lock.close()

    def _only_one(self) -> IO[str]:
        """Hold a lock for as long as this process lives; a second one in the same folder is told so."""
        path = Path(settings.VAR_DIR) / "serve.lock"
        lock = path.open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CommandError(
                "Gõ Cửa đang chạy ở thư mục này rồi. Dùng cửa sổ đang mở, hoặc bấm Ctrl-C ở đó trước."
            ) from error
        return lock
