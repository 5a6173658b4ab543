"""Where a pgbouncer for the tests comes from, and how one is started in front of a database."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from tests.site import free_port

NO_PGBOUNCER = "No pgbouncer was found; install the package `pgbouncer`."
# Debian keeps it where only administrators look.
PLACES = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))
SYSTEM_USER = "pgserver"
"""As whom PostgreSQL runs where the tests are run by root: pgbouncer refuses to be root, too."""


def find_pgbouncer() -> str | None:
    return shutil.which("pgbouncer", path=PLACES)


@contextmanager
def pooled(program: str, folder: Path, database_url: str, *, sessions: int) -> Iterator[str]:
    """The URL of a database by way of a pgbouncer that shares so many of its sessions, a transaction each.

    Args:
        folder: where its configuration and its log go.
    """
    port = free_port()
    server = {key: str(value) for key, value in conninfo_to_dict(database_url).items() if value}
    target = " ".join("{}='{}'".format(key, value.replace("'", "''")) for key, value in server.items())
    configuration = folder / "pgbouncer.ini"
    settings = {
        "listen_addr": "127.0.0.1",
        "listen_port": port,
        "unix_socket_dir": "",
        "auth_type": "any",
        "pool_mode": "transaction",
        "default_pool_size": sessions,
        "max_client_conn": 100,
    }
    lines = (f"{name} = {value}" for name, value in settings.items())
    configuration.write_text("\n".join(("[databases]", f"site = {target}", "[pgbouncer]", *lines, "")))
    # The configuration is read before the user changes.
    user = ("-u", SYSTEM_USER) if os.geteuid() == 0 else ()
    with (folder / "pgbouncer.log").open("w") as log:
        process = subprocess.Popen([program, *user, str(configuration)], stdout=log, stderr=log)
    try:
        _wait(process, port, folder)
        yield f"postgres://clerk@127.0.0.1:{port}/site"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(process: "subprocess.Popen[bytes]", port: int, folder: Path, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("pgbouncer does not listen. " + (folder / "pgbouncer.log").read_text())
