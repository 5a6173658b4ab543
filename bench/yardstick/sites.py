"""The sites that are measured: each served alike, on one PostgreSQL server, with the same people."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import psutil
import psycopg

from bench.bulk import ENTERPRISE
from tests.site import GUNICORN, ROOT, Site, fresh_database

from . import floor
from .driver import Request, headers
from .figures import FLOOR, OURS, PEER
from .works import Document

PROVIDER: Final = "Directory"
ENVIRONMENT: Final = ROOT / "var" / "yardstick"
QUIET: Final = {"SCIM_RATE_LIMIT": "0", "LOG_LEVEL": "WARNING"}
MOST: Final = 200
"""How many people our pages have at most."""


class Contender(Site):
    """A site under measurement.

    Attributes:
        name: as in the table.
        application: the WSGI application, or "" for the project's own.
        python: the interpreter that runs it.
        people_tables: its tables that grow with people, each with the column of the person's number; that of
            the people comes last.
    """

    name = OURS
    application = ""
    python = sys.executable
    people_tables: tuple[tuple[str, str], ...] = (
        ("employees_searchkey", "employee_id"),
        ("employees_change", "employee_id"),
        ("employees_employee", "id"),
    )
    bearer = ""
    filled = 0

    @property
    def database(self) -> str:
        return self.environment["DATABASE_URL"]

    @contextmanager
    def serving(self) -> Iterator["Contender"]:
        """Serves with the project's own gunicorn configuration until the end of the block."""
        self.command = [self.python, *GUNICORN[1:], *filter(None, [self.application])]
        with super().serving():
            self.workers = psutil.Process(self.process.pid).children()
            yield self

    def ask(self, request: Request) -> tuple[int, Any]:
        """The status and the document of one answer, with addresses as on any site."""
        body = request.body.encode() or None
        sent = urllib.request.Request(
            self.url + request.path, body, headers(self.bearer), method=request.method
        )
        try:
            with urllib.request.urlopen(sent, timeout=60) as answer:
                return answer.status, json.loads(answer.read().decode().replace(self.url, ""))
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def everybody(self) -> list[Document]:
        """The documents of all the people, in the order in which they came."""
        found: list[Document] = []
        for start in range(1, self.filled + 1, MOST):
            _, page = self.ask(Request("GET", f"/scim/v2/Users?startIndex={start}&count={MOST}"))
            found += page["Resources"]
        return found

    def forget_newcomers(self) -> None:
        """Removes who came after the first people, so that every round finds the same; tidies up."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            with connection.transaction():
                # What the driver no longer waits for may still be written: before all this, or after.
                connection.execute(f"LOCK TABLE {self.people_tables[-1][0]} IN EXCLUSIVE MODE")
                for table, column in self.people_tables:
                    connection.execute(f"DELETE FROM {table} WHERE {column} > {self.filled}")
            connection.execute("VACUUM (ANALYZE)")

    def memory(self) -> float:
        """Megabytes that the largest worker holds at this moment."""
        held: int = max(worker.memory_info().rss for worker in self.workers)
        return held / 1024**2


class Ours(Contender):
    """The project itself."""

    def fill(self, people: int) -> None:
        self.manage("prepare")
        self.manage("provisioning", "enable")
        self.bearer = self.token(PROVIDER)
        code = f"from bench.yardstick.staff import settle_in; settle_in({people}, {PROVIDER!r})"
        self.manage("shell", "--no-imports", "-c", code)
        self.filled = people


class Floor(Contender):
    """SQL and JSON by hand."""

    name = FLOOR
    application = "bench.yardstick.floor"
    people_tables = (("person_key", "person_id"), ("change", "person_id"), ("person", "id"))

    def fill(self, people: list[Document], token: str) -> None:
        self.bearer, self.filled = token, len(people)
        numbers = {document["id"]: number for number, document in enumerate(people, 1)}
        with psycopg.connect(self.database) as connection, connection.cursor() as cursor:
            cursor.execute(floor.TABLES)
            cursor.execute(
                "INSERT INTO token (digest, actor_key, actor_name) VALUES (%s, 'idp1', %s)",
                [sha256(token.encode()).hexdigest(), PROVIDER],
            )
            cursor.executemany(floor.INSERT, [_row(document, numbers) for document in people])
            for number, document in enumerate(people, 1):
                floor.add_keys(connection, document, number)
        self.forget_newcomers()


def _row(document: Document, numbers: dict[str, int]) -> list[Any]:
    meta, boss = document["meta"], _boss(document, numbers)
    return floor.columns(document, document["id"], boss, meta["created"], meta["lastModified"])


class Peer(Contender):
    """django-scim2, in an environment of its own that this makes."""

    name = PEER
    application = "bench.yardstick.peer.wsgi"
    python = str(ENVIRONMENT / "bin" / "python")
    people_tables = (("peer_change", "person_id"), ("peer_user", "id"))

    def fill(self, people: list[Document], token: str) -> None:
        self.bearer, self.filled = token, len(people)
        _run(sys.executable, "-m", "venv", str(ENVIRONMENT))
        _run(self.python, "-m", "pip", "install", "--quiet", "--requirement", "bench/requirements.txt")
        settings = {"DJANGO_SETTINGS_MODULE": "bench.yardstick.peer.settings"}
        _run(self.python, "-m", "django", "migrate", "--run-syncdb", **self.environment, **settings)
        numbers = {document["id"]: number for number, document in enumerate(people, 1)}
        with psycopg.connect(self.database) as connection, connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO peer_token (digest, actor_key, actor_name) VALUES (%s, 'idp1', %s)",
                [sha256(token.encode()).hexdigest(), PROVIDER],
            )
            cursor.executemany(_INSERT_USER, [_user(document, numbers) for document in people])
        self.forget_newcomers()


_INSERT_USER: Final = """
INSERT INTO peer_user (password, is_active, version, scim_id, scim_external_id, scim_username, username,
    first_name, last_name, display_name, email, title, department, employee_number, manager_id, date_joined,
    updated_at)
