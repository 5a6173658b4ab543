"""Switches employee provisioning on or off, or tells which it is."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from employees.audit import Actor
from scim.provisioning.services import current_settings, switch


class Command(BaseCommand):
    help = "Enables or disables employee provisioning and prints its state: enabled or disabled."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["enable", "disable", "status"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if action != "status":
            switch(action == "enable", actor=Actor.command("provisioning"))
        self.stdout.write("enabled" if current_settings().enabled else "disabled")
