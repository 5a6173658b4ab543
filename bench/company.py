"""Fills a database with the people of a synthetic company, as the one door would have written each."""

from collections.abc import Iterable, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction
from psycopg.types.json import Jsonb

from employees import attribute_services, facts, search_keys
from employees.audit import Actor, change_of
from employees.fields import FoldedField, FoldedJSONField
from employees.models import Attribute, Change, Employee, SearchKey
from employees.stating import new_employee

from .people import Company, mark

BATCH = 1_000
"""How many people one transaction brings."""


def define_attributes(company: Company) -> None:
    """Defines the company's attributes that do not exist yet, and switches them on."""
    for name, type_ in company.definitions:
        attribute = attribute_services.find_attribute(name) or attribute_services.add_attribute(name, type_)
        attribute_services.switch_attribute(attribute, active=True)


def found(company: Company, employees: int, *, actor: Actor) -> None:
    """Writes that many people into a migrated database without any, whose attributes are defined.

    PostgreSQL makes the divisions after the first one itself, out of it: that takes minutes for a million
    people, where deriving each in Python takes an hour.

    Args:
        actor: the identity provider that is noted as having sent them.
    """
    itself = connection.vendor == "postgresql"
    first = min(company.division, employees) if itself else employees
    hire(company, 0, first, actor=actor)
    for start in range(first, employees, company.division):
        _copy_division(company, start, min(company.division, employees - start))
    settle()


def hire(company: Company, first: int, last: int, *, actor: Actor) -> None:
    """Writes the persons first to last (excluded), a thousand in a transaction."""
    for start in range(first, last, BATCH):
        _hire(company, range(start, min(start + BATCH, last)), actor)


def settle() -> None:
    """Lets the database number the next person, and know its statistics."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Employee]):
            cursor.execute(statement)
        cursor.execute("ANALYZE")


@transaction.atomic
def _hire(company: Company, numbers: range, actor: Actor) -> None:
    fact_names = dict(Attribute.objects.values_list("name", "fact"))
    stated = [company.facts_of(number, fact_names) for number in numbers]
    people = [_arrive(company, number, of, actor) for number, of in zip(numbers, stated, strict=True)]
    _write(people)
    _write(list(chain.from_iterable(map(search_keys.derive, people))))
    _write([_creation(person, of, actor) for person, of in zip(people, stated, strict=True)])


def _arrive(company: Company, number: int, stated: dict[str, Any], actor: Actor) -> Employee:
    """A person as the one door makes them of what is stated, unsaved; nobody is waited for."""
    employee = new_employee(stated, actor=actor, at=company.arrival(number))
    for field, value in company.identity(number).items():
        setattr(employee, field, value)
    return employee


def _creation(person: Employee, stated: Iterable[str], actor: Actor) -> Change:
    after = {fact: facts.plain(facts.read(person, fact)) for fact in stated}
    change = change_of(Change.Action.CREATED, {}, after, actor=actor, at=person.created_at)
    change.employee_id = person.pk
    return change


def _write(rows: Sequence[models.Model]) -> None:
    """Inserts rows of one model: by COPY on PostgreSQL, else in large statements."""
    model = type(rows[0])
    if connection.vendor != "postgresql":
        model._default_manager.bulk_create(rows, batch_size=1_000)
        return
    fields = [field for field in model._meta.concrete_fields if rows[0].pk or not field.primary_key]
    shadows = [field for field in fields if isinstance(field, FoldedField | FoldedJSONField)]
    columns = ", ".join(_column(field) for field in fields)
    values_of = attrgetter(*(field.attname for field in fields))
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            for field in shadows:
                field.pre_save(row, True)
            copy.write_row([Jsonb(value) if type(value) is dict else value for value in values_of(row)])


@transaction.atomic
def _copy_division(company: Company, start: int, people: int) -> None:
    """Writes the division that begins with person `start` as the first one with another mark."""
    owners: tuple[tuple[type[models.Model], str], ...] = (
        (Employee, "id"),
        (SearchKey, "employee_id"),
        (Change, "employee_id"),
    )
    with connection.cursor() as cursor:
        # The rows that they refer to are copied along; checking each reference would double the time.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for model, owner in owners:
            copies = _copied_columns(model, start, (mark(0), mark(start // company.division)))
            columns, table = ", ".join(copies), model._meta.db_table
            cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT {', '.join(copies.values())} FROM {table}"
                f" WHERE {owner} <= %s ORDER BY id",
                [people],
            )


def _copied_columns(model: type[models.Model], shift: int, marks: tuple[str, str]) -> dict[str, str]:
    """The columns of a copied row, each with its expression."""
    copies = {}
    for field in model._meta.concrete_fields:
        column = _column(field)
        if Employee in (field.related_model, field.primary_key and model):
            copies[column] = f"{column} + {shift}"
        elif isinstance(field, models.TextField | models.JSONField | models.UUIDField):
            text = f"replace({column}::text, '{marks[0]}', '{marks[1]}')"
            copies[column] = f"{text}::{field.db_type(connection)}"
        elif not field.primary_key:
            copies[column] = column
    return copies


def _column(field: "models.Field[Any, Any]") -> str:
    return connection.ops.quote_name(str(field.column))
