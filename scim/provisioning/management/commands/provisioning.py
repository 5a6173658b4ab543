"""Switches employee provisioning on or off, tells how it is doing, and puts right what a sync did."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from employees.audit import Actor
from scim.provisioning import steering, undoing
from scim.provisioning.commands import known_provider
from scim.provisioning.report import status
from scim.provisioning.services import current_settings, switch

ACTOR = Actor.command("provisioning")


class Command(BaseCommand):
    help = (
        "Enables or disables employee provisioning, tells how it is doing, undoes a cycle, releases a hold."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        actions.add_parser("enable", help="lets identity providers in and prints: enabled")
        actions.add_parser("disable", help="keeps identity providers out and prints: disabled")
        told = actions.add_parser("status", help="prints enabled or disabled")
        told.add_argument(
            "--json",
            action="store_true",
            dest="as_json",
            help="each identity provider with its state, people, holds and latest cycles",
        )
        undo = actions.add_parser("undo", help="undoes what an identity provider did in a cycle")
        undoing.add_arguments(undo)
        release = actions.add_parser("release", help="lets held removals take effect, prints how many")
        release.add_argument("--identity-provider", required=True, metavar="NAME")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        perform = {"status": self._status, "undo": self._undo, "release": self._release}.get(action)
        if perform is None:
            switch(action == "enable", actor=ACTOR)
            perform = self._status
        self.stdout.write(perform(options))

    def _status(self, options: dict[str, Any]) -> str:
        if options.get("as_json"):
            return json.dumps(status(timezone.now()), indent=2)
        return "enabled" if current_settings().enabled else "disabled"

    def _undo(self, options: dict[str, Any]) -> str:
        return undoing.run(options, actor=ACTOR)

    def _release(self, options: dict[str, Any]) -> str:
        provider = known_provider(options["identity_provider"])
        hold = steering.open_hold(provider)
        if hold is None:
            raise CommandError(f"No removals of {provider} are held.")
        released = list(steering.release_hold(hold, actor=ACTOR))
        return f"released {released[-1] if released else 0}"
