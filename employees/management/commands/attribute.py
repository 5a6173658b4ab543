"""Defines, lists and switches attributes from the command line, with their owners and aliases."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from employees import attribute_services, setters
from employees.attributes import ADMINISTRATORS
from employees.folding import fold
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
    help = "Defines, lists, activates or deactivates attributes of employees; gives them owners and aliases."

    def add_arguments(self, parser: CommandParser) -> None:
        metavar = "add|list|activate|deactivate|owner|alias"
        actions = parser.add_subparsers(dest="action", required=True, metavar=metavar)
        add = actions.add_parser("add", help="defines an attribute and prints its name")
        add.add_argument("name", metavar="NAME")
        add.add_argument("--type", type=_type, required=True, dest="type_", help=", ".join(Attribute.Type))
        add.add_argument("--description", default="", help="shown on the attribute's page and in /Schemas")
        listing = actions.add_parser("list", help="prints the names of the active attributes, one a line")
        listing.add_argument("--all", action="store_true", dest="everything", help="inactive ones as well")
        for action in ("activate", "deactivate"):
            switch = actions.add_parser(action, help=f"{action}s an attribute; its values stay")
            switch.add_argument("name", metavar="NAME")
        owner = actions.add_parser("owner", help="says whose values of an attribute count, or changes it")
        owner.add_argument("name", metavar="NAME")
        owners = owner.add_mutually_exclusive_group()
        owners.add_argument("--identity-provider", metavar="NAME", help="only those that it sends")
        of_administrators = "only those that administrators enter"
        owners.add_argument("--administrators", action="store_true", help=of_administrators)
        owners.add_argument("--nobody", action="store_true", help="everybody's")
        alias = actions.add_parser("alias", help="lets an attribute answer to one more name")
        alias.add_argument("name", metavar="NAME")
        alias.add_argument("alias", metavar="ALIAS")
        alias.add_argument("--remove", action="store_true", help="lets it no longer answer to that name")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if action == "add":
            self.stdout.write(_add(options["name"], options["type_"], options["description"]))
        elif action == "list":
            listed = (
                Attribute.objects.all() if options["everything"] else Attribute.objects.filter(active=True)
            )
            for attribute in listed:
                self.stdout.write(attribute.name)
        elif action == "owner":
            self.stdout.write(_owner(options["name"], _stated_owner(options)))
        elif action == "alias":
            self.stdout.write(_alias(options["name"], options["alias"], remove=options["remove"]))
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
    attribute = _find(name)
    switched = attribute_services.switch_attribute(attribute, active=active)
    state = "active" if active else "inactive"
    return f"{attribute.name} is {state}{'' if switched else ' already'}"


def _owner(name: str, owner: str | None) -> str:
    """Whose values count, in a sentence, after the change to `owner` when it is not None."""
    attribute = _find(name)
    if owner is not None:
        attribute_services.give_owner(attribute, owner)
        attribute.owner = owner
    names = {"": "nobody", ADMINISTRATORS: "administrators", **setters.names()}
    return f"{attribute.name} belongs to {names.get(attribute.owner, attribute.owner)}"


def _stated_owner(options: dict[str, Any]) -> str | None:
    """The owner that the options name, None when they name none."""
    if options["administrators"]:
        return ADMINISTRATORS
    if options["nobody"]:
        return ""
    name = options["identity_provider"]
    return None if name is None else _identity_provider(name)


def _identity_provider(name: str) -> str:
    names = setters.names()
    for key, known in names.items():
        if fold(known) == fold(attribute_services.tidy(name)):
            return key
    known_names = ", ".join(names.values())
    raise CommandError(f"No identity provider is named {name!r}. Known: {known_names or 'none yet'}.")


def _alias(name: str, alias: str, *, remove: bool) -> str:
    attribute = _find(name)
    if remove:
        if not attribute_services.remove_alias(attribute, alias):
            known = ", ".join(each.name for each in attribute.aliases.all())
            raise CommandError(f"{attribute.name} has no alias {alias!r}. Its aliases: {known or 'none'}.")
        return f"{attribute.name} no longer answers to {attribute_services.tidy(alias)}"
    try:
        added = attribute_services.add_alias(attribute, alias)
    except attribute_services.NameTaken as taken:
        raise CommandError(f"{alias!r} is a name of the attribute {taken} already.") from taken
    except attribute_services.InvalidName as invalid:
        raise CommandError(str(invalid)) from invalid
    return f"{attribute.name} answers to {added}"


def _find(name: str) -> Attribute:
    attribute = attribute_services.find_attribute(name)
    if attribute is None:
        known = ", ".join(Attribute.objects.values_list("name", flat=True))
        raise CommandError(f"No attribute is named {name!r}. Known: {known or 'none yet'}.")
    return attribute


def _type(text: str) -> Attribute.Type:
    plain = "".join(text.lower().replace("-", " ").replace("_", " ").split())
    if plain in SPELLINGS:
        return SPELLINGS[plain]
    if plain in Attribute.Type.values:
        return Attribute.Type(plain)
    raise argparse.ArgumentTypeError(f"{text!r} is no type of attribute; choose {', '.join(Attribute.Type)}")
