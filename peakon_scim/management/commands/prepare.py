"""Makes the database, the static files and the first administrator ready to serve."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Migrates, collects static files and ensures an administrator; a second one waits for the first."""

    help = "Migrates the database, collects static files and creates the first administrator."
    # The tables that checks may ask for do not exist yet.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        with alone(settings.VAR_DIR):
            self.stdout.write(
                f"Migrating the database ({settings.DATABASES['default']['ENGINE'].split('.')[-1]})"
            )
            call_command("migrate", verbosity=0, interactive=False)
            self.stdout.write("Collecting static files")
            call_command("collectstatic", verbosity=0, interactive=False)
            call_command("ensure_administrator", stdout=self.stdout, stderr=self.stderr)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Waits until no other process on this machine holds the folder, then holds it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
