"""From the table to the ORM: filters to Q, sorting to ORDER BY, documents to facts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any, Final

from django.db.models import Case, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models import lookups as db
from django.db.models.functions import Coalesce, Length, Right, StrIndex, Substr

from employees.folding import fold, index_key
from employees.models import SearchKey
from employees.references import is_scim_id

from .expressions import EMPTY, ByCodePoint, column_name, external_id_name, text_of
from .protocol import documents
from .protocol.attributes import Attribute, AttributePath, ResourceType, Type
from .protocol.errors import InvalidValue
from .protocol.filters import And, Comparison, Node, Not, Operator, Or, Present, ValuePath, evaluate
from .sources import (
    Column,
    Context,
    ExternalId,
    Fixed,
    Identifier,
    Listed,
    Location,
    Manager,
    ManagerPart,
    Profile,
    Schemas,
    Version,
)

NOBODY: Final = Q(pk__in=[])
EVERYBODY: Final = ~NOBODY

_LOOKUPS: Final[dict[Operator, type[db.BuiltinLookup[Any]]]] = {
    Operator.EQ: db.Exact,
    Operator.CO: db.Contains,
    Operator.SW: db.StartsWith,
    Operator.EW: db.EndsWith,
    Operator.GT: db.GreaterThan,
    Operator.GE: db.GreaterThanOrEqual,
    Operator.LT: db.LessThan,
    Operator.LE: db.LessThanOrEqual,
}
_ORDERING: Final = frozenset({Operator.GT, Operator.GE, Operator.LT, Operator.LE})


@dataclass(frozen=True)
class Binding:
    """A resource type on the employees' tables, as one identity provider sees it."""

    resource_type: ResourceType
    context: Context

    def to_q(self, node: Node) -> Q:
        """The people that a filter selects; every term becomes SQL (RFC 7644 §3.4.2.2)."""
        match node:
            case And():
                return reduce(and_, map(self.to_q, node.terms))
            case Or():
                return reduce(or_, map(self.to_q, node.terms))
            case Not():
                return ~self.to_q(node.term)
            case Present():
                return self._present(node.path.attribute, node.path.sub_attribute)
            case ValuePath():
                return self._value_path(node)
            case Comparison():
                return self._comparison(node)

    def _value_path(self, node: ValuePath) -> Q:
        source = node.path.attribute.source
        if isinstance(source, Listed):
            return _some_element(source, self._on_element(node.filter))
        return self._present(node.path.attribute, None) & self.to_q(node.filter)

    def _comparison(self, node: Comparison) -> Q:
        attribute, leaf, source = node.path.attribute, node.path.leaf, node.path.leaf.source
        if isinstance(attribute.source, Listed):
            return self._some_comparison(attribute.source, node)
        if isinstance(source, Schemas):
            return self._schemas(node)
        if isinstance(source, Fixed):
            return EVERYBODY if evaluate(node, _fixed_document(node.path, source.value)) else NOBODY
        if node.operator is Operator.NE:
            return ~self._comparison(Comparison(node.path, Operator.EQ, node.value))
        if leaf.type in (Type.BOOLEAN, Type.DATETIME) and isinstance(source, Column):
            return Q(**{f"{source.field}__{_LOOKUPS[node.operator].lookup_name}": node.value})
        indexed = self._indexed(leaf, str(node.value)) if node.operator is Operator.EQ else None
        return indexed or _text_term(leaf, node, self.context)

    def _indexed(self, leaf: Attribute, value: str) -> Q | None:
        """Equality by an index of its own, where the comparison of texts could not use one."""
        match leaf.source:
            case Identifier():
                return Q(uuid=value) if is_scim_id(value) else NOBODY
            case Location():
                employee_id = value.removeprefix(f"{self.context.base_url}/Users/")
                return Q(uuid=employee_id) if is_scim_id(employee_id) and employee_id != value else NOBODY
            case ExternalId():
                return _some_element(
                    Listed(external_id_name(self.context)), _element_is(value, case_exact=True)
                )
            case ManagerPart(part="value"):
                waiting = Q(manager_awaited_key=index_key(value))
                bound = fold(value)
                return waiting | Q(manager__uuid=bound) if is_scim_id(bound) else waiting
        return None

    def _some_comparison(self, source: Listed, node: Comparison) -> Q:
        """A multi-valued attribute matches when any of its values does (RFC 7644 §3.4.2.2)."""
        matching = _some_element(source, self._on_element(node))
        return matching | ~_some_element(source, Q()) if node.operator is Operator.NE else matching

    def _on_element(self, node: Node) -> Q:
        """A condition on one row of `SearchKey`, the element of a list."""
        match node:
            case And():
                return reduce(and_, map(self._on_element, node.terms))
            case Or():
                return reduce(or_, map(self._on_element, node.terms))
            case Not():
                return ~self._on_element(node.term)
            case Present():
                return _has_text(node.path.leaf, self.context)
            case Comparison():
                return self._element_comparison(node)
        raise TypeError(f"{node!r} cannot stand in a value path")

    def _element_comparison(self, node: Comparison) -> Q:
        leaf = node.path.leaf
        if node.operator is Operator.NE:
            return ~self._element_comparison(Comparison(node.path, Operator.EQ, node.value))
        if node.operator is Operator.EQ and leaf.name == "value":
            return _element_is(str(node.value), case_exact=leaf.case_exact)
        return _text_term(leaf, node, self.context)

    def _present(self, attribute: Attribute, sub_attribute: Attribute | None) -> Q:
        leaf = sub_attribute or attribute
        if isinstance(attribute.source, Listed):
            condition = _has_text(leaf, self.context) if sub_attribute else Q()
            return _some_element(attribute.source, condition)
        match leaf.source:
            case Manager():
                return Q(manager__isnull=False) | ~Q(manager_awaited="")
            case Column(folded="", fact="active"):
                return Q(active__isnull=False)
            case Column(folded="") | Identifier() | Schemas() | Fixed() | Location() | Version():
                return EVERYBODY
            case None:
                return _any(self._present(attribute, sub) for sub in leaf.sub_attributes)
        return _has_text(leaf, self.context)

    def _schemas(self, node: Comparison) -> Q:
        """The URNs are the core schema's, and each extension's that the employee has a value of."""
        matching = NOBODY
        for schema in self.resource_type.schemas:
            if evaluate(node, {"schemas": [schema.urn]}):
                extension = self.resource_type.is_extension(schema)
                parts = (self._present(attribute, None) for attribute in schema.attributes)
                matching |= _any(parts) if extension else EVERYBODY
        return matching

    def order_by(self, path: AttributePath, *, descending: bool) -> list[Any]:
        """The ORDER BY of `sortBy`: no value is last ascending, first descending (RFC 7644 §3.4.2.3)."""
        attribute, leaf = path.attribute, path.leaf
        if isinstance(leaf.source, Schemas):
            raise InvalidValue(f"sortBy: {path} has no order; sort by another attribute.")
        if isinstance(leaf.source, Fixed):
            return []
        if isinstance(leaf.source, Column) and (leaf.required or not leaf.source.folded):
            text: Any = F(leaf.source.folded or leaf.source.field)
            return [text.desc(nulls_first=True) if descending else text.asc(nulls_last=True)]
        listed = isinstance(attribute.source, Listed)
        text = _first_element(attribute.source, leaf, self.context) if listed else text_of(leaf, self.context)
        absent = Case(When(Q(db.Exact(text, EMPTY)), then=1), default=0, output_field=IntegerField())
        terms = (absent, text)
        return [term.desc() if descending else term.asc() for term in terms]

    def changes(self, before: documents.Document, after: documents.Document) -> dict[str, Any]:
        """What must be written to get from one document to the other (see `employees.facts`)."""
        changed: dict[str, Any] = {}
        for path in self.resource_type.units():
            fact = self.fact_of(path)
            value = documents.get(after, path)
            if fact and value != documents.get(before, path):
                changed[fact] = value
        return changed

    def fact_of(self, path: AttributePath) -> str:
        """The fact behind a unit of the resource type, "" when it cannot be written."""
        match path.leaf.source:
            case ExternalId():
                return external_id_name(self.context)
            case Column(fact=fact) | Profile(fact=fact) | Listed(fact=fact) | Manager(fact=fact):
                return fact
        return ""

    def attribute_of(self, fact: str) -> str:
        """The SCIM name of a fact, for the detail of an error."""
        return next(path.name for path in self.resource_type.units() if self.fact_of(path) == fact)


