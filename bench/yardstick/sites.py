"""The sites that are measured: each served alike, on one PostgreSQL server, with the same people."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, Final

import psutil
import psycopg

from bench.bulk import ENTERPRISE
from tests.site import GUNICORN, ROOT, Site

from . import floor
from .driver import Request, headers
from .figures import FLOOR, OURS, PEER
from .works import Document

PROVIDER: Final = "Directory"
CONFIGURATION: Final = "bench/yardstick/configuration.py"
ENVIRONMENT: Final = ROOT / "var" / "yardstick"
MOST: Final = 200
"""How many people our pages have at most."""


Answer = tuple[int, Any]
"""The status and the document; None where there is none."""


def shape(value: Any) -> Any:
    """The members of a document, without the values: what two sites that do the same work have in common."""
    if isinstance(value, dict):
        return {name: shape(part) for name, part in value.items()}
    return [shape(part) for part in value] if isinstance(value, list) else None


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

    def server(self) -> list[str]:
        """The command that serves it."""
        if not self.application:
            return [*GUNICORN]
        return [self.python, *GUNICORN[1:-1], CONFIGURATION, self.application]

    @contextmanager
    def serving(self) -> Iterator["Contender"]:
        """Serves with the project's own gunicorn configuration until the end of the block."""
        self.command = self.server()
        with super().serving():
            self.workers = psutil.Process(self.process.pid).children()
            yield self

    def ask(self, request: Request) -> Answer:
        """What it answers, with addresses as on any site."""
        body = request.body.encode() or None
        sent = urllib.request.Request(
            self.url + request.path, body, headers(self.bearer), method=request.method
        )
        try:
            with urllib.request.urlopen(sent, timeout=60) as answer:
                return answer.status, json.loads(answer.read().decode().replace(self.url, "") or "null")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def alike(self, answer: Answer, ours: Answer) -> bool:
        """Whether it does the work that we do: it says as much, in the same members."""
        return answer[0] == ours[0] and shape(answer[1]) == shape(ours[1])

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
        run(sys.executable, "-m", "venv", str(ENVIRONMENT))
        run(self.python, "-m", "pip", "install", "--quiet", "--requirement", "bench/requirements.txt")
        settings = {"DJANGO_SETTINGS_MODULE": "bench.yardstick.peer.settings"}
        run(self.python, "-m", "django", "migrate", "--run-syncdb", **self.environment, **settings)
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


def run(*command: str, **environment: str) -> None:
    """Raises RuntimeError with what the command said when it failed."""
    result = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise RuntimeError(result.stdout + result.stderr)
