"""One process at a time, however it ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Whether this process is the only one within a block of that name on this database; it does not wait.

    The lock goes with its holder, killed or not: whatever a holder has left behind is nobody's now.
    """
    with (_locked_session if connection.vendor == "postgresql" else _locked_file)(name) as locked:
        yield locked


@contextmanager
def _locked_session(name: str) -> Iterator[bool]:
    """Locks for a transaction of another connection: a pooler may end a session, and ours has work to do."""
    keeper = connection.copy()
    try:
        keeper.set_autocommit(False)
        with keeper.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
            [locked] = cursor.fetchone()
        yield locked
    finally:
        keeper.close()


@contextmanager
def _locked_file(name: str) -> Iterator[bool]:
    """Locks a file beside that of SQLite, which only one machine can have."""
    path = Path(f"{connection.settings_dict['NAME']}.{name}")
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
