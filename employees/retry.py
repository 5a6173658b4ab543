"""Writes that the database gave up on to let another one through, done again."""

from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from django.db import OperationalError, connection

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS: Final = 4
GIVEN_UP: Final = frozenset({"40001", "40P01"})
"""SQLSTATE of serialization_failure and deadlock_detected; SQLite makes writers queue and knows neither."""


def retried(write: Callable[P, R]) -> Callable[P, R]:
    """A write of one transaction, repeated when PostgreSQL rolled it back to end a deadlock.

    Two writers that each hold a record which the other one needs next cannot always be told to take them in
    the same order: whose manager somebody is becomes known only while their record is locked.
    """

    @wraps(write)
    def attempts(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(ATTEMPTS - 1):
            try:
                return write(*args, **kwargs)
            except OperationalError as error:
                if connection.in_atomic_block or _sqlstate(error) not in GIVEN_UP:
                    raise
        return write(*args, **kwargs)

    return attempts


def _sqlstate(error: OperationalError) -> str | None:
    """The code that psycopg's own exception has, None on SQLite."""
    return getattr(error.__cause__, "sqlstate", None)
