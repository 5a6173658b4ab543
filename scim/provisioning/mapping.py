"""What an identity provider can fill, as its own pages want it entered: the table of the guide."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from employees.models import Attribute
from scim.protocol.urns import ENTERPRISE_USER, PEAKON_USER, USER

from .models import IdentityProvider

Kind = IdentityProvider.Kind
Type = Attribute.Type


@dataclass(frozen=True)
class Target:
    """An attribute that identity providers may fill.

    Args:
        label: what Peakon calls it.
        name: within its schema, or the path to it.
        legal_name: the same within RFC 7643's alphabet.
        fact: what suggestions are found by; the name of a core attribute.
    """

    label: str
    urn: str
    name: str
    legal_name: str
    type: Attribute.Type
    fact: str
    description: str = ""
    also: str = ""

    @property
    def path(self) -> str:
        return self.name if self.urn == USER else f"{self.urn}:{self.name}"

    @property
    def strict_path(self) -> str:
        return self.legal_name if self.urn == USER else f"{self.urn}:{self.legal_name}"

    @property
    def is_own(self) -> bool:
        """Whether the company defined it, so that identity providers do not know it by themselves."""
        return self.urn == PEAKON_USER


@dataclass(frozen=True)
class Paste:
    """A string to paste, and the identity provider's name for the field where it goes."""

    label: str
    text: str


@dataclass(frozen=True)
class Line:
    """One attribute of the table; `type` and `source` in the identity provider's words, "" for unknown."""

    target: Target
    pastes: tuple[Paste, ...]
    type: str
    source: str = ""
    note: str = ""


@dataclass(frozen=True)
class Table:
    """What to check in the identity provider's mapping, and what to add to it.

    Args:
        shared: what to paste for each attribute that is added, the same every time.
    """

    known: list[Line]
    to_add: list[Line]
    shared: Paste | None = None

    @property
    def has_sources(self) -> bool:
        return any(line.source for line in (*self.known, *self.to_add))


def _core(label: str, name: str, urn: str = USER, type_: Attribute.Type = Type.TEXT) -> Target:
    return Target(label, urn, name, name, type_, name)


WORK_EMAIL: Final = 'emails[type eq "work"].value'

CORE: Final = (
    _core("User name", "userName"),
    _core("Takes part in surveys", "active", type_=Type.BOOLEAN),
    _core("Work e-mail", WORK_EMAIL),
    _core("First name", "name.givenName"),
    _core("Last name", "name.familyName"),
    _core("Name to show", "displayName"),
    _core("Identifier there", "externalId"),
    _core("Language", "preferredLanguage"),
    _core("Locale", "locale"),
    _core("Time zone", "timezone"),
    _core("Employee number", "employeeNumber", ENTERPRISE_USER),
    _core("Department", "department", ENTERPRISE_USER),
    _core("Manager", "manager", ENTERPRISE_USER, Type.EMPLOYEE),
)

Types: TypeAlias = Mapping[Attribute.Type, str]


def _types(text: str, whole: str, fraction: str, boolean: str, moment: str) -> Types:
    return {
        **dict.fromkeys((Type.OPTION, Type.TEXT, Type.EMPLOYEE), text),
        Type.NUMBER: whole,
        Type.DECIMAL: fraction,
        Type.BOOLEAN: boolean,
        **dict.fromkeys((Type.DATE, Type.DATETIME), moment),
    }


# As the attribute list of Entra ID offers them: it has no type for fractions, which are understood as text.
ENTRA_TYPES: Final = _types("String", "Integer", "String", "Boolean", "DateTime")
# As Okta's Profile Editor offers them: it has no type for dates, which are understood as text.
OKTA_TYPES: Final = _types("string", "integer", "number", "boolean", "string")
# RFC 7643 §2.3.
SCIM_TYPES: Final = _types("string", "integer", "decimal", "boolean", "dateTime")

ENTRA_SOURCES: Final = {
    "userName": "userPrincipalName",
    "active": 'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
    WORK_EMAIL: "mail",
    "name.givenName": "givenName",
    "name.familyName": "surname",
    "displayName": "displayName",
    "externalId": "objectId",
    "preferredLanguage": "preferredLanguage",
    "employeeNumber": "employeeId",
    "department": "department",
    "manager": "manager",
    "attribute_jobtitle": "jobTitle",
    "attribute_location": "physicalDeliveryOfficeName",
    "attribute_startdate": "employeeHireDate",
    "attribute_employmentstatus": "employeeType",
}

