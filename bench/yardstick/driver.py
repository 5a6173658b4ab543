"""Drives a site with prepared requests for some seconds: wrk does it, or threads where wrk is missing."""

import shutil
import subprocess
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import count
from math import ceil
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

CONNECTIONS: Final = 8
NUMBER: Final = "@n@"
"""Stands in the body of a request for a number that no other request has."""

FEWEST: Final = 30
"""Answers from which a speed can be told: what the eight connections wait for at the end is not counted."""

SCRIPT: Final = Path(__file__).with_name("wrk.lua")
APART: Final = 1_000_003
"""How far the numbers of two runs are apart: more than one gets through, and prime to begin elsewhere."""

_runs = count(1)


class Refused(Exception):
    """A site answered some of the requests with no success, so that its speed says nothing."""


@dataclass(frozen=True)
class Request:
    """One request; the body is JSON on one line, or ""."""

    method: str
    path: str
    body: str = ""

    def numbered(self, number: int) -> "Request":
        return Request(self.method, self.path, self.body.replace(NUMBER, str(number)))


def save(requests: Iterable[Request], path: Path) -> Path:
    """Writes them for `drive`, one a line."""
    path.write_text("".join(f"{one.method}\t{one.path}\t{one.body}\n" for one in requests))
    return path


def headers(token: str) -> dict[str, str]:
    """What an identity provider sends along."""
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}


def fresh_number() -> int:
    """A number that no request has had."""
    return next(_runs) * APART


def driver_name() -> str:
    """What `drive` uses here."""
    return "wrk" if shutil.which("wrk") else "threads"


def drive(url: str, token: str, requests: Path, seconds: float) -> float:
    """How many of the saved requests a second the site answers on eight connections.

    A site too slow for `FEWEST` answers is asked again for twice as long.

    Raises:
        Refused: not every answer was a success.
    """
    run = {"wrk": _wrk, "threads": _threads}[driver_name()]
    done, took, failed = run(url, token, requests, seconds)
    if failed:
        raise Refused(f"{url} failed at {failed} of {done} requests of {requests.stem}.")
    return done / took if done >= FEWEST else drive(url, token, requests, 2 * seconds)


def _wrk(url: str, token: str, requests: Path, seconds: float) -> tuple[int, float, int]:
    lines = [argument for name, value in headers(token).items() for argument in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{ceil(seconds)}s", "--timeout", "120s", *lines]
    command += ["-s", str(SCRIPT), url, "--", str(requests), str(fresh_number())]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    done, microseconds, failed = map(int, output.splitlines()[-1].split())
    return done, microseconds / 1_000_000, failed


def _threads(url: str, token: str, requests: Path, seconds: float) -> tuple[int, float, int]:
    prepared = [Request(*line.split("\t")) for line in requests.read_text().splitlines()]
    numbers, address = count(fresh_number()), urlsplit(url).netloc
    started = time.perf_counter()

    def ask() -> tuple[int, int]:
        done = failed = 0
        connection = HTTPConnection(address, timeout=30)
        while time.perf_counter() - started < seconds:
            number = next(numbers)
            request = prepared[number % len(prepared)].numbered(number)
            connection.request(request.method, request.path, request.body or None, headers(token))
            answer = connection.getresponse()
            answer.read()
            done, failed = done + 1, failed + (answer.status >= 300)
        connection.close()
        return done, failed

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        outcomes = [future.result() for future in [pool.submit(ask) for _ in range(CONNECTIONS)]]
    took = time.perf_counter() - started
    return sum(done for done, _ in outcomes), took, sum(failed for _, failed in outcomes)
