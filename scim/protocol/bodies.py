"""Request bodies of POST and PUT, in every spelling clients use, to documents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .attributes import AttributePath, ResourceType, Schema, Type, name_key
from .errors import InvalidSyntax, InvalidValue, UnknownAttribute
from .evaluate import has_value
from .names import resolve
from .scalars import forbidden_in
from .units import Document, store
from .values import Ignored, coerce, coerce_element, kind, refuse_spellings, unwrap


@dataclass
class Incoming:
    """What a body says: units with values, None for those it clears; and what the schema does not know."""

    document: Document = field(default_factory=dict)
    ignored: list[Ignored] = field(default_factory=list)


def parse_resource(resource_type: ResourceType, body: Any) -> Incoming:
    """The document of a POST or PUT body.

    Names may come in any case, extension attributes in an object under their URN or flat as `URN:name`, core
    attributes also under the core URN (Google), sub-attributes dotted (`name.givenName`). `schemas` need not
    list what is used. Read-only attributes are left out: clients send back what GET gave them (Okta).

    Raises:
        InvalidSyntax: not an object, or one attribute twice, or `schemas` is not a list of URNs.
        InvalidValue: a value that its attribute does not take.
    """
    members = require_object(body, "The request body")
    if problem := forbidden_in(body):
        raise InvalidValue(f"The request body has {problem} in it.")
    reader = _Reader(resource_type)
    for name, value in members.items():
        if name_key(name) == "schemas":
            _check_schemas(value)
        elif schema := resource_type.schema_of(name):
            reader.read_schema(schema, value)
        else:
            reader.read(name, value)
    return reader.incoming()


def require_object(value: Any, what: str) -> Mapping[str, Any]:
    """An object without two spellings of one name.

    Raises:
        InvalidSyntax: it is none.
    """
    if not isinstance(value, Mapping):
        raise InvalidSyntax(f"{what} must be a JSON object, not {kind(value)}.")
    refuse_spellings(value)
    return value


def unknown_members(unknown: UnknownAttribute, name: str, value: Any) -> list[Ignored]:
    """What to report of an unknown member: the object of an unknown extension is reported name by name."""
    if name[:4].casefold() == "urn:" and isinstance(value, Mapping) and unknown.schema_urn in name:
        return [Ignored(name, inner, item) for inner, item in value.items()]
    return [Ignored(unknown.schema_urn, unknown.name, value)]


class _Reader:
    """Gathers raw values by attribute, so that dotted and nested spellings of one attribute come together."""

    def __init__(self, resource_type: ResourceType) -> None:
        self.resource_type = resource_type
        self.ignored: list[Ignored] = []
        self.spellings: dict[str, str] = {}
        self.gathered: dict[str, tuple[AttributePath, Any]] = {}
        self.parts: dict[str, tuple[AttributePath, dict[str, Any]]] = {}

    def read_schema(self, schema: Schema, value: Any) -> None:
        if not has_value(value) and not isinstance(value, Mapping):
            value = {attribute.name: None for attribute in schema.attributes}
        for name, item in require_object(value, schema.urn).items():
            self.read(f"{schema.urn}:{name}", item)

    def read(self, name: str, value: Any) -> None:
        try:
            path = resolve(self.resource_type, name)
        except UnknownAttribute as unknown:
            self.ignored += unknown_members(unknown, name, value)
            return
        if path.attribute.read_only or path.leaf.read_only:
            return
        if path.attribute.splits and path.sub_attribute is None:
            self.read_split(path, name, value)
        else:
            self.gather(path, name, value)

    def read_split(self, path: AttributePath, name: str, value: Any) -> None:
        value = unwrap(path, value)
        if value is None or value in ("", {}):
            value = {sub.name: None for sub in path.attribute.sub_attributes}
        if not isinstance(value, Mapping):
            raise InvalidValue(
                f"{path} is complex: send an object with its sub-attributes, not {kind(value)}."
            )
        refuse_spellings(value)
        for inner, item in value.items():
            sub = path.attribute.sub_attribute(inner)
            if sub is None:
                self.ignored.append(Ignored(path.schema.urn, f"{path.attribute.name}.{inner}", item))
            elif not sub.read_only:
                unit = AttributePath(path.schema, path.attribute, sub, path.extension)
                self.gather(unit, f"{name}.{inner}", item)

    def gather(self, path: AttributePath, name: str, value: Any) -> None:
        if other := self.spellings.get(path.name):
            raise InvalidSyntax(f'"{other}" and "{name}" are one attribute: send it once.')
        self.spellings[path.name] = name
        if path.sub_attribute is None or path.attribute.splits:
            self.gathered[path.name] = path, value
        else:
            whole = AttributePath(path.schema, path.attribute, None, path.extension)
            self.parts.setdefault(whole.name, (whole, {}))[1][path.sub_attribute.name] = value

    def incoming(self) -> Incoming:
        for name, part in self.parts.items():
            if other := self.spellings.get(name):
                raise InvalidSyntax(
                    f'"{other}" and "{name}.{next(iter(part[1]))}" overlap: send one of them.'
                )
            self.gathered[name] = part
        incoming = Incoming({}, self.ignored)
        for path, value in self.gathered.values():
            if not self.says_nothing(path, value):
                store(incoming.document, path, coerce(path, value, incoming.ignored))
        return incoming

    def says_nothing(self, path: AttributePath, value: Any) -> bool:
        """True for an object of nothing but read-only or unknown parts, such as a manager's displayName."""
        if path.leaf.type is not Type.COMPLEX or path.attribute.multi_valued or not has_value(value):
            return False
        return not coerce_element(path, value, [])


def _check_schemas(value: Any) -> None:
    urns = [value] if isinstance(value, str) else value
    if not isinstance(urns, list) or not all(isinstance(urn, str) for urn in urns):
        raise InvalidSyntax("schemas must be a list of schema URNs.")
