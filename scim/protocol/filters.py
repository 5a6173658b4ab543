"""The filter grammar of RFC 7644 §3.4.2.2, from text to resolved nodes."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from .attributes import AttributePath, ResourceType, Type
from .errors import InvalidFilter, UnknownAttribute
from .evaluate import evaluate
from .names import match_attribute, match_sub_attribute
from .nodes import And, Comparison, Node, Not, Operator, Or, Present, ValuePath
from .operands import check_operator, operand, scan_literal
from .scalars import FORBIDDEN

__all__ = [
    "And",
    "Comparison",
    "Node",
    "Not",
    "Operator",
    "Or",
    "Present",
    "ValuePath",
    "evaluate",
    "parse_filter",
    "parse_value_filter",
]

MAX_LENGTH: Final = 10_000
MAX_DEPTH: Final = 50
MAX_TERMS: Final = 400

_BLANKS = re.compile(r"\s*")
_NOT = re.compile(r"not(?=[\s(])", re.I)
_OPERATOR = re.compile(r"[^\s()\[\]\"]+")
_WORDS = frozenset(operator.value for operator in Operator)


def parse_filter(resource_type: ResourceType, text: str) -> Node:
    """A whole filter.

    Entra ID's `emails[type eq "work"].value eq "x"` becomes `emails[type eq "work" and value eq "x"]`. A
    complex attribute compared directly means its `value`; comparing with null or "" asks for presence.

    Raises:
        InvalidFilter: where the text is not a filter and what was expected there; which attribute is unknown.
    """
    parser = _Parser(resource_type, text)
    node = parser.disjunction()
    parser.skip()
    if parser.position < len(text):
        raise parser.error("and, or, or the end of the filter")
    return node


def parse_value_filter(
    resource_type: ResourceType, path: AttributePath, text: str, position: int
) -> tuple[Node, int]:
    """The filter between the brackets that open at a position of a PATCH path, and where they end.

    Raises:
        InvalidFilter: as `parse_filter`.
    """
    parser = _Parser(resource_type, text, position)
    return parser.bracketed(path), parser.position


class _Parser:
    """Recursive descent; recursion goes through `nested`, which bounds it."""

    def __init__(self, resource_type: ResourceType, text: str, position: int = 0) -> None:
        if len(text) > MAX_LENGTH:
            raise InvalidFilter(f"The filter has {len(text)} characters; {MAX_LENGTH} are allowed.")
        if FORBIDDEN.search(text):
            raise InvalidFilter("The filter has a NUL character or half of a surrogate pair.")
        self.resource_type = resource_type
        self.text = text
        self.position = position
        self.depth = 0
        self.terms = 0
        self.scope: AttributePath | None = None

    def disjunction(self) -> Node:
        terms = self.joined("or", self.conjunction)
        return terms[0] if len(terms) == 1 else Or(terms)

    def conjunction(self) -> Node:
        terms = self.joined("and", self.term)
        return terms[0] if len(terms) == 1 else And(terms)

    def joined(self, word: str, parse: Callable[[], Node]) -> tuple[Node, ...]:
        terms = [parse()]
        joint = re.compile(rf"\s*{word}(?=[\s(])", re.I)
        while found := joint.match(self.text, self.position):
            self.position = found.end()
            terms.append(parse())
        return tuple(terms)

    def term(self) -> Node:
        self.skip()
        if self.at("("):
            return self.group()
        if found := _NOT.match(self.text, self.position):
            self.position = found.end()
            self.skip()
            if not self.at("("):
                raise self.error('"(" after not')
            return Not(self.group())
        return self.comparison()

    def group(self) -> Node:
        with self.nested("(", ")"):
            return self.disjunction()

    def comparison(self) -> Node:
        path = self.name()
        self.skip()
        if self.at("[") and self.scope is None:
            return self.value_path(path)
        return self.condition(path)

    def value_path(self, path: AttributePath) -> Node:
        node = self.bracketed(path)
        if not self.at("."):
            return ValuePath(path, node)
        self.position += 1
        condition = self.condition(self.element_name(path))
        terms = node.terms if isinstance(node, And) else (node,)
        return ValuePath(path, And((*terms, condition)))

    def bracketed(self, path: AttributePath) -> Node:
        if path.leaf.type is not Type.COMPLEX:
            raise self.error(f"no brackets: {path} has no sub-attributes to select by")
        with self.nested("[", "]"):
            self.scope, outer = path, self.scope
            node = self.disjunction()
            self.scope = outer
        return node

    def name(self) -> AttributePath:
        if self.position >= len(self.text) or self.text[self.position] in ')[]"':
            raise self.error('an attribute name, "(" or not')
        if self.scope is not None:
            return self.element_name(self.scope)
        try:
            path, self.position = match_attribute(self.resource_type, self.text, self.position)
        except UnknownAttribute as error:
            raise InvalidFilter(f"At character {self.position + 1}: {error.detail}") from error
        return path

    def element_name(self, path: AttributePath) -> AttributePath:
        try:
            sub_attribute, self.position = match_sub_attribute(
                path.schema, path.attribute, self.text, self.position
            )
        except UnknownAttribute as error:
            raise InvalidFilter(f"At character {self.position + 1}: {error.detail}") from error
        return AttributePath(path.schema, path.attribute, sub_attribute, path.extension)

    def condition(self, path: AttributePath) -> Node:
        """What follows a name: an operator and, unless it is `pr`, a value."""
        self.count()
        self.skip()
        found = _OPERATOR.match(self.text, self.position)
        word = found.group().lower() if found else ""
        if word != "pr" and word not in _WORDS:
            raise self.error(f"an operator (eq, ne, co, sw, ew, gt, ge, lt, le or pr) after {path}")
        self.position += len(word)
        if word == "pr":
            return Present(path)
        if not self.text[self.position : self.position + 1].isspace():
            raise self.error("a blank and a value after the operator")
        return self.compared(self.comparable(path), Operator(word))

    def compared(self, path: AttributePath, operator: Operator) -> Node:
        check_operator(path, operator)
        self.skip()
        try:
            literal, self.position = scan_literal(self.text, self.position)
        except ValueError as error:
            raise self.error(str(error)) from error
        if self.position < len(self.text) and not re.match(r"[\s)\]]", self.text[self.position]):
            raise self.error('a blank, ")" or "]" after the value')
        if literal.empty and operator is Operator.EQ:
            return Not(Present(path))
        if literal.empty and (operator is Operator.NE or (operator.partial and literal.value == "")):
            return Present(path)
        if literal.value is None:
            raise InvalidFilter(f"{path}: null can be compared with eq and ne only.")
        return Comparison(path, operator, operand(path, literal))

    def comparable(self, path: AttributePath) -> AttributePath:
        if path.leaf.type is not Type.COMPLEX:
            return path
        if value := path.attribute.sub_attribute("value"):
            return AttributePath(path.schema, path.attribute, value, path.extension)
        names = ", ".join(f"{path}.{sub.name}" for sub in path.attribute.sub_attributes)
        raise InvalidFilter(f"{path} is complex and has no value to compare; use one of {names}.")

    @contextmanager
    def nested(self, opening: str, closing: str) -> Iterator[None]:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(f"at most {MAX_DEPTH} levels of parentheses and brackets")
        self.position += len(opening)
        yield
        self.skip()
        if not self.at(closing):
            raise self.error(f'and, or, or "{closing}"')
        self.position += len(closing)
        self.depth -= 1

    def count(self) -> None:
        self.terms += 1
        if self.terms > MAX_TERMS:
            raise self.error(f"at most {MAX_TERMS} conditions")

    def skip(self) -> None:
        found = _BLANKS.match(self.text, self.position)
        self.position = found.end() if found else self.position

    def at(self, character: str) -> bool:
        return self.text.startswith(character, self.position)

    def error(self, expected: str) -> InvalidFilter:
        where = f"At character {self.position + 1}" if self.position < len(self.text) else "At the end"
        return InvalidFilter(f"{where}: expected {expected}.")
