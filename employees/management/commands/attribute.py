"""Defines, lists and switches the company's attributes from the command line."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from employees import attribute_services
from employees.models import Attribute

SPELLINGS = {
    "string": Attribute.Type.TEXT,
    "integer": Attribute.Type.NUMBER,
    "int": Attribute.Type.NUMBER,
    "float": Attribute.Type.DECIMAL,
    "bool": Attribute.Type.BOOLEAN,
    "yesorno": Attribute.Type.BOOLEAN,
    "dateandtime": Attribute.Type.DATETIME,
}
"""What else types are called, without blanks, hyphens and underscores."""


class Command(BaseCommand):
    help = "Defines, lists, activates or deactivates attributes of employees."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="add|list|activate|deactivate")
        add = actions.add_parser("add", help="defines an attribute and prints its name")
        add.add_argument("name", metavar="NAME")
        add.add_argument("--type", type=_type, required=True, dest="type_", help=", ".join(Attribute.Type))
        add.add_argument("--description", default="", help="shown on the attribute's page and in /Schemas")
        listing = actions.add_parser("list", help="prints the names of the active attributes, one a line")
        listing.add_argument("--all", action="store_true", dest="everything", help="inactive ones as well")
        for action in ("activate", "deactivate"):
            switch = actions.add_parser(action, help=f"{action}s an attribute; its values stay")
            switch.add_argument("name", metavar="NAME")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if action == "add":
            self.stdout.write(_add(options["name"], options["type_"], options["description"]))
        elif action == "list":
            listed = (
                Attribute.objects.all() if options["everything"] else Attribute.objects.filter(active=True)
            )
            for attribute in listed:
                self.stdout.write(attribute.name)
        else:
            self.stdout.write(_switch(options["name"], active=action == "activate"))


def _add(name: str, type_: Attribute.Type, description: str) -> str:
    try:
        return attribute_services.add_attribute(name, type_, description).name
    except attribute_services.NameTaken as taken:
        raise CommandError(f"{name!r} is a name of the attribute {taken}. Choose another name.") from taken
    except attribute_services.InvalidName as invalid:
        raise CommandError(str(invalid)) from invalid


def _switch(name: str, *, active: bool) -> str:
    attribute = attribute_services.find_attribute(name)
    if attribute is None:
        known = ", ".join(Attribute.objects.values_list("name", flat=True))
        raise CommandError(f"No attribute is named {name!r}. Known: {known or 'none yet'}.")
    switched = attribute_services.switch_attribute(attribute, active=active)
    state = "active" if active else "inactive"
    return f"{attribute.name} is {state}{'' if switched else ' already'}"


def _type(text: str) -> Attribute.Type:
    plain = "".join(text.lower().replace("-", " ").replace("_", " ").split())
    if plain in SPELLINGS:
        return SPELLINGS[plain]
    if plain in Attribute.Type.values:
        return Attribute.Type(plain)
    raise argparse.ArgumentTypeError(f"{text!r} is no type of attribute; choose {', '.join(Attribute.Type)}")
