"""Sites that are served for a measurement, and what their workers and databases hold."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg

from tests import postgresql
from tests.site import Site, fresh_database, served

from . import site
from .yardstick.sites import Floor


@contextmanager
def server(*, sqlite: bool) -> Iterator[None]:
    """Where sites get their databases: SQLite, the PostgreSQL that DATABASE_URL names, or else a new one."""
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    if sqlite:
        os.environ["DATABASE_URL"] = ""
    if sqlite or os.environ.get("DATABASE_URL"):
        yield
        return
    with postgresql.server() as os.environ["DATABASE_URL"]:
        yield


@contextmanager
def serving() -> Iterator[Site]:
    """A site with two workers and no rate limit; Django in this process is set up on its database."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), SCIM_RATE_LIMIT="0") as ours:
        os.environ["DATABASE_URL"] = ours.environment["DATABASE_URL"]
        with site.prepared(sqlite=False):
            yield ours


@contextmanager
def floor(*, wanted: bool) -> Iterator[list[Floor]]:
    """The floor of the yardstick without people, served like a site, where it is wanted."""
    if not wanted:
        yield []
        return
    with tempfile.TemporaryDirectory() as folder, fresh_database(Path(folder)) as url:
        it = Floor(Path(folder), url)
        it.fill([], "floor")
        with it.serving():
            yield [it]


def workers(site: Site) -> list[psutil.Process]:
    """The processes that serve a site that this process has started."""
    masters = [child for child in psutil.Process().children() if _serves(child, site)]
    return [worker for master in masters for worker in master.children()]


def _serves(process: psutil.Process, site: Site) -> bool:
    return "gunicorn" in process.cmdline() and process.environ()["PORT"] == str(site.port)


def rss(worker: psutil.Process) -> float:
    """The megabytes that a process holds in memory now."""
    held: int = worker.memory_info().rss
    return held / 1024**2


def peak(worker: psutil.Process) -> float:
    """The most megabytes that a process has held since it began or `forget_peak`, as Linux has noted it."""
    status = Path(f"/proc/{worker.pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


def forget_peak(worker: psutil.Process) -> None:
    """Lets Linux note the peak anew from now on."""
    Path(f"/proc/{worker.pid}/clear_refs").write_text("5")


def database_size(url: str) -> float:
    """The megabytes of the database on disk, what waits to be merged into a SQLite file included."""
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite:///"))
        return sum(part.stat().st_size for part in file.parent.glob(f"{file.name}*")) / 1024**2
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return float(row[0] if row else 0) / 1024**2
