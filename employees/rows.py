"""Rows written by statements that are the same each time, so that a database plans them once."""

import json
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from itertools import chain
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import Field
from psycopg.types.json import Jsonb

from .planning import Planned

BATCH: Final = 500
"""Rows of one INSERT: SQLite takes as few as 32,766 values in a statement."""

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
    connection = connections[DEFAULT_DB_ALIAS]
    insertion = _insertion(type(rows[0]))
    values = [_values(row, insertion.fields, connection, add=True) for row in rows]
    with connection.cursor() as cursor:
        if len(rows) <= FEW:
            cursor.execute(Planned(insertion.of(len(rows))), list(chain.from_iterable(values)))
        elif connection.vendor == "postgresql":
            named = [dict(zip(insertion.columns, of, strict=True)) for of in values]
            cursor.execute(insertion.of_any_number, [json.dumps(named, default=_json)])
        else:
            cursor.execute(insertion.of(len(rows)), list(chain.from_iterable(values)))
        keys = cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


class _Insertion:
    """The statements that insert rows of a model.

    Attributes:
        fields: what of a row they take, in this order.
        columns: in which they stand.
        of_any_number: for PostgreSQL, with an array of rows in JSON as its only value. psycopg reads a
            statement with many values anew each time, which takes longer than PostgreSQL needs for its rows.
    """

    def __init__(self, model: type[models.Model]) -> None:
        connection = connections[DEFAULT_DB_ALIAS]
        quote, pk = connection.ops.quote_name, model._meta.pk
        self.fields = [field for field in model._meta.concrete_fields if field is not pk]
        self.columns = [str(field.column) for field in self.fields]
        quoted = [quote(column) for column in self.columns]
        self._into = f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(quoted)}) "
        self._row = f"({', '.join(['%s'] * len(self.fields))})"
        self._keys = f" RETURNING {quote(str(pk.column))}"
        types = [field.db_type(connection) for field in self.fields]
        read = ", ".join(f"{column} {type_}" for column, type_ in zip(quoted, types, strict=True))
        # Names and types of columns, nothing that came from outside.
        rows = f"SELECT * FROM json_to_recordset(%s::json) AS item({read})"  # noqa: S608
        self.of_any_number = Planned(f"{self._into}{rows}{self._keys}")

    def of(self, number: int) -> str:
        """With so many rows, and a value for each of their fields."""
        return f"{self._into}VALUES {', '.join([self._row] * number)}{self._keys}"


@cache
def _insertion(model: type[models.Model]) -> _Insertion:
    return _Insertion(model)


def _json(value: Any) -> Any:
    """What psycopg has for PostgreSQL, as JSON."""
    return value.obj if isinstance(value, Jsonb) else str(value)


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