def _any(conditions: Iterable[Q]) -> Q:
    """One of the conditions, as a term of its own.

    Django would join a plain OR with the one around it, and SQLite refuses chains of more than 1,000.
    """
    return ~reduce(and_, (~condition for condition in conditions))


def _some_element(source: Listed, condition: Q) -> Q:
    rows = SearchKey.objects.filter(condition, name=source.fact)
    return Q(pk__in=rows.values("employee_id"))


def _element_is(value: str, *, case_exact: bool) -> Q:
    """Equality of an element's `value` by the index, whose key is folded: caseExact looks at the text too."""
    by_key = Q(key=index_key(value))
    return by_key & Q(raw__value=value) if case_exact else by_key


def _has_text(leaf: Attribute, context: Context) -> Q:
    return ~_lookup(db.Exact, leaf, context, "")


def _text_term(leaf: Attribute, node: Comparison, context: Context) -> Q:
    """One comparison of texts in two-valued logic: no value is "", which no comparison matches."""
    value = _literal(leaf, node.value)
    if leaf.case_exact and node.operator in _POSITIONS:
        return Q(_POSITIONS[node.operator](text_of(leaf, context), value))
    term = _lookup(_LOOKUPS[node.operator], leaf, context, value)
    return term & _has_text(leaf, context) if node.operator in _ORDERING else term


def _literal(leaf: Attribute, value: Any) -> str:
    if leaf.type is Type.BOOLEAN:
        return "true" if value else "false"
    return str(value) if leaf.case_exact else fold(str(value))


def _lookup(lookup: type[db.BuiltinLookup[Any]], leaf: Attribute, context: Context, value: str) -> Q:
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


def _first_element(source: Any, leaf: Attribute, context: Context) -> Any:
    """The primary value of a list, else its first: what RFC 7644 §3.4.2.3 sorts a list by."""
    primary = Case(When(folded__primary=True, then=0), default=1, output_field=IntegerField())
    rows = SearchKey.objects.filter(employee=OuterRef("pk"), name=source.fact).order_by(primary, "position")
    return ByCodePoint(Coalesce(Subquery(rows.values(_text=text_of(leaf, context))[:1]), EMPTY))


def _fixed_document(path: AttributePath, value: str) -> documents.Document:
    return {path.attribute.name: {path.leaf.name: value}}
