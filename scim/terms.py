"""Single conditions as SQL: texts and numbers compared in two-valued logic, and elements of lists."""

from collections.abc import Callable, Iterable
from functools import reduce
from operator import and_
from typing import Any, Final

from django.db.models import Case, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models import lookups as db
from django.db.models.functions import Coalesce, Length, Right, StrIndex, Substr

from employees.folding import fold, index_key
from employees.models import SearchKey
from employees.search_keys import key_text
from employees.statements import Parameter

from .expressions import EMPTY, MOMENT_END, ByCodePoint, column_name, json_text, number_of, text_of
from .protocol.attributes import Attribute, Type
from .protocol.filters import Comparison, Operator
from .protocol.scalars import canonical_number, render_datetime
from .sources import Column, Context, Listed, Number, Reference

LOOKUPS: Final[dict[Operator, type[db.BuiltinLookup[Any]]]] = {
    Operator.EQ: db.Exact,
    Operator.CO: db.Contains,
    Operator.SW: db.StartsWith,
    Operator.EW: db.EndsWith,
    Operator.GT: db.GreaterThan,
    Operator.GE: db.GreaterThanOrEqual,
    Operator.LT: db.LessThan,
    Operator.LE: db.LessThanOrEqual,
}
ORDERING: Final = frozenset({Operator.GT, Operator.GE, Operator.LT, Operator.LE})


def any_of(conditions: Iterable[Q]) -> Q:
    """One of the conditions, as a term of its own.

    Django would join a plain OR with the one around it, and SQLite refuses chains of more than 1,000.
    """
    return ~reduce(and_, (~condition for condition in conditions))


def some_element(source: Listed | Reference, condition: Q) -> Q:
    rows = SearchKey.objects.filter(condition, name=source.fact)
    return Q(pk__in=rows.values("employee_id"))


def element_is(value: Any, *, case_exact: bool) -> Q:
    """Equality of an element's `value` by the index, whose key is folded: caseExact looks at the text too."""
    by_key = Q(key=formed(index_key, value))
    return by_key & Q(db.Exact(json_text("raw", "value"), value)) if case_exact else by_key


def has_text(leaf: Attribute, context: Context) -> Q:
    return ~_lookup(db.Exact, leaf, context, "")


def text_term(leaf: Attribute, node: Comparison, context: Context) -> Q:
    """One comparison of texts in two-valued logic: no value is "", which no comparison matches."""
    value = literal(leaf, node.value)
    if leaf.type is Type.DATETIME:
        value = value.removesuffix(MOMENT_END)
    if leaf.case_exact and node.operator in _POSITIONS:
        return Q(_POSITIONS[node.operator](text_of(leaf, context), value))
    term = _lookup(LOOKUPS[node.operator], leaf, context, value)
    return term & has_text(leaf, context) if node.operator in ORDERING else term


def number_term(leaf: Attribute, source: Number, node: Comparison) -> Q:
    """One comparison of numbers in two-valued logic: SQL's unknown, where there is no value, is false."""
    number: Any = node.value
    value = int(number) if leaf.type is Type.INTEGER else float(number)
    matches = Case(
        When(Q(LOOKUPS[node.operator](number_of(source, leaf), value)), then=1),
        default=0,
        output_field=IntegerField(),
    )
    return Q(db.Exact(matches, 1))


def indexed_equality(leaf: Attribute, fact: str, value: Any) -> Q:
    """Equality with an attribute's value by the index of its canonical text."""
    return some_element(Listed(fact), Q(key=formed(index_key, literal(leaf, value))))


def formed(form: Callable[[str], str], value: Any) -> Any:
    """A text in another form, or the parameter for one."""
    return value.through(form) if isinstance(value, Parameter) else form(value)


def literal(leaf: Attribute, value: Any) -> Any:
    """A value of a filter as the text that stands for it in the database, or the parameter for one."""
    match leaf.type:
        case Type.DATETIME:
            return fold(render_datetime(value))
        case Type.INTEGER:
            return key_text(int(value))
        case Type.DECIMAL:
            return key_text(canonical_number(value))
        case Type.BOOLEAN:
            return key_text(value)
    return value if leaf.case_exact else formed(fold, value)


def _lookup(lookup: type[db.BuiltinLookup[Any]], leaf: Attribute, context: Context, value: Any) -> Q:
    source = leaf.source
    if isinstance(source, Column):
        return Q(**{f"{column_name(source, exact=leaf.case_exact)}__{lookup.lookup_name}": value})
    return Q(lookup(text_of(leaf, context), value))


# LIKE ignores the case of ASCII letters on SQLite, so caseExact texts are compared by position.
_POSITIONS: Final[dict[Operator, Callable[[Any, str], Any]]] = {
    Operator.CO: lambda text, value: db.GreaterThan(StrIndex(text, Value(value)), 0),
    Operator.SW: lambda text, value: db.Exact(Substr(text, 1, Length(Value(value))), Value(value)),
    Operator.EW: lambda text, value: db.Exact(Right(text, len(value)), Value(value)),
}


def first_element(source: Any, leaf: Attribute, context: Context) -> Any:
    """The primary value of a list, else its first: what RFC 7644 §3.4.2.3 sorts a list by."""
    primary = Case(When(folded__primary=True, then=0), default=1, output_field=IntegerField())
    rows = SearchKey.objects.filter(employee=OuterRef("pk"), name=source.fact).order_by(primary, "position")
    return ByCodePoint(Coalesce(Subquery(rows.values(_text=text_of(leaf, context))[:1]), EMPTY))
