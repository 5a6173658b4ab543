"""How the value of an attribute is backed: by a column, the profile, a list, a reference or a rule."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Context:
    """What a value depends on besides the employee.

    Args:
        provider: the key of the identity provider that asks; external ids are its own.
        base_url: the canonical URL of the service, without a slash at its end.
    """

    provider: str
    base_url: str


@dataclass(frozen=True)
class Column:
    """A column of the employee; `folded` names its folded shadow, `fact` the fact that writes it."""

    field: str
    folded: str = ""
    fact: str = ""


@dataclass(frozen=True)
class Identifier:
    """The UUID that others know the employee by."""

    field: str = "uuid"


@dataclass(frozen=True)
class Profile:
    """One text, moment or boolean of the profile; `indexed` ones are found through `SearchKey`."""

    fact: str
    indexed: bool = False


@dataclass(frozen=True)
class Number:
    """One number of the profile, found through `SearchKey`; `whole` ones are exact to 64 bits."""

    fact: str
    whole: bool


@dataclass(frozen=True)
class Reference:
    """A reference to another employee in the profile, bound or waiting; indexed like a list of one."""

    fact: str


@dataclass(frozen=True)
class Listed:
    """A list of the profile, indexed element by element."""

    fact: str


@dataclass(frozen=True)
class Element:
    """One member of a list's elements; its name is the sub-attribute's own."""


@dataclass(frozen=True)
class ExternalId:
    """The identifier that the asking identity provider gave the employee."""


@dataclass(frozen=True)
class Manager:
    """The reference to another employee, bound or waiting."""

    fact: str = "manager"


@dataclass(frozen=True)
class ManagerPart:
    """One member of the manager reference: `value`, `$ref` or `displayName`."""

    part: str


@dataclass(frozen=True)
class Schemas:
    """The URNs of the schemas that the employee has values of."""


@dataclass(frozen=True)
class Fixed:
    """The same for everybody."""

    value: str


@dataclass(frozen=True)
class Location:
    """The canonical URL of the resource."""


@dataclass(frozen=True)
class Version:
    """The weak entity tag of the resource (RFC 7644 §3.14)."""


Source = (
    Column
    | Identifier
    | Profile
    | Number
    | Reference
    | Listed
    | Element
    | ExternalId
    | Manager
    | ManagerPart
    | Schemas
    | Fixed
    | Location
    | Version
)


def column(name: str, *, folded: bool = True) -> Column:
    """A text column that can be written, with its folded shadow."""
    return Column(name, f"{name}_key" if folded else "", name)
