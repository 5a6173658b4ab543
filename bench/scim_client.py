"""A light identity provider: several connections over HTTP, each sending one request after the other."""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import Lock, local
from typing import Any
from urllib.parse import quote, urlsplit

from scim.protocol.urns import PATCH_OP

Person = dict[str, Any]


class ScimClient:
    """What was sent over all connections and how it went.

    Args:
        url: the base of the service, such as http://127.0.0.1:8000/scim/v2.

    Attributes:
        latencies: the milliseconds of each request, by what it was for.
        refused: how many answers were no success, by what for and status.
    """

    def __init__(self, url: str, token: str) -> None:
        address = urlsplit(url)
        self.host, self.base = address.netloc, address.path.rstrip("/")
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
        self.latencies: dict[str, list[float]] = defaultdict(list)
        self.refused: Counter[str] = Counter()
        self._own = local()

    def match(self, user_name: str) -> str | None:
        """The SCIM id of whom a user name belongs to."""
        filter_ = quote(f'userName eq "{user_name}"')
        found = self._send("match", "GET", f"/Users?filter={filter_}") or {}
        return next((person["id"] for person in found.get("Resources", ())), None)

    def create(self, person: Person) -> str | None:
        """The SCIM id of a new person."""
        created: Person | None = self._send("create", "POST", "/Users", json.dumps(person).encode())
        return created["id"] if created else None

    def patch(self, id_: str, attribute: str, value: str) -> None:
        """Replaces one attribute."""
        operations = [{"op": "Replace", "path": attribute, "value": value}]
        body = {"schemas": [PATCH_OP], "Operations": operations}
        self._send("patch", "PATCH", f"/Users/{id_}", json.dumps(body).encode())

    def _send(self, what: str, method: str, path: str, body: bytes | None = None) -> Any:
        """The document that a request is answered with, None when it is refused."""
        connection = self._connection()
        started = time.perf_counter()
        connection.request(method, self.base + path, body, self.headers)
        response = connection.getresponse()
        content = response.read()
        self.latencies[what].append((time.perf_counter() - started) * 1_000)
        if response.status < 300:
            return json.loads(content) if content else None
        self.refused[f"{what} {response.status}"] += 1
        return None

    def _connection(self) -> HTTPConnection:
        """That of the thread."""
        if not hasattr(self._own, "connection"):
            self._own.connection = HTTPConnection(self.host, timeout=120)
        connection: HTTPConnection = self._own.connection
        return connection


def in_parallel(work: Callable[[int], object], numbers: Iterable[int], connections: int) -> None:
    """Does the work for each number, in order, in so many threads; what it raises ends it."""
    left, lock = iter(numbers), Lock()

    def take() -> int | None:
        with lock:
            return next(left, None)

    def go_on() -> None:
        while (number := take()) is not None:
            work(number)

    with ThreadPoolExecutor(connections) as pool:
        for running in [pool.submit(go_on) for _ in range(connections)]:
            running.result()
