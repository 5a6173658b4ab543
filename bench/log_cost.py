"""What the provisioning log and the counts of reads cost: requests with them and without, in turns."""

import argparse
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import count
from pathlib import Path
from statistics import mean
from time import process_time
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID

from .site import Directory, prepared

PATCH_OP: Final = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
PEOPLE: Final = 1_000
BATCH: Final = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=25, help=f"of {BATCH} requests of each kind (25)")
    parser.add_argument("--sqlite", action="store_true", help="instead of PostgreSQL")
    options = parser.parse_args()
    with prepared(sqlite=options.sqlite):
        kinds = requests(Directory())
        for name, send in kinds.items():
            with_it, without = _race(send, options.rounds)
            share = with_it / without - 1
            print(f"{name:6} {with_it:.3f} ms with, {without:.3f} ms without: {share:+.1%}", flush=True)


def requests(directory: Directory) -> dict[str, Callable[[], None]]:
    """A request of each kind, about another person each time."""
    from employees import services
    from employees.models import Employee

    with services.writing(directory.actor, many=True) as writer:
        for number in range(PEOPLE):
            writer.create({"user_name": f"p{number}@example.com"})
    ids: list[UUID] = list(Employee.objects.values_list("uuid", flat=True))
    authorization = directory.client.defaults["HTTP_AUTHORIZATION"]
    numbers = count()

    def change() -> None:
        number = next(numbers)
        operation = {"op": "replace", "path": "title", "value": f"Title {number}"}
        body = {"schemas": [PATCH_OP], "Operations": [operation]}
        _ask("PATCH", f"/scim/v2/Users/{ids[number % PEOPLE]}", authorization, body)

    def get() -> None:
        _ask("GET", f"/scim/v2/Users/{ids[next(numbers) % PEOPLE]}", authorization)

    return {"PATCH": change, "GET": get}


def _race(send: Callable[[], None], rounds: int) -> tuple[float, float]:
    """Milliseconds of processor time a request, with the log and without it."""
    with_it, without = [], []
    for _ in range(rounds):
        with_it.append(_batch(send))
        with _nothing_is_watched():
            without.append(_batch(send))
    return mean(with_it[1:]), mean(without[1:])


def _batch(send: Callable[[], None]) -> float:
    """Milliseconds of processor time a request, those of the database's process included."""
    started = process_time() + _database_time()
    for _ in range(BATCH):
        send()
    return (process_time() + _database_time() - started) / BATCH * 1_000


def _database_time() -> float:
    """Seconds of processor time that the server process of our connection has used; SQLite has none."""
    from django.db import connection

    if connection.vendor != "postgresql" or connection.connection is None:
        return 0.0
    stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text()
    ticks = stat.rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _nothing_is_watched() -> Iterator[None]:
    """The site as it would be without a log and counts of reads."""
    from scim import endpoints, watching

    watched: Any = vars(endpoints)["Users"]

    def unwatched(context: Any, actor: Any, company: Any, provider: Any) -> Any:
        return watched(context, actor, company)

    with patch.object(endpoints, "Users", unwatched), patch.object(watching, "count", _ignore):
        yield


def _ignore(*args: Any, **kwargs: Any) -> None:
    pass


def _ask(method: str, path: str, authorization: str, body: Any = None) -> None:
    from peakon_scim.wsgi import application

    data = b"" if body is None else json.dumps(body).encode()
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.input": BytesIO(data),
        "wsgi.url_scheme": "http",
        "CONTENT_TYPE": "application/scim+json",
        "CONTENT_LENGTH": str(len(data)),
        "HTTP_AUTHORIZATION": authorization,
    }
    statuses: list[str] = []
    begin: Any = lambda status, headers: statuses.append(status)  # noqa: E731
    answer: Any = application(environ, begin)
    b"".join(answer)
    answer.close()
    if not statuses[0].startswith("2"):
        raise RuntimeError(statuses[0])


if __name__ == "__main__":
    main()
