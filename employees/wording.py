"""Facts and their values in the words of the administration's pages."""

from collections.abc import Mapping
from typing import Any

from . import facts

LABELS = {
    "user_name": "E-mail (user name)",
    "given_name": "First name",
    "family_name": "Last name",
    "emails": "E-mails",
    "preferred_language": "Language",
    "timezone": "Time zone",
    "held": "Removal held",
    "ims": "Instant messaging",
    "x509_certificates": "X.509 certificates",
    "profile_url": "Profile URL",
}
NOTHING = "–"
MARKS = ("type", "primary", "display")
PARTS = ("value", "formatted", "streetAddress", "postalCode", "locality", "region", "country")
"""The parts of list elements in the order in which people read them; a database need not keep theirs."""


def label(
    fact: str, providers: Mapping[str, str] | None = None, attributes: Mapping[str, str] | None = None
) -> str:
    """What a fact is called.

    Args:
        providers: names of identity providers by their keys, for facts that belong to one of them.
        attributes: names of the company's attributes by their facts.
    """
    if attributes and fact in attributes:
        return attributes[fact]
    if fact.startswith(facts.EXTERNAL_ID):
        key = fact.removeprefix(facts.EXTERNAL_ID)
        return f"External id at {(providers or {}).get(key, key)}"
    return LABELS.get(fact) or fact.replace("_", " ").capitalize()


def text(value: Any) -> str:
    """A fact's value in words; "–" for none."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(element(item) for item in value) or NOTHING
    return str(value) if value not in (None, "") else NOTHING


def element(item: Any) -> str:
    """One element of a list such as e-mails: its value, then its type and whether it is primary."""
    if not isinstance(item, dict):
        return str(item)
    names = [*PARTS, *sorted(item.keys() - {*PARTS, *MARKS})]
    parts = [str(item[name]) for name in names if item.get(name) not in (None, "")]
    main = item.get("value") or item.get("formatted") or ", ".join(parts) or item.get("display") or NOTHING
    marks = [str(item["type"])] if item.get("type") else []
    marks += ["primary"] if item.get("primary") is True else []
    return f"{main} ({', '.join(marks)})" if marks else str(main)
