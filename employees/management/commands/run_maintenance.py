"""Does everything that has to be done from time to time."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from employees import maintenance


class Command(BaseCommand):
    help = "Does what is due; run it every few minutes. It may run as often as you like, and twice at once."

    def handle(self, *args: Any, **options: Any) -> None:
        outcomes = list(maintenance.run(timezone.now()))
        for outcome in outcomes:
            if outcome.done and options["verbosity"]:
                self.stdout.write(f"{outcome.name}: {outcome.done}")
        if failed := [f"{outcome.name} ({outcome.failed})" for outcome in outcomes if outcome.failed]:
            raise CommandError(f"Failed: {', '.join(failed)}. The log says why; the rest was done.")
