"""Which database answers: the primary, or a replica of it for reads that it is fresh enough for."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, Error, InterfaceError, OperationalError, connections
from django.db.models import Model

logger = logging.getLogger(__name__)

REPLICA: Final = "replica"
"""The alias of what DATABASE_REPLICA_URL names; it exists only where that is set."""

QUIET_SECONDS: Final = 60
"""How long after a warning there is no other, and a replica that failed is left alone."""

# With synchronous_commit off, others see a commit before it is written; its record is inserted by then.
PRIMARY_POSITION: Final = (
    "SELECT CASE current_setting('synchronous_commit')"
    " WHEN 'off' THEN pg_current_wal_insert_lsn() ELSE pg_current_wal_lsn() END::text"
)
# A server that was promoted keeps the position that it had as a replica.
REPLAYED: Final = "SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= %s::pg_lsn"

_fresh: ContextVar[bool] = ContextVar("fresh", default=False)


class ReplicaRouter:
    """Sends reads of employees within `reading` to the replica, and everything else to the primary."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        # Within a transaction of the primary, what it has written so far must be seen.
        of_employees = _fresh.get() and model._meta.app_label == "employees"
        return (
            REPLICA
            if of_employees and not connections[DEFAULT_DB_ALIAS].in_atomic_block
            else DEFAULT_DB_ALIAS
        )

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        # Said in so many words: what was read from the replica would be saved there otherwise.
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        """Both databases hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """False for the replica, which gets its tables from the primary."""
        return False if db == REPLICA else None


class Freshness:
    """What a process knows of its replica.

    Attributes:
        quiet_until: the moment, in seconds of `time.monotonic`, from which on a warning may be logged again.
        left_alone_until: the moment from which on a replica that failed is asked again.
    """

    def __init__(self) -> None:
        self.quiet_until = self.left_alone_until = -float("inf")

    def check(self) -> bool:
        """True when the replica has replayed all that the primary has committed: one query to each."""
        if time.monotonic() < self.left_alone_until:
            return False
        try:
            fresh = _has_replayed(_ask(DEFAULT_DB_ALIAS, PRIMARY_POSITION))
        except Error as error:
            connections[REPLICA].close()
            self.left_alone_until = time.monotonic() + QUIET_SECONDS
            # No exception text: a driver names hosts and users in it.
            self._warn(f"cannot be asked ({type(error).__name__})")
            return False
        if not fresh:
            self._warn("is behind, or is none")
        return fresh

    def _warn(self, what: str) -> None:
        if time.monotonic() >= self.quiet_until:
            self.quiet_until = time.monotonic() + QUIET_SECONDS
            logger.warning("The primary answers for the replica, which %s.", what)


_freshness: Final = Freshness()


@contextmanager
def reading() -> Iterator[None]:
    """Lets the replica answer reads of employees until the end of the block, if it is fresh enough.

    Whatever was committed before the block began is found in it, wherever it is read. Without a replica this
    costs nothing. Only what goes through a model's manager is routed: statements of one's own have to ask
    `django.db.router.db_for_read` for their connection.
    """
    if REPLICA not in connections.settings:
        yield
        return
    token = _fresh.set(_freshness.check())
    try:
        yield
    finally:
        _fresh.reset(token)


def _has_replayed(position: str) -> bool:
    """Whether the replica has that position, asked again on a new connection: the old one may have died."""
    connection: Any = connections[REPLICA]  # whose type stubs do not know of health checks
    if connection.connection is not None:
        # The question is the check of the connection, for which Django would have one of its own.
        connection.health_check_done = True
        try:
            return bool(_ask(REPLICA, REPLAYED, position))
        except (OperationalError, InterfaceError):
            connection.close()
    return bool(_ask(REPLICA, REPLAYED, position))


def _ask(alias: str, statement: str, *values: Any) -> Any:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    return row[0] if row else None
