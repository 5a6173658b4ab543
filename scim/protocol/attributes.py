"""Attributes, schemas and resource types with the characteristics of RFC 7643 §7."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any, Final

from employees.folding import fold

from . import urns


class Type(StrEnum):
    STRING = "string"
    BOOLEAN = "boolean"
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATETIME = "dateTime"
    BINARY = "binary"
    REFERENCE = "reference"
    COMPLEX = "complex"


class Mutability(StrEnum):
    READ_ONLY = "readOnly"
    READ_WRITE = "readWrite"
    IMMUTABLE = "immutable"
    WRITE_ONLY = "writeOnly"


class Returned(StrEnum):
    ALWAYS = "always"
    NEVER = "never"
    DEFAULT = "default"
    REQUEST = "request"


SHOWN: Final = (Returned.ALWAYS, Returned.DEFAULT)
"""What an answer shows of itself (RFC 7643 §7)."""


class Uniqueness(StrEnum):
    NONE = "none"
    SERVER = "server"
    GLOBAL = "global"


@lru_cache(maxsize=10_000)
def name_key(name: str) -> str:
    """The form in which attribute names are compared: without case, any run of spaces as one.

    RFC 7643 §2.1 makes names case-insensitive; the spaces are those of customers' own attributes.
    """
    return fold(" ".join(name.split()))


@dataclass(frozen=True)
class Attribute:
    """One attribute or sub-attribute.

    `source` says where the value lives; the protocol never looks inside it. `aliases` are further names it
    answers to on input and in filters, never used on output. `max_length` is in characters, 0 for no limit;
    `whole_day` marks a dateTime of which only the day as written counts.
    """

    name: str
    type: Type = Type.STRING
    description: str = ""
    multi_valued: bool = False
    required: bool = False
    case_exact: bool = False
    mutability: Mutability = Mutability.READ_WRITE
    returned: Returned = Returned.DEFAULT
    uniqueness: Uniqueness = Uniqueness.NONE
    canonical_values: tuple[str, ...] = ()
    reference_types: tuple[str, ...] = ()
    sub_attributes: tuple["Attribute", ...] = ()
    max_length: int = 0
    whole_day: bool = False
    aliases: tuple[str, ...] = ()
    source: object = field(default=None, compare=False)

    @cached_property
    def _by_key(self) -> dict[str, "Attribute"]:
        return _index(self.sub_attributes)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Every name and alias of its sub-attributes in comparison form, longest first."""
        return tuple(sorted(self._by_key, key=lambda key: (-len(key), key)))

    def sub_attribute(self, name: str) -> "Attribute | None":
        """The sub-attribute of that name, compared as `name_key` does."""
        return self._by_key.get(name_key(name))

    @property
    def read_only(self) -> bool:
        return self.mutability is Mutability.READ_ONLY

    @cached_property
    def splits(self) -> bool:
        """True when its sub-attributes are set and cleared one by one (`name`), not as one (`manager`)."""
        return self.type is Type.COMPLEX and not self.multi_valued and self.sub_attribute("value") is None

    def describe(self) -> dict[str, Any]:
        """The attribute definition of RFC 7643 §7 that `/Schemas` shows."""
        description: dict[str, Any] = {
            "name": self.name,
            "type": self.type.value,
            "multiValued": self.multi_valued,
            "description": self.description,
            "required": self.required,
            "caseExact": self.case_exact,
            "mutability": self.mutability.value,
            "returned": self.returned.value,
            "uniqueness": self.uniqueness.value,
        }
        if self.canonical_values:
            description["canonicalValues"] = list(self.canonical_values)
        if self.reference_types:
            description["referenceTypes"] = list(self.reference_types)
        if self.sub_attributes:
            description["subAttributes"] = [sub.describe() for sub in self.sub_attributes]
        return description


