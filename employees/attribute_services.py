"""The one door for changes to the company's attributes."""

import re
import secrets
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain, count

from django.db import transaction

from .attributes import ATTRIBUTE_FACT, Attribute, AttributeAlias, AttributeCatalog
from .folding import INDEXED_BYTES, fits_index, fold

FACT_NUMBER = 8
"""Characters kept free at the end of a fact for the number that tells it from another."""


class NameTaken(Exception):
    """Another attribute, or an alias of one, has this name, compared without case and runs of blanks."""


class InvalidName(Exception):
    """A name is empty, too long, or no text that people can read."""


def tidy(name: str) -> str:
    """A name with every run of blanks as one: `Job  Title` and `Job Title` are the same attribute."""
    return " ".join(name.split())


def add_attribute(name: str, type_: Attribute.Type, description: str = "") -> Attribute:
    """Defines an attribute, usable by every identity provider from the next request on.

    Raises:
        NameTaken: see there.
        InvalidName: see there.
    """
    with _catalog_change():
        name = _free(name)
        attribute = Attribute(name=name, type=type_, description=description)
        attribute.legal_name = _legal_twin(name)
        attribute.fact = _free_fact(attribute.legal_name)
        attribute.save()
        return attribute


def rename_attribute(attribute: Attribute, name: str) -> Attribute:
    """Gives an attribute a new name; the old one keeps working as an alias.

    Raises:
        NameTaken: see there.
        InvalidName: see there.
    """
    with _catalog_change():
        attribute = Attribute.objects.select_for_update().get(pk=attribute.pk)
        old, name = attribute.name, _fit(name)
        if name == old:
            return attribute
        attribute.aliases.filter(name_key=fold(name)).delete()
        attribute.name = name if fold(name) == fold(old) else _free(name, beside=attribute)
        if fold(name) != fold(old):
            AttributeAlias.objects.create(attribute=attribute, name=old)
        attribute.save(update_fields=["name", "name_key"])
        return attribute


def add_alias(attribute: Attribute, name: str) -> AttributeAlias:
    """Lets an attribute answer to one more name.

    Raises:
        NameTaken: see there.
        InvalidName: see there.
    """
    with _catalog_change():
        return AttributeAlias.objects.create(attribute=attribute, name=_free(name))


def describe_attribute(attribute: Attribute, description: str) -> None:
    """Changes what is said about an attribute."""
    with _catalog_change():
        Attribute.objects.filter(pk=attribute.pk).update(description=description)


def switch_attribute(attribute: Attribute, *, active: bool) -> bool:
    """Hides an attribute from SCIM and forms, or shows it again; its values stay.

    Returns:
        False when it was so already.
    """
    with _catalog_change():
        return bool(Attribute.objects.filter(pk=attribute.pk, active=not active).update(active=active))


def give_owner(attribute: Attribute, owner: str) -> None:
    """Lets the values of one identity provider count, and nobody else's be taken over SCIM.

    Args:
        owner: the identity provider's `audit.Actor.key`, `attributes.ADMINISTRATORS` for none of them, or ""
            for all of them.
    """
    with _catalog_change():
        Attribute.objects.filter(pk=attribute.pk).update(owner=owner)


def remove_alias(attribute: Attribute, name: str) -> bool:
    """Lets an attribute no longer answer to an alias; what is sent under it goes to the inbox from then on.

    Returns:
        False when it had no such alias.
    """
    with _catalog_change():
        return bool(attribute.aliases.filter(name_key=fold(tidy(name))).delete()[0])


def find_attribute(name: str) -> Attribute | None:
    """The attribute of that name, legal name or alias, active or not."""
    if not _is_text(name):
        return None
    key = fold(tidy(name))
    by_name = Attribute.objects.filter(name_key=key).first()
    return (
        by_name
        or Attribute.objects.filter(legal_name_key=key).first()
        or Attribute.objects.filter(aliases__name_key=key).first()
    )


@contextmanager
def _catalog_change() -> Iterator[None]:
    """One transaction at a time, noticed by every worker when it commits.

    The version is drawn, not counted: a number that comes again after a rollback or a restored backup would
    let a worker keep what it remembers of another catalog.
    """
    with transaction.atomic():
        drawn = secrets.randbits(62)
        AttributeCatalog.objects.filter(pk=AttributeCatalog.SINGLE_ROW).update(version=drawn)
        yield


def _fit(name: str) -> str:
    name = tidy(name)
    if not name or not _is_text(name) or not fits_index(name):
        limits = f"at least one character and at most {INDEXED_BYTES} bytes"
        raise InvalidName(f"A name has {limits}, without control characters.")
    return name


def _free(name: str, beside: Attribute | None = None) -> str:
    name = _fit(name)
    other = find_attribute(name)
    if other is not None and other != beside:
        raise NameTaken(other.name)
    return name


def _is_text(name: str) -> bool:
    """False for what a database refuses: NUL, and halves of characters; other control codes come along."""
    return not any(unicodedata.category(character) in {"Cc", "Cs"} for character in tidy(name))


def _legal_twin(name: str) -> str:
    """The name in camel case and RFC 7643's alphabet, made unambiguous by a number where it must be."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
    words = re.findall(r"[A-Za-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))
    twin = "".join(word[:1].upper() + word[1:] for word in words)
    if words and (len(words[0]) == 1 or not words[0].isupper()):
        twin = twin[:1].lower() + twin[1:]
    if not twin[:1].isalpha():
        twin = f"attribute{twin}"
    return _numbered(twin, lambda candidate: find_attribute(candidate) is not None)


def _free_fact(legal_name: str) -> str:
    column = Attribute._meta.get_field("fact").max_length or 0
    stem = (ATTRIBUTE_FACT + fold(legal_name))[: column - FACT_NUMBER]
    return _numbered(stem, lambda candidate: Attribute.objects.filter(fact=candidate).exists())


def _numbered(stem: str, is_taken: Callable[[str], bool]) -> str:
    """The text itself, or with the first number, from 2 on, that makes it free."""
    numbers = (f"{stem}{number}" for number in count(2))
    return next(candidate for candidate in chain([stem], numbers) if not is_taken(candidate))