# Of a core attribute: what Okta's own profile of an app calls it, its external name there, and the source.
OKTA_CORE: Final = {
    "userName": ("userName", "userName", "user.login"),
    WORK_EMAIL: ("email", "emails.^[primary==true].value", "user.email"),
    "name.givenName": ("givenName", "name.givenName", "user.firstName"),
    "name.familyName": ("familyName", "name.familyName", "user.lastName"),
    "displayName": ("displayName", "displayName", "user.displayName"),
    "preferredLanguage": ("preferredLanguage", "preferredLanguage", "user.preferredLanguage"),
    "locale": ("locale", "locale", "user.locale"),
    "timezone": ("timezone", "timezone", "user.timezone"),
    "employeeNumber": ("employeeNumber", "employeeNumber", "user.employeeNumber"),
    "department": ("department", "department", "user.department"),
    "manager": ("managerValue", "manager.value", "user.managerId"),
}
OKTA_SOURCES: Final = {
    "attribute_jobtitle": "user.title",
    "attribute_employmentstatus": "user.userType",
    "attribute_location": "user.city",
}

BY_EMAIL: Final = "Send the e-mail address, employee number or id of that person, who may arrive later."


def targets() -> list[Target]:
    """The core attributes, then the company's active ones by name; one query.

    Department and Manager are at home in RFC 7643's enterprise extension, where identity providers have them
    already; they keep the company's names for them.
    """
    own = {attribute.fact: attribute for attribute in Attribute.objects.filter(active=True)}
    core = [_named(target, own.pop(target.fact, None)) for target in CORE]
    return [*core, *map(_of, own.values())]


def table(kind: IdentityProvider.Kind) -> Table:
    """What to enter in an identity provider of that kind; one query."""
    draw = _LINES.get(kind, _plain_line)
    lines = [line for target in targets() if (line := draw(target)) is not None]
    return Table(
        known=[line for line in lines if not line.target.is_own],
        to_add=[line for line in lines if line.target.is_own],
        shared=Paste("External namespace", PEAKON_USER) if kind == Kind.OKTA else None,
    )


def okta_variable(target: Target) -> str:
    """The name of an attribute in Okta's profile of the app, which takes letters, digits and underscores."""
    return re.sub(r"\W", "_", target.legal_name.replace("$", "_"), flags=re.ASCII)


def _named(target: Target, attribute: Attribute | None) -> Target:
    if attribute is None:
        return target
    return replace(target, label=attribute.name, type=Type(attribute.type), also=attribute.scim_path)


def _of(attribute: Attribute) -> Target:
    return Target(
        attribute.name,
        PEAKON_USER,
        attribute.name,
        attribute.legal_name,
        Type(attribute.type),
        attribute.fact,
        attribute.description,
    )


def _note(target: Target) -> str:
    if target.also:
        return f"The same value under its Peakon name: {target.also}"
    return BY_EMAIL if target.type == Type.EMPLOYEE else ""


def _entra_line(target: Target) -> Line:
    # Entra ID takes no references under an extension of one's own, only the manager of the enterprise's.
    type_ = "Reference" if target.fact == "manager" else ENTRA_TYPES[target.type]
    source = ENTRA_SOURCES.get(target.fact, "")
    return Line(target, (Paste("Name", target.path),), type_, source, _note(target))


def _okta_line(target: Target) -> Line | None:
    """None for what Okta sends by itself."""
    if target.is_own:
        variable, external = okta_variable(target), target.name
        source = OKTA_SOURCES.get(target.fact, "")
    elif target.name in OKTA_CORE:
        variable, external, source = OKTA_CORE[target.name]
    else:
        return None
    pastes = (Paste("Variable name", variable), Paste("External name", external))
    return Line(target, pastes, OKTA_TYPES[target.type], source, _note(target))


def _plain_line(target: Target) -> Line:
    strict = (Paste("Without blanks", target.strict_path),) if target.strict_path != target.path else ()
    pastes = (Paste("SCIM attribute", target.path), *strict)
    return Line(target, pastes, SCIM_TYPES[target.type], note=_note(target))


_LINES: Final[Mapping[IdentityProvider.Kind, Callable[[Target], Line | None]]] = {
    Kind.ENTRA: _entra_line,
    Kind.OKTA: _okta_line,
}
