"""Which statements PostgreSQL plans once for a connection: those that say so, and no others."""

from typing import Any, Final

from django.db.backends.postgresql import base


class Planned(str):
    """SQL whose plan is good for any values: of whole keys, not of a part of a text or of a range."""

    __slots__ = ()


_Cursor: Any = base.ServerBindingCursor


REPLANNED: Final = 500
"""After how many planned statements a connection plans anew."""


class PlanningCursor(_Cursor):  # type: ignore[misc]
    """A cursor that prepares what is `Planned`.

    psycopg would prepare whatever comes five times, and PostgreSQL may then choose one plan for all values:
    with `LIKE` it looks through everybody, where the plan for a value at hand would use an index. And it
    keeps a plan that was made for an empty table until that table is analyzed, however many people come.
    """

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        planned = isinstance(query, Planned) and self.connection.prepare_threshold is not None
        if planned:
            times = getattr(self.connection, "planned", 0) + 1
            self.connection.planned = times
            if times % REPLANNED == 0:
                super().execute("DISCARD PLANS")
        return super().execute(query, params, **{"prepare": planned, **options})
