"""Loads the fictional ward Phường Hồ Sen. Not for: a server with real people; it refuses where HTTPS is on."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from onboarding.management import demo_ward

ROLES = {"supervisor": "phụ trách phường", "editor": "biên tập hướng dẫn", "member": "thành viên tổ"}
SIGN_INS = [
    (row["username"], row["password"], f"{ROLES[row['role']]}, {row['name']}")
    for row in demo_ward.sheet("ward")["people"]
]


class Command(BaseCommand):
    """Idempotent: a second run keeps all data; on another day it adds that day's rounds."""

    help = "Load the fictional ward with its people, doors, history and today's rounds."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say how to sign in. Raises CommandError on a production server."""
        if settings.HTTPS or os.environ.get("DEMO") == "0":
            raise CommandError("Máy này phục vụ người thật. Không nạp phường mẫu ở đây.")
        demo_ward.load_ward()
        if not options["verbosity"]:
            return
        self.stdout.write(f"Phường Hồ Sen (hư cấu) đã sẵn sàng: {demo_ward.everyone_at_home()} người.")
        for name, password, role in SIGN_INS:
            self.stdout.write(f"  {name:<10} {password:<14} {role}")