@dataclass(frozen=True)
class Schema:
    """A schema of RFC 7643 §7: a URN and its attributes."""

    urn: str
    name: str
    description: str
    attributes: tuple[Attribute, ...]

    @cached_property
    def _by_key(self) -> dict[str, Attribute]:
        return _index(self.attributes)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Every name and alias in comparison form, longest first: the longest declared name wins."""
        return tuple(sorted(self._by_key, key=lambda key: (-len(key), key)))

    def attribute(self, name: str) -> Attribute | None:
        """The attribute of that name or alias, compared as `name_key` does."""
        return self._by_key.get(name_key(name))

    def describe(self) -> dict[str, Any]:
        """The Schema resource of RFC 7643 §7, without `meta`."""
        return {
            "schemas": [urns.SCHEMA],
            "id": self.urn,
            "name": self.name,
            "description": self.description,
            "attributes": [attribute.describe() for attribute in self.attributes],
        }


@dataclass(frozen=True)
class AttributePath:
    """A resolved attribute or sub-attribute of a resource type."""

    schema: Schema
    attribute: Attribute
    sub_attribute: Attribute | None = None
    extension: bool = False

    @property
    def leaf(self) -> Attribute:
        """The attribute whose type and caseExact decide how a value is compared."""
        return self.sub_attribute or self.attribute

    def parts(self) -> "Iterator[AttributePath]":
        """The sub-attributes of a whole attribute."""
        for sub in self.attribute.sub_attributes:
            yield AttributePath(self.schema, self.attribute, sub, self.extension)

    @cached_property
    def name(self) -> str:
        """The canonical SCIM name: `name.givenName`, `urn:…:enterprise:2.0:User:department`."""
        name = f"{self.schema.urn}:{self.attribute.name}" if self.extension else self.attribute.name
        return f"{name}.{self.sub_attribute.name}" if self.sub_attribute else name

    @cached_property
    def top(self) -> str:
        """The member of a resource in which its value stands: its own name, or its extension's URN."""
        return self.schema.urn if self.extension else self.attribute.name

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class ResourceType:
    """A resource type of RFC 7643 §6: a core schema, its extensions, and the common attributes of §3.1."""

    name: str
    endpoint: str
    description: str
    schema: Schema
    extensions: tuple[Schema, ...] = ()
    common: tuple[Attribute, ...] = ()

    @cached_property
    def schemas(self) -> tuple[Schema, ...]:
        return (self.schema, *self.extensions)

    @cached_property
    def root(self) -> Schema:
        """The core schema with the common attributes: every name that needs no URN."""
        return Schema(
            self.schema.urn,
            self.schema.name,
            self.schema.description,
            (*self.common, *self.schema.attributes),
        )

    @cached_property
    def identity(self) -> tuple[Attribute, ...]:
        """The common attributes that open a resource: `id` and its like."""
        return tuple(attribute for attribute in self.common if not attribute.splits)

    @cached_property
    def about(self) -> tuple[Attribute, ...]:
        """The common attributes that close a resource: `meta`."""
        return tuple(attribute for attribute in self.common if attribute.splits)

    @cached_property
    def longest_urns(self) -> tuple[Schema, ...]:
        """The root and extension schemas, the longest URN first: one URN may begin another."""
        return tuple(sorted(self._by_urn.values(), key=lambda schema: -len(schema.urn)))

    def schema_of(self, urn: str) -> Schema | None:
        """The root or extension schema of that URN, compared without case (RFC 8141 §3.1)."""
        return self._by_urn.get(urn.casefold())

    @cached_property
    def _by_urn(self) -> dict[str, Schema]:
        schemas = {extension.urn.casefold(): extension for extension in self.extensions}
        return schemas | {self.schema.urn.casefold(): self.root}

    def is_extension(self, schema: Schema) -> bool:
        return schema.urn != self.schema.urn

    def each(self) -> Iterator[AttributePath]:
        """Every attribute, as a whole."""
        for schema in (self.root, *self.extensions):
            for attribute in schema.attributes:
                yield AttributePath(schema, attribute, None, self.is_extension(schema))

    @cached_property
    def hidden(self) -> tuple[AttributePath, ...]:
        """The attributes and sub-attributes that are shown only when they are asked for, or never."""
        return tuple(path for path in self._each_part() if path.leaf.returned not in SHOWN)

    def units(self) -> tuple[AttributePath, ...]:
        """What is set and cleared as one: simple attributes, parts of `name`, whole multi-valued ones."""
        return self._units

    @cached_property
    def required(self) -> tuple[AttributePath, ...]:
        """The units that every resource has a value of."""
        return tuple(path for path in self.units() if path.leaf.required and not path.leaf.read_only)

    @cached_property
    def resolved(self) -> dict[str, AttributePath]:
        """The names that have been resolved before, as they were spelled."""
        return {}

    @cached_property
    def _units(self) -> tuple[AttributePath, ...]:
        return tuple(self._each_unit())

    def _each_unit(self) -> Iterator[AttributePath]:
        for path in self.each():
            yield from path.parts() if path.attribute.splits else (path,)

    def _each_part(self) -> Iterator[AttributePath]:
        for path in self.each():
            yield path
            yield from path.parts()


def _index(attributes: tuple[Attribute, ...]) -> dict[str, Attribute]:
    index = {name_key(alias): attribute for attribute in attributes for alias in attribute.aliases}
    return index | {name_key(attribute.name): attribute for attribute in attributes}
