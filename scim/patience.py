"""How long a search may take that has to look at everybody."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import OperationalError, connections, models, router, transaction

from .protocol.errors import TooMany

SECONDS: Final = 10
"""For one statement; a million people take between one and two (`docs/performance.md`)."""

CANCELED: Final = "57014"
"""SQLSTATE of query_canceled."""


@contextmanager
def bounded(model: type[models.Model]) -> Iterator[None]:
    """Ends the searches in the block that take too long, on PostgreSQL; SQLite is for companies that fit it.

    Raises:
        TooMany: one was ended.
    """
    connection = connections[router.db_for_read(model)]
    if connection.vendor != "postgresql":
        yield
        return
    try:
        with transaction.atomic(connection.alias):
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {int(SECONDS * 1000)}")
            yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != CANCELED:
            raise
        raise TooMany(
            f"This filter has to look at everybody, which took more than {SECONDS} seconds; add a comparison "
            "with eq, or use one instead."
        ) from None
