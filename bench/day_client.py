"""The identity provider of a real day: matches and creates everybody, later matches and patches a few."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.site import Site

from . import live
from .day_table import latency_table
from .scim_client import ScimClient, in_parallel

CHANGED = 100
"""Of so many people one has changed by the next cycle."""


@dataclass(frozen=True)
class Target:
    """A service to measure.

    Args:
        url: its base, such as http://127.0.0.1:8000/scim/v2.
        site: what serves it, where that was started here.
    """

    name: str
    url: str
    token: str
    site: Site | None = None


class Day:
    """One company that comes and changes.

    Attributes:
        ids: the SCIM id of each person by number; "" of those who were refused.
        rates: people a second of each part that was brought.
        surprises: how many were found or not found against expectation.
    """

    def __init__(self, target: Target, connections: int) -> None:
        from .people import Company

        self.target, self.connections = target, connections
        self.client = ScimClient(target.url, target.token)
        self.company = Company()
        self.ids: dict[int, str] = {}
        self.rates: list[float] = []
        self.seconds = self.busy = 0.0
        self.surprises = 0

    def bring(self, numbers: Sequence[int]) -> None:
        """Looks for each person, who is not there, and creates them."""
        before = self.seconds
        self._work(self._bring, numbers)
        self.rates.append(len(numbers) / (self.seconds - before))

    def change(self, people: int) -> None:
        """Looks for one in a hundred and changes one attribute."""
        self.client.latencies.clear()
        self.seconds = self.busy = 0.0
        self._work(self._change, range(0, people, CHANGED))

    def tell_of_arrival(self) -> None:
        """Prints how everybody was brought."""
        people = sum(map(bool, self.ids.values()))
        print(f"\n{self.target.name}: {people:,} people in {self.seconds:,.1f} s")
        print("people/s by tenths: " + " ".join(f"{rate:.0f}" for rate in self.rates))
        self._tell(people)

    def tell_of_change(self) -> None:
        """Prints how the changes were brought, and what is left of the day."""
        people = len(self.client.latencies["patch"])
        print(f"\nthe next cycle: {people:,} changed in {self.seconds:,.1f} s")
        self._tell(people)
        refused = f"refused: {self.client.refused.total()} {json.dumps(self.client.refused)}"
        print(f"\n{refused}; found or not found against expectation: {self.surprises}")
        if site := self.target.site:
            print(f"database: {live.database_size(site.environment['DATABASE_URL']):,.0f} MB")
            for worker in live.workers(site):
                times = worker.cpu_times()
                print(f"worker: at most {live.peak(worker):.0f} MB, {times.user + times.system:.1f} s of CPU")

    def _tell(self, people: int) -> None:
        requests = sum(len(those) for those in self.client.latencies.values())
        print(f"{people / self.seconds:.0f} people/s, {requests / self.seconds:.0f} requests/s, ", end="")
        print(f"{self.connections} connections; the client took {self.busy / self.seconds:.0%} of a core\n")
        print(latency_table(self.client.latencies))

    def _work(self, work: Callable[[int], None], numbers: Sequence[int]) -> None:
        started, busy = time.perf_counter(), time.process_time()
        in_parallel(work, numbers, self.connections)
        self.seconds += time.perf_counter() - started
        self.busy += time.process_time() - busy

    def _bring(self, number: int) -> None:
        from .bodies import body

        try:
            person = body(self.company, number, self._reference)
            self.surprises += self.client.match(person["userName"]) is not None
            self.ids[number] = self.client.create(person) or ""
        finally:
            self.ids.setdefault(number, "")

    def _change(self, number: int) -> None:
        from .bodies import user_name

        id_ = self.client.match(user_name(self.company, number))
        self.surprises += id_ != self.ids[number]
        if id_:
            self.client.patch(id_, "title", f"Title {number}")

    def _reference(self, number: int) -> str:
        """The SCIM id of a person, once the connection that is bringing them has it."""
        while number not in self.ids:
            time.sleep(0.001)
        return self.ids[number]
