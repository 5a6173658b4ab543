"""The Peakon extension: the company's own attributes as a schema, remade when they change."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from employees.attributes import OPTION_LENGTH
from employees.models import Attribute as CompanyAttribute
from employees.models import Employee
from employees.statements import Statement

from .protocol import urns
from .protocol.attributes import Attribute, ResourceType, Schema, Type
from .rendering import Renderer
from .sources import Element, Number, Profile, Reference, Source
from .user import MANAGER, user_resource_type

_TYPES: Final = {
    CompanyAttribute.Type.NUMBER: Type.INTEGER,
    CompanyAttribute.Type.DECIMAL: Type.DECIMAL,
    CompanyAttribute.Type.BOOLEAN: Type.BOOLEAN,
    CompanyAttribute.Type.DATE: Type.DATETIME,
    CompanyAttribute.Type.DATETIME: Type.DATETIME,
}


@dataclass(frozen=True)
class Company:
    """What a company's own attributes make of the User resource.

    Args:
        owners: by fact, the key of the one identity provider whose values count.

    Attributes:
        statements: what was compiled for searches of these attributes, by what they have in common.
    """

    resource_type: ResourceType
    owners: Mapping[str, str] = field(default_factory=dict)
    statements: dict[Hashable, Statement[Employee]] = field(default_factory=dict, compare=False)

    @cached_property
    def renderer(self) -> Renderer:
        return Renderer(self.resource_type)


_known: dict[int, Company] = {}


def company_at(version: int) -> Company:
    """The company's attributes as they stand at that version of their catalog.

    Every request brings the version along with its token, so an attribute added in one worker is known to the
    next request of any other, and nothing is read while nothing has changed.
    """
    known = _known.get(version)
    if known is None:
        attributes = CompanyAttribute.objects.filter(active=True).prefetch_related("aliases")
        known = company_of({each: [alias.name for alias in each.aliases.all()] for each in attributes})
        _known.clear()
        _known[version] = known
    return known


def company_of(attributes: Mapping[CompanyAttribute, Iterable[str]]) -> Company:
    """The company with those attributes and no others, each with its aliases."""
    owners = {attribute.fact: attribute.owner for attribute in attributes if attribute.owner}
    return Company(user_resource_type(peakon_user(attributes)), owners)


def peakon_user(attributes: Mapping[CompanyAttribute, Iterable[str]]) -> Schema | None:
    """The schema of the company's own attributes, each with its aliases; None when there are none."""
    described = tuple(_attribute(attribute, aliases) for attribute, aliases in attributes.items())
    if not described:
        return None
    return Schema(urns.PEAKON_USER, "PeakonUser", "The company's own attributes of employees.", described)


def _attribute(attribute: CompanyAttribute, further_names: Iterable[str]) -> Attribute:
    """An attribute under its own name, which also answers to its legal twin and its aliases."""
    aliases = (attribute.legal_name, *further_names)
    description = attribute.description or attribute.name
    if attribute.fact == "manager":
        return replace(MANAGER, name=attribute.name, aliases=aliases, description=description)
    if attribute.type == CompanyAttribute.Type.EMPLOYEE:
        return Attribute(
            attribute.name,
            Type.COMPLEX,
            description,
            sub_attributes=(REFERENCE_VALUE,),
            aliases=aliases,
            source=Reference(attribute.fact),
        )
    type_ = _TYPES.get(CompanyAttribute.Type(attribute.type), Type.STRING)
    return Attribute(
        attribute.name,
        type_,
        description,
        whole_day=attribute.type == CompanyAttribute.Type.DATE,
        max_length=OPTION_LENGTH if attribute.type == CompanyAttribute.Type.OPTION else 0,
        aliases=aliases,
        source=_source(type_, attribute.fact),
    )


REFERENCE_VALUE = Attribute(
    "value",
    description="The employee's id; a user name, e-mail address, employee number or externalId is accepted.",
    source=Element(),
)


def _source(type_: Type, fact: str) -> Source:
    if type_ in (Type.INTEGER, Type.DECIMAL):
        return Number(fact, whole=type_ is Type.INTEGER)
    return Profile(fact, indexed=True)
