"""The syntax tree of a filter, every name in it resolved (RFC 7644 §3.4.2.2)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from .attributes import AttributePath

Operand: TypeAlias = str | bool | int | Decimal | datetime | None


class Operator(StrEnum):
    EQ = "eq"
    NE = "ne"
    CO = "co"
    SW = "sw"
    EW = "ew"
    GT = "gt"
    GE = "ge"
    LT = "lt"
    LE = "le"

    @property
    def partial(self) -> bool:
        """True for the operators that look inside a text."""
        return self in (Operator.CO, Operator.SW, Operator.EW)

    @property
    def ordering(self) -> bool:
        return self in (Operator.GT, Operator.GE, Operator.LT, Operator.LE)


@dataclass(frozen=True)
class Comparison:
    """An attribute against a value of its type; `path` never ends at a complex attribute."""

    path: AttributePath
    operator: Operator
    value: Operand


@dataclass(frozen=True)
class Present:
    """`pr`: the attribute has a value. What `eq null`, `ne ""` and `co ""` ask is said with it, too."""

    path: AttributePath


@dataclass(frozen=True)
class ValuePath:
    """One element of a complex attribute satisfies the whole inner filter."""

    path: AttributePath
    filter: "Node"


@dataclass(frozen=True)
class And:
    terms: tuple["Node", ...]


@dataclass(frozen=True)
class Or:
    terms: tuple["Node", ...]


@dataclass(frozen=True)
class Not:
    term: "Node"


Node: TypeAlias = Comparison | Present | ValuePath | And | Or | Not
