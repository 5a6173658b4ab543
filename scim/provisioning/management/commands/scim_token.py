"""Issues, rotates and revokes bearer tokens from the command line."""

import argparse
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from employees.audit import Actor
from scim.provisioning import services, tokens
from scim.provisioning.commands import known_provider
from scim.provisioning.kinds import kind_of
from scim.provisioning.models import IdentityProvider

ACTOR = Actor.command("scim_token")
DEFAULT_OVERLAP = timedelta(hours=24)
LARGEST = 100_000


class Command(BaseCommand):
    help = "Issues, rotates or revokes bearer tokens ; the token is the last line of the output."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["issue", "rotate", "revoke"])
        parser.add_argument("--identity-provider", required=True, metavar="NAME")
        parser.add_argument(
            "--kind",
            type=_kind,
            help="of a new identity provider: entra, okta, adselfservice, onelogin or other (default)",
        )
        parser.add_argument(
            "--overlap",
            type=_overlap,
            default=DEFAULT_OVERLAP,
            metavar="HOURS",
            help="how long the older tokens still work after rotate; 0 for not at all, default 24",
        )
        parser.add_argument(
            "--expires-in",
            type=_expiry,
            dest="expires_at",
            metavar="DAYS",
            help="of the new token; default never",
        )

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        perform = {"issue": self._issue, "rotate": self._rotate, "revoke": self._revoke}[action]
        self.stdout.write(perform(options))

    @transaction.atomic
    def _issue(self, options: dict[str, Any]) -> str:
        identity_provider = _found_or_connected(options["identity_provider"], options["kind"])
        token = tokens.issue(identity_provider, actor=ACTOR, expires_at=options["expires_at"])
        if not services.enable_unless_decided(actor=ACTOR):
            self.stderr.write(
                "Provisioning is disabled: the token opens nothing until `manage.py provisioning enable`."
            )
        return token

    def _rotate(self, options: dict[str, Any]) -> str:
        return tokens.rotate(
            known_provider(options["identity_provider"]),
            actor=ACTOR,
            overlap=options["overlap"],
            expires_at=options["expires_at"],
        )

    def _revoke(self, options: dict[str, Any]) -> str:
        return f"revoked {tokens.revoke(known_provider(options['identity_provider']), actor=ACTOR)}"


def _found_or_connected(name: str, kind: IdentityProvider.Kind | None) -> IdentityProvider:
    identity_provider = services.find(name)
    if identity_provider is None:
        try:
            return services.connect(name, kind or IdentityProvider.Kind.OTHER, actor=ACTOR)
        except ValidationError as error:
            raise CommandError(f"--identity-provider: {' '.join(error.messages)}") from error
    if kind and kind != identity_provider.kind:
        raise CommandError(
            f"{identity_provider.name} is connected as {identity_provider.get_kind_display()}; leave out"
            " --kind, or choose another name."
        )
    return identity_provider


def _kind(text: str) -> IdentityProvider.Kind:
    try:
        return kind_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _overlap(text: str) -> timedelta:
    hours = _number(text, "hours")
    if hours < 0:
        raise argparse.ArgumentTypeError("the overlap cannot be negative; 0 ends the older tokens at once")
    return timedelta(hours=hours)


def _expiry(text: str) -> datetime:
    days = _number(text, "days")
    if days <= 0:
        raise argparse.ArgumentTypeError("a token must live for some time; leave it out for no expiry")
    return timezone.now() + timedelta(days=days)


def _number(text: str, unit: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is not a number of {unit}") from error
    if not abs(number) <= LARGEST:
        raise argparse.ArgumentTypeError(f"{text} is not a number of {unit} up to {LARGEST:,}")
    return number
