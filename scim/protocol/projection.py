"""Which attributes an answer shows (RFC 7644 §3.9)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, Union

from .attributes import SHOWN, Attribute, AttributePath, ResourceType, Returned
from .errors import InvalidValue, UnknownAttribute
from .names import match_attribute, match_schema, resolve
from .units import Document

MAX_LENGTH: Final = 10_000

Tree: TypeAlias = dict[str, Union[bool, "Tree"]]
"""Names to True for the whole value or to the tree of its parts."""


@dataclass(frozen=True)
class Projection:
    """A selection, worked out once for all resources of an answer."""

    keep: Tree | None = field(default=None)
    drop: Tree = field(default_factory=dict)

    @classmethod
    def parse(
        cls, resource_type: ResourceType, attributes: str | list[str] | None, excluded: str | list[str] | None
    ) -> "Projection":
        """The selection that `attributes` or `excludedAttributes` asks for; unknown names select nothing.

        Args:
            attributes: names separated by commas (query) or a list of names (`/.search`); empty is absent.

        Raises:
            InvalidValue: both are given, or one is no list of names.
        """
        if not (attributes or excluded or resource_type.hidden):
            return EVERYTHING
        wanted, unwanted = _names(resource_type, attributes), _names(resource_type, excluded)
        if wanted is not None and unwanted is not None:
            raise InvalidValue("attributes and excludedAttributes are mutually exclusive: send one of them.")
        if wanted is not None:
            return cls(keep=_kept(resource_type, wanted))
        return cls(drop=_dropped(resource_type, unwanted or []))

    def apply(self, document: Document) -> Document:
        """The part of a document to show; the document itself when that is all of it."""
        if self.keep is not None:
            return _select(document, self.keep)
        return _omit(document, self.drop) if self.drop else document


EVERYTHING: Final = Projection()


def _names(resource_type: ResourceType, parameter: str | list[str] | None) -> list[str] | None:
    """The single names of a parameter; None when it is absent or empty."""
    if parameter is None:
        return None
    if not isinstance(parameter, str | list) or not all(isinstance(name, str) for name in parameter):
        raise InvalidValue("attributes and excludedAttributes take attribute names.")
    if len(parameter) > MAX_LENGTH:
        raise InvalidValue(
            f"attributes and excludedAttributes are at most {MAX_LENGTH} characters or names long."
        )
    names = list(_split(resource_type, parameter)) if isinstance(parameter, str) else parameter
    return names or None


def _split(resource_type: ResourceType, text: str) -> Iterator[str]:
    """Names between commas; a comma within a declared name does not end it."""
    position = 0
    while position < len(text):
        if text[position] == "," or text[position].isspace():
            position += 1
            continue
        end = _declared_end(resource_type, text, position)
        if end is None:
            comma = text.find(",", position)
            end = len(text) if comma < 0 else comma
        yield text[position:end]
        position = end


def _declared_end(resource_type: ResourceType, text: str, position: int) -> int | None:
    try:
        _, end = match_attribute(resource_type, text, position)
    except UnknownAttribute:
        return None
    return end if text[end:].lstrip()[:1] in ("", ",") else None


def _kept(resource_type: ResourceType, names: list[str]) -> Tree:
    keep: Tree = {"schemas": True}
    for path in _paths(resource_type, names):
        if path.leaf.returned is not Returned.NEVER and path.attribute.returned is not Returned.NEVER:
            _plant(keep, path, _whole(path.leaf))
            for sub in path.attribute.sub_attributes if path.sub_attribute else ():
                if sub.returned is Returned.ALWAYS:
                    _plant(keep, AttributePath(path.schema, path.attribute, sub, path.extension), True)
    for path in resource_type.each():
        if path.attribute.returned is Returned.ALWAYS:
            _plant(keep, path, _whole(path.attribute))
    return keep


def _dropped(resource_type: ResourceType, names: list[str]) -> Tree:
    drop: Tree = {}
    for path in _paths(resource_type, names):
        if path.leaf.returned is not Returned.ALWAYS and path.attribute.returned is not Returned.ALWAYS:
            _plant(drop, path, True)
    for path in resource_type.hidden:
        _plant(drop, path, True)
    return drop


def _paths(resource_type: ResourceType, names: list[str]) -> Iterator[AttributePath]:
    """What the names stand for: a bare schema URN for all its attributes, an unknown name for nothing."""
    for name in names:
        found = match_schema(resource_type, name.strip(), 0)
        if found and found[1] == len(name.strip()):
            yield from (
                path
                for path in resource_type.each()
                if path.schema.urn == found[0].urn and path.attribute.returned in SHOWN
            )
            continue
        try:
            path = resolve(resource_type, name)
        except UnknownAttribute:
            continue
        yield path


def _whole(attribute: Attribute) -> "bool | Tree":
    """All that is shown of an attribute that is asked for by its name."""
    if all(sub.returned in SHOWN for sub in attribute.sub_attributes):
        return True
    return {sub.name: True for sub in attribute.sub_attributes if sub.returned in SHOWN}


def _plant(tree: Tree, path: AttributePath, value: "bool | Tree") -> None:
    """Set a path of the tree; where the whole value is in it already, it stays whole."""
    names = [path.schema.urn] if path.extension else []
    names += [path.attribute.name] + ([path.sub_attribute.name] if path.sub_attribute else [])
    for name in names[:-1]:
        below = tree.setdefault(name, {})
        if not isinstance(below, dict):
            return
        tree = below
    present = tree.get(names[-1])
    if isinstance(present, dict) and isinstance(value, dict):
        tree[names[-1]] = present | value
    elif present is not True:
        tree[names[-1]] = value


def _select(value: Mapping[str, Any], tree: Tree) -> dict[str, Any]:
    selected: dict[str, Any] = {}
    for name, item in value.items():
        below = tree.get(name)
        if below is True:
            selected[name] = item
        elif isinstance(below, dict) and (part := _each(item, below, _select)):
            selected[name] = part
    return selected


def _omit(value: Mapping[str, Any], tree: Tree) -> dict[str, Any]:
    remaining: dict[str, Any] = {}
    for name, item in value.items():
        below = tree.get(name)
        if below is None:
            remaining[name] = item
        elif isinstance(below, dict) and (part := _each(item, below, _omit)):
            remaining[name] = part
    return remaining


def _each(value: Any, tree: Tree, apply: Any) -> Any:
    """A part of an object or of every object in a list."""
    if isinstance(value, list):
        return [part for part in (_each(item, tree, apply) for item in value) if part]
    return apply(value, tree) if isinstance(value, Mapping) else value
