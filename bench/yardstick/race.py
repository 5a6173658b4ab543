"""The rounds: in each of them every site does every kind of work, in an order of chance."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Any, Final

from bench.bulk import SIZE, Client, per_second

from .driver import FEWEST, Request, drive, fresh_number, save
from .figures import OURS, SINGLES
from .sites import Contender
from .works import BULK, WRITES

CREATES: Final = 100
"""How many people are created one by one on one connection, to compare a bulk request with."""

WARM_UP: Final = 1
"""Seconds of each kind of work on each site before anything is measured."""


ENOUGH: Final = 2 * FEWEST
"""Answers that a site slow at some kind of work gets the time for."""


class Different(Exception):
    """A site did not answer what ours does, so that it does not do the same work."""


def check(sites: Mapping[str, Contender], requests: Mapping[str, Sequence[Request]]) -> None:
    """Has each site answer one request of each kind.

    Raises:
        Different: it is no success, or not what ours answers as far as the site can.
    """
    for work, those in requests.items():
        request = those[0].numbered(fresh_number())
        answers = {name: site.ask(request) for name, site in sites.items()}
        for name, answer in answers.items():
            if not (200 <= answer[0] < 300 and sites[name].alike(answer, answers[OURS])):
                raise Different(f"{name} answers {work} with {answer}, ours with {answers[OURS]}")
    for site in sites.values():
        site.forget_newcomers()


class Race:
    """Several sites at several kinds of work.

    Args:
        folder: where the requests are kept for the driver.
        seconds: how long a site does one kind of work in a round.
    """

    def __init__(
        self,
        sites: Mapping[str, Contender],
        requests: Mapping[str, Sequence[Request]],
        folder: Path,
        seconds: float,
    ) -> None:
        self.sites, self.seconds = sites, seconds
        self.files = {work: save(those, folder / f"{work}.tsv") for work, those in requests.items()}

    def run(self, rounds: int, works: Sequence[str], say: Callable[[str], None]) -> dict[str, Any]:
        """The `figures.Rates` of all rounds; raises `driver.Refused`."""
        rates: dict[str, dict[str, list[float]]] = {work: defaultdict(list) for work in works}
        kinds = [work for work in works if work != BULK]
        pace = {step: self._measure(*step, WARM_UP) for step in product(kinds, self.sites)}
        client = Client(self.sites[OURS]) if BULK in works else None
        chance = Random(7)
        for number in range(1, rounds + 1):
            # The sites follow each other at the same work: a ratio is of moments that are close together.
            for work in chance.sample(kinds, len(kinds)):
                for name in chance.sample(list(self.sites), len(self.sites)):
                    seconds = max(self.seconds, ENOUGH / pace[work, name])
                    rates[work][name].append(self._measure(work, name, seconds))
            if client:
                rates[BULK][SINGLES].append(per_second(client.create, 1, CREATES))
                rates[BULK][OURS].append(per_second(client.create_many, SIZE))
                self.sites[OURS].forget_newcomers()
            say(f"round {number} of {rounds}")
        return {work: dict(of) for work, of in rates.items()}

    def _measure(self, work: str, name: str, seconds: float) -> float:
        site = self.sites[name]
        rate = drive(site.url, site.bearer, self.files[work], seconds)
        if work in WRITES:
            site.forget_newcomers()
        return rate


@contextmanager
def memory_watched(site: Contender, every: float = 0.1) -> Iterator[list[float]]:
    """Collects what the largest worker of a site holds, in megabytes, until the end of the block."""
    seen, over = [site.memory()], Event()

    def watch() -> None:
        while not over.wait(every):
            seen.append(site.memory())

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()
