"""Which statements PostgreSQL plans once for a connection: those that say so, and no others."""

from typing import Any

from django.db.backends.postgresql import base


class Planned(str):
    """SQL whose plan is good for any values: of whole keys, not of a part of a text or of a range."""

    __slots__ = ()


_Cursor: Any = base.ServerBindingCursor


class PlanningCursor(_Cursor):  # type: ignore[misc]
    """A cursor that prepares what is `Planned`.

    psycopg would prepare whatever comes five times, and PostgreSQL may then choose one plan for all values:
    with `LIKE` it looks through everybody, where the plan for a value at hand would use an index.
    """

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, **{"prepare": isinstance(query, Planned), **options})
