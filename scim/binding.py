"""From the table to the ORM: filters to Q, sorting to ORDER BY, documents to facts."""

from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_, or_
from typing import Any, Final

from django.db.models import Case, F, IntegerField, Q, Subquery, Value, When
from django.db.models import lookups as db
from django.db.models.functions import Coalesce

from employees.facts import is_scim_id
from employees.folding import fold, index_key
from employees.models import Employee, IsWaitedFor

from .expressions import EMPTY, external_id_name, number_of, text_of
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
    Number,
    Profile,
    Reference,
    Schemas,
    Version,
)
from .terms import (
    LOOKUPS,
    any_of,
    element_is,
    first_element,
    has_text,
    indexed_equality,
    number_term,
    some_element,
    text_term,
)

NOBODY: Final = Q(pk__in=[])
EVERYBODY: Final = ~NOBODY


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
        if isinstance(source, Listed | Reference):
            return some_element(source, self._on_element(node.filter))
        return self._present(node.path.attribute, None) & self.to_q(node.filter)

    def _comparison(self, node: Comparison) -> Q:
        attribute, leaf, source = node.path.attribute, node.path.leaf, node.path.leaf.source
        if isinstance(attribute.source, Listed | Reference):
            return self._some_comparison(attribute.source, node)
        if isinstance(source, Schemas):
            return self._schemas(node)
        if isinstance(source, Fixed):
            return EVERYBODY if evaluate(node, _fixed_document(node.path, source.value)) else NOBODY
        if node.operator is Operator.NE:
            return ~self._comparison(Comparison(node.path, Operator.EQ, node.value))
        if leaf.type in (Type.BOOLEAN, Type.DATETIME) and isinstance(source, Column):
            return Q(**{f"{source.field}__{LOOKUPS[node.operator].lookup_name}": node.value})
        if node.operator is Operator.EQ and (indexed := self._indexed(leaf, node.value)) is not None:
            return indexed
        if isinstance(source, Number):
            return number_term(leaf, source, node)
        return text_term(leaf, node, self.context)

    def _indexed(self, leaf: Attribute, value: Any) -> Q | None:
        """Equality by an index of its own, where the comparison of texts could not use one."""
        match leaf.source:
            case Profile(indexed=True) | Number():
                return indexed_equality(leaf, leaf.source.fact, value)
            case Identifier():
                return Q(uuid=value) if is_scim_id(value) else NOBODY
            case Location():
                employee_id = value.removeprefix(f"{self.context.base_url}/Users/")
                return Q(uuid=employee_id) if is_scim_id(employee_id) and employee_id != value else NOBODY
            case ExternalId():
                name = Listed(external_id_name(self.context))
                return some_element(name, element_is(value, case_exact=True))
            case ManagerPart(part="value"):
                waiting = Q(manager_awaited_key=index_key(value)) & Q(IsWaitedFor(F("manager_awaited_key")))
                if not is_scim_id(fold(value)):
                    return waiting
                # A join in an OR would keep PostgreSQL from both indexes.
                manager = Employee.objects.filter(uuid=fold(value)).values("pk")[:1]
                return waiting | Q(manager_id=Subquery(manager))
        return None

    def _some_comparison(self, source: Listed | Reference, node: Comparison) -> Q:
        """A multi-valued attribute matches when any of its values does (RFC 7644 §3.4.2.2)."""
        matching = some_element(source, self._on_element(node))
        return matching | ~some_element(source, Q()) if node.operator is Operator.NE else matching

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
                return has_text(node.path.leaf, self.context)
            case Comparison():
                return self._element_comparison(node)
        raise TypeError(f"{node!r} cannot stand in a value path")

    def _element_comparison(self, node: Comparison) -> Q:
        leaf = node.path.leaf
        if node.operator is Operator.NE:
            return ~self._element_comparison(Comparison(node.path, Operator.EQ, node.value))
        if node.operator is Operator.EQ and leaf.name == "value":
            return element_is(node.value, case_exact=leaf.case_exact)
        return text_term(leaf, node, self.context)

    def _present(self, attribute: Attribute, sub_attribute: Attribute | None) -> Q:
        leaf = sub_attribute or attribute
        if isinstance(attribute.source, Listed | Reference):
            condition = has_text(leaf, self.context) if sub_attribute else Q()
            return some_element(attribute.source, condition)
        match leaf.source:
            case Manager():
                return Q(manager__isnull=False) | ~Q(manager_awaited="")
            case Column(folded="", fact="active"):
                return Q(active__isnull=False)
            case Number():
                return Q(profile__has_key=leaf.source.fact)
            case Column(folded="") | Identifier() | Schemas() | Fixed() | Location() | Version():
                return EVERYBODY
            case None:
                return any_of(self._present(attribute, sub) for sub in leaf.sub_attributes)
        return has_text(leaf, self.context)

    def _schemas(self, node: Comparison) -> Q:
        """The URNs are the core schema's, and each extension's that the employee has a value of."""
        matching = NOBODY
        for schema in self.resource_type.schemas:
            if evaluate(node, {"schemas": [schema.urn]}):
                extension = self.resource_type.is_extension(schema)
                parts = (self._present(attribute, None) for attribute in schema.attributes)
                matching |= any_of(parts) if extension else EVERYBODY
        return matching

    def sort_keys(self, path: AttributePath) -> list[Any]:
        """What `sortBy` orders by, never null, so that no value comes last (RFC 7644 §3.4.2.3)."""
        attribute, leaf = path.attribute, path.leaf
        if isinstance(leaf.source, Schemas):
            raise InvalidValue(f"sortBy: {path} has no order; sort by another attribute.")
        if isinstance(leaf.source, Fixed):
            return []
        if isinstance(leaf.source, Column) and leaf.type is Type.BOOLEAN:
            return _absent_last(F(leaf.source.field), Value(False))
        if isinstance(leaf.source, Column) and (leaf.required or not leaf.source.folded):
            return [F(leaf.source.folded or leaf.source.field)]
        if isinstance(leaf.source, Number):
            number = number_of(leaf.source, leaf)
            return _absent_last(number, Value(0, output_field=number.output_field))
        listed = isinstance(attribute.source, Listed | Reference)
        text = first_element(attribute.source, leaf, self.context) if listed else text_of(leaf, self.context)
        return [_flag(Q(db.Exact(text, EMPTY))), text]

    def changes(self, before: documents.Document, after: documents.Document) -> dict[str, Any]:
        """What must be written to get from one document to the other (see `employees.facts`).

        A fact with two names that is given two values takes the one under the Peakon extension, its home.
        """
        differing = {top for top in before.keys() | after.keys() if before.get(top) != after.get(top)}
        changed: dict[str, Any] = {}
        for path in self.resource_type.units():
            if path.top not in differing:
                continue
            value = documents.get(after, path)
            if value != documents.get(before, path) and (fact := self.fact_of(path)):
                changed[fact] = value
        return changed

    def fact_of(self, path: AttributePath) -> str:
        """The fact behind a unit of the resource type, "" when it cannot be written."""
        match path.leaf.source:
            case ExternalId():
                return external_id_name(self.context)
            case Column(fact=fact) | Manager(fact=fact):
                return fact
            case Profile(fact=fact) | Number(fact=fact) | Reference(fact=fact) | Listed(fact=fact):
                return fact
        return ""

    @cached_property
    def references(self) -> frozenset[str]:
        """The facts that name an employee."""
        units = self.resource_type.units()
        return frozenset(
            path.leaf.source.fact for path in units if isinstance(path.leaf.source, Manager | Reference)
        )

    def facts_of(self, document: documents.Document) -> set[str]:
        """The facts that a document speaks of, under whichever of their names."""
        carried = (path for path in self.resource_type.units() if documents.carries(document, path))
        return {self.fact_of(path) for path in carried}

    def attribute_of(self, fact: str) -> str:
        """The SCIM name of a fact, for the detail of an error."""
        return next(path.name for path in self.resource_type.units() if self.fact_of(path) == fact)


def _absent_last(value: Any, instead: Value) -> list[Any]:
    """The sort keys of a value that may be null."""
    return [_flag(Q(db.IsNull(value, True))), Coalesce(value, instead)]


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=1), default=0, output_field=IntegerField())


def _fixed_document(path: AttributePath, value: str) -> documents.Document:
    return {path.attribute.name: {path.leaf.name: value}}
