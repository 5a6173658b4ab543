"""What filters have in common that compare the same attributes with other values."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import TextField

from employees.statements import Parameter

from .protocol.filters import And, Comparison, Node, Not, Operator, Or, Present, ValuePath
from .sources import Column, Element, ExternalId, Profile

TEXTS: Final = Column | Profile | Element | ExternalId
"""Sources whose SQL is the same whatever text they are compared with."""

TEXT: Final = TextField()


@dataclass(frozen=True)
class Shape:
    """A filter whose texts are parameters.

    Attributes:
        key: the same for all filters of this shape.
        node: the filter.
        values: the texts, by parameter.
    """

    key: Hashable
    node: Node | None
    values: dict[str, str]


def shape_of(node: Node | None) -> Shape | None:
    """The shape of a filter; None when it compares more than texts for equality, as few clients do."""
    values: dict[str, str] = {}
    try:
        key, shaped = (None, None) if node is None else _Reader(values).read(node)
    except _Unlike:
        return None
    return Shape(key, shaped, values)


def by_equality(node: Node | None) -> bool:
    """Whether a filter compares for equality alone, which an index helps with."""
    match node:
        case Comparison():
            return node.operator is Operator.EQ
        case ValuePath():
            return by_equality(node.filter)
        case Not():
            return by_equality(node.term)
        case And() | Or():
            return all(map(by_equality, node.terms))
    return True


class _Unlike(Exception):
    """The value of a term decides about its SQL."""


@dataclass(frozen=True)
class _Reader:
    values: dict[str, str] = field(default_factory=dict)

    def read(self, node: Node) -> tuple[Hashable, Node]:
        """The key of a node, and the node with parameters."""
        match node:
            case Comparison():
                return self._comparison(node)
            case Present():
                return ("pr", node.path.name), node
            case ValuePath():
                key, inner = self.read(node.filter)
                return ("[]", node.path.name, key), ValuePath(node.path, inner)
            case Not():
                key, inner = self.read(node.term)
                return ("not", key), Not(inner)
            case And() | Or():
                keys, terms = zip(*map(self.read, node.terms), strict=True)
                return (type(node), *keys), type(node)(terms)

    def _comparison(self, node: Comparison) -> tuple[Hashable, Node]:
        text, source = node.value, node.path.leaf.source
        if node.operator is not Operator.EQ or not isinstance(text, str) or not isinstance(source, TEXTS):
            raise _Unlike
        name = f"text_{len(self.values)}"
        self.values[name] = text
        parameter: Any = Parameter(name, TEXT)
        return ("eq", node.path.name), Comparison(node.path, Operator.EQ, parameter)
