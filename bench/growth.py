"""Measures how latencies grow with the company: `python -m bench.growth --sizes 1000,10000,1000000`."""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests import postgresql

from . import site
from .growth_table import KINDS, Measured, database_of, p50, sizes_of, table, too_much


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=sizes_of, default=sizes_of("1000,10000,100000,1000000"))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--repeats", type=int, default=15, help="requests of each kind in a round")
    parser.add_argument("--sqlite", action="store_true", help="on new SQLite databases")
    parser.add_argument(
        "--database",
        type=database_of,
        action="append",
        default=[],
        metavar="SIZE=URL",
        help="where the company of that size is, or is to be; otherwise a database of its own on a new "
        "PostgreSQL or on that which DATABASE_URL names, where it is kept and found again",
    )
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draws it there, such as docs/growth.svg")
    parser.add_argument("--plans", action="store_true", help="shows the SQL of what grows too much")
    options = parser.parse_args()
    with (
        databases(options.sizes, dict(options.database), sqlite=options.sqlite) as urls,
        ExitStack() as stack,
    ):
        sites = {size: stack.enter_context(measuring(size, url)) for size, url in urls.items()}
        measured = measure(sites, options.rounds, options.repeats)
        print(
            f"Load average {os.getloadavg()[0]:.1f}; {options.rounds} rounds of at most {options.repeats}\n"
        )
        print(table(measured))
        for kind in too_much(measured) if options.plans else ():
            print(f"\n{kind}\n{_ask(sites[options.sizes[-1]], 'plans', kind)}")
    if options.plot:
        draw(measured, options.plot)


@contextmanager
def databases(sizes: list[int], named: dict[int, str], *, sqlite: bool) -> Iterator[dict[int, str]]:
    """The address of a database for each size; those of a new server go with it."""
    others = [size for size in sizes if size not in named]
    with ExitStack() as stack:
        if not others:
            urls = {}
        elif sqlite:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            urls = {size: f"sqlite:///{folder}/{size}.sqlite3" for size in others}
        else:
            server = os.environ.get("DATABASE_URL") or stack.enter_context(postgresql.server())
            urls = {size: _database(server, f"peakon_growth_{size}") for size in others}
        yield {size: named.get(size) or urls[size] for size in sizes}


def _database(server: str, name: str) -> str:
    """The address of a database on a server, which is created when it is not there."""
    with psycopg.connect(server, autocommit=True) as connection:
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f"CREATE DATABASE {name}")
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


@contextmanager
def measuring(size: int, url: str) -> Iterator[Connection]:
    """A process that asks the company of that size, once everybody is there."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, size, url))
    process.start()
    theirs.close()
    try:
        ours.recv()
        yield ours
        ours.send(None)
    finally:
        ours.close()
        process.join()


def measure(sites: dict[int, Connection], rounds: int, repeats: int) -> Measured:
    """Interleaved: a kind is asked at every size before the next kind; every second round goes backwards."""
    measured: dict[int, dict[str, list[list[float]]]] = {size: {kind: [] for kind in KINDS} for size in sites}
    for turn in range(rounds):
        for kind in KINDS:
            for size in sorted(sites, reverse=turn % 2 == 1):
                measured[size][kind].append(_ask(sites[size], "latencies", kind, repeats))
        print(f"round {turn + 1} of {rounds}", file=sys.stderr, flush=True)
    return measured


def draw(measured: Measured, path: Path) -> None:
    """Writes the p50 of each kind over the sizes, in both directions by powers of ten."""
    from .curves import svg

    lines = {kind: [(size, p50(kinds[kind])) for size, kinds in sorted(measured.items())] for kind in KINDS}
    path.write_text(svg(lines, x="employees", y="ms"))


def serve(pipe: Connection, size: int, url: str) -> None:
    """Answers what it is asked about the company of that size, until it is asked nothing."""
    os.environ["DATABASE_URL"] = url
    with site.prepared(sqlite=False):
        from .growth_company import gathered

        requests = gathered(size)
        pipe.send("ready")
        try:
            while question := pipe.recv():
                name, *arguments = question
                pipe.send(getattr(requests, name)(*arguments))
        finally:
            requests.clean_up()


def _ask(pipe: Connection, *question: Any) -> Any:
    pipe.send(question)
    return pipe.recv()


if __name__ == "__main__":
    main()
