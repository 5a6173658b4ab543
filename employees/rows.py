"""Rows written by statements that are the same each time, so that a database plans them once."""

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import Field

from .planning import Planned

BATCH: Final = 500
"""Rows of one INSERT; PostgreSQL takes 65,535 values in a statement, SQLite as few as 32,766."""


FEW: Final = 12
"""Rows up to which the statement for their number is worth planning once; one person has as many keys."""


def insert(rows: Sequence[models.Model]) -> None:
    """Inserts new rows of one model, and tells them their primary keys."""
    for start in range(0, len(rows), BATCH):
        _insert(rows[start : start + BATCH])


def update(rows: Collection[models.Model], names: Iterable[str]) -> None:
    """Writes fields of rows of one model that exist.

    Args:
        names: of the fields, the same for all rows.
    """
    model, connection = type(next(iter(rows))), connections[DEFAULT_DB_ALIAS]
    fields: list[Any] = [model._meta.get_field(name) for name in sorted(names)]
    pk: Any = model._meta.pk
    values = [[*_values(row, fields, connection, add=False), row.pk] for row in rows]
    quote = connection.ops.quote_name
    assigned = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    table, key = quote(model._meta.db_table), quote(pk.column)
    sql = Planned(f"UPDATE {table} SET {assigned} WHERE {key} = %s")  # noqa: S608 -- names of columns
    with connection.cursor() as cursor:
        # A pipeline, which is what `executemany` becomes on PostgreSQL, is no gain for one row.
        cursor.executemany(sql, values) if len(values) > 1 else cursor.execute(sql, values[0])


def _insert(rows: Sequence[models.Model]) -> None:
    model, connection = type(rows[0]), connections[DEFAULT_DB_ALIAS]
    fields, beginning, row_of, end = _insertion(model)
    values = [value for row in rows for value in _values(row, fields, connection, add=True)]
    with connection.cursor() as cursor:
        sql = f"{beginning}{', '.join([row_of] * len(rows))}{end}"
        cursor.execute(Planned(sql) if len(rows) <= FEW else sql, values)
        keys = cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


@cache
def _insertion(model: type[models.Model]) -> tuple[list[Field[Any, Any]], str, str, str]:
    """The fields to insert, and the parts of the statement: before the values, of one row, and after them."""
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    pk: Any = model._meta.pk
    fields = [field for field in model._meta.concrete_fields if field is not pk]
    columns = ", ".join(quote(str(field.column)) for field in fields)
    beginning = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES "  # noqa: S608 -- names of columns
    return fields, beginning, f"({', '.join(['%s'] * len(fields))})", f" RETURNING {quote(pk.column)}"


_PLAIN: Final = (models.CharField, models.TextField, models.BooleanField)


def _values(row: models.Model, fields: Iterable[Field[Any, Any]], connection: Any, *, add: bool) -> list[Any]:
    """What the fields hold, as the database takes it; shadows are derived on the way."""
    held = ((field, field.pre_save(row, add)) for field in fields)
    return [
        # Most of a row: Django would look for expressions and lazy texts in each.
        value
        if type(value) in (str, bool) and isinstance(field, _PLAIN)
        else field.get_db_prep_save(value, connection)
        for field, value in held
    ]