VALUES ('', true, 1, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def _user(document: Document, numbers: dict[str, int]) -> list[Any]:
    enterprise, meta, user_name = document[ENTERPRISE], document["meta"], document["userName"]
    return [
        document["id"], document["externalId"], user_name, user_name, document["name"]["givenName"],
        document["name"]["familyName"], document["displayName"], document["emails"][0]["value"],
        document["title"], enterprise["department"], enterprise["employeeNumber"],
        _boss(document, numbers), meta["created"], meta["lastModified"],
    ]  # fmt: skip


def _boss(document: Document, numbers: dict[str, int]) -> int | None:
    manager = document[ENTERPRISE].get("manager")
    return numbers[manager["value"]] if manager else None


def _run(*command: str, **environment: str) -> None:
    """Raises RuntimeError with what the command said when it failed."""
    result = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise RuntimeError(result.stdout + result.stderr)


@contextmanager
def serve(folder: Path, people: int, names: list[str]) -> Iterator[dict[str, Contender]]:
    """The sites of those names and ours, filled and served; DATABASE_URL names the server for all of them."""
    with ExitStack() as stack:

        def new(kind: type[Contender]) -> Any:
            home = folder / kind.name
            home.mkdir()
            return kind(home, stack.enter_context(fresh_database(home)), **QUIET)

        ours: Ours = new(Ours)
        ours.fill(people)
        stack.enter_context(ours.serving())
        served: dict[str, Contender] = {ours.name: ours}
        documents = ours.everybody()
        for kind in OTHERS:
            if kind.name in names:
                other = new(kind)
                other.fill(documents, ours.bearer)
                served[kind.name] = stack.enter_context(other.serving())
        yield served


OTHERS: Final[tuple[type[Any], ...]] = (Floor, Peer)
