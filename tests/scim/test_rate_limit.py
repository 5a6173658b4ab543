"""The rate limit: its arithmetic, its file, and what the identity provider is told."""

import logging
import math
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from scim import rate_limit
from scim.protocol.errors import TooManyRequests
from scim.rate_limit import SIZE, SLOT, SLOTS, STATE, RateLimit
from tests.site import ROOT, Site

from .conftest import ScimClient


@dataclass
class Clock:
    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rate_limit"


def emptied(limit: RateLimit, key: int = 1) -> int:
    """How many single operations are taken before one is refused."""
    return next(number for number in range(10_000) if limit.take(key))


def test_a_burst_and_then_the_rate(clock: Clock, path: Path) -> None:
    limit = RateLimit(4, path, clock)
    assert emptied(limit) == 40
    assert limit.take(1) == 0.25
    clock.now += 0.25
    assert emptied(limit) == 1
    clock.now += 5
    assert emptied(limit) == 20
    clock.now += 3600
    assert emptied(limit) == 40


def test_all_or_nothing(clock: Clock, path: Path) -> None:
    limit = RateLimit(4, path, clock)
    assert limit.take(1, 30) == 0
    assert limit.take(1, 18) == 2
    assert emptied(limit) == 10


def test_more_than_any_bucket_holds_is_taken_by_an_empty_one(clock: Clock, path: Path) -> None:
    limit = RateLimit(4, path, clock)
    assert limit.take(1) == 0
    assert limit.take(1, 1000) == 0.25
    clock.now += 0.25
    assert limit.take(1, 1000) == 0
    assert limit.take(1) == (1000 - 40 + 1) / 4


@pytest.mark.parametrize("rate", [1, 4, 50, 250])
def test_a_bulk_that_waits_as_told_is_taken(clock: Clock, path: Path, rate: int) -> None:
    """Its first operation is charged before the others are known, and once more when it is sent again."""
    limit = RateLimit(rate, path, clock)
    emptied(limit)
    clock.now += math.ceil(limit.take(1))
    assert limit.take(1) == 0
    wait = limit.take(1, 1000, taken=1)
    assert wait > 0
    clock.now += math.ceil(wait)
    assert limit.take(1) == 0
    assert limit.take(1, 1000, taken=1) == 0


def test_an_empty_bulk_gives_nothing_back(clock: Clock, path: Path) -> None:
    limit = RateLimit(4, path, clock)
    assert limit.take(1) == limit.take(1, 0, taken=1) == 0
    assert emptied(limit) == 39


def test_providers_have_buckets_of_their_own(clock: Clock, path: Path) -> None:
    limit = RateLimit(4, path, clock)
    assert [emptied(limit, key) for key in (1, 2, 4095, 2**40)] == [40] * 4


@dataclass
class Model:
    """The generic cell rate algorithm in fractions: when would an evenly spaced sender have sent all?"""

    rate: int
    ends: dict[int, Fraction] = field(default_factory=dict)

    def take(self, key: int, cost: int, now: Fraction) -> Fraction:
        ends = max(self.ends.get(key, now), now)
        wait = ends + Fraction(min(cost, 10 * self.rate), self.rate) - now - 10
        if wait > 0:
            return wait
        self.ends[key] = ends + Fraction(cost, self.rate)
        return Fraction(0)


STEPS = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 1), st.integers(1, 60)), max_size=60)
"""Sixty-fourths of a second that pass, whose turn it is, and how many operations they want."""


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> tuple[RateLimit, Clock, Iterator[int]]:
    """Four operations a second, so that binary fractions are exact; and keys that nobody has used."""
    clock = Clock()
    return RateLimit(4, tmp_path_factory.mktemp("model") / "rate_limit", clock), clock, count(step=2)


@given(STEPS)
def test_it_is_the_generic_cell_rate_algorithm(
    quarter: tuple[RateLimit, Clock, Iterator[int]], steps: list[tuple[int, int, int]]
) -> None:
    (limit, clock, keys), model = quarter, Model(4)
    first = next(keys)
    for passed, other, cost in steps:
        clock.now += passed / 64
        assert limit.take(first + other, cost) == model.take(other, cost, Fraction(clock.now))


def test_it_survives_the_process_and_not_a_restart_of_the_machine(clock: Clock, path: Path) -> None:
    assert emptied(RateLimit(4, path, clock)) == 40
    assert emptied(RateLimit(4, path, clock)) == 0
    clock.now = 5.0
    assert emptied(RateLimit(4, path, clock)) == 40


def test_another_rate_counts_what_the_former_one_let_through(clock: Clock, path: Path) -> None:
    assert emptied(RateLimit(4, path, clock)) == 40
    assert emptied(RateLimit(10, path, clock)) == 60


DAMAGE: dict[str, Any] = {
    "deleted": Path.unlink,
    "truncated": lambda path: os.truncate(path, 0),
    "cut off within the slot": lambda path: os.truncate(path, SLOT.size + 5),
    "zeros": lambda path: path.write_bytes(bytes(SIZE)),
    "ones": lambda path: path.write_bytes(b"\xff" * SIZE),
    "noise": lambda path: path.write_bytes(os.urandom(SIZE)),
    "full to the brim": lambda path: path.write_bytes(SLOT.pack(STATE.pack(1e9, 0), 0) * SLOTS),
    "longer": lambda path: path.write_bytes(b"longer" * SIZE),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_forgets_and_is_shared_again(clock: Clock, path: Path, damage: Any) -> None:
    limit, other = RateLimit(4, path, clock), RateLimit(4, path, clock)
    assert emptied(limit) == 40
    damage(path)
    assert emptied(limit) == 40
    assert emptied(other) == 0
    assert path.stat().st_size >= SIZE
    assert path.stat().st_mode & 0o777 == 0o600


def test_without_a_file_each_process_counts_for_itself(
    clock: Clock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for place in (tmp_path, tmp_path / "missing" / "rate_limit"):
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            limit = RateLimit(4, place, clock)
            assert (emptied(limit), emptied(limit)) == (40, 0)
        assert len(caplog.records) == 1
        assert "for itself" in caplog.text


def test_a_link_in_its_place_is_not_followed(clock: Clock, path: Path) -> None:
    target = path.with_name("target")
    target.write_text("precious")
    path.symlink_to(target)
    assert emptied(RateLimit(4, path, clock)) == 40
    assert target.read_text() == "precious"


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads that take turns after every few instructions rather than after milliseconds."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("restless")
def test_threads_share_one_bucket(path: Path, clock: Clock) -> None:
    limit = RateLimit(1000, path, clock)
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: sum(limit.take(1) == 0 for _ in range(2000)), range(8))) == 10_000


def test_a_take_costs_microseconds(path: Path) -> None:
    """A tenth of a millisecond would still be little beside a request; what was measured is printed."""
    limit, times = RateLimit(1e9, path), []
    for _ in range(10_000):
        started = time.perf_counter()
        limit.take(1)
        times.append(time.perf_counter() - started)
    median = sorted(times)[len(times) // 2]
    print(f"\n{median * 1e6:.1f} µs")
    assert median < 100e-6


@pytest.fixture
def limited(scim: ScimClient, settings: Any, tmp_path: Path) -> ScimClient:
    settings.VAR_DIR, settings.SCIM_RATE_LIMIT = tmp_path, 1
    return scim


def refusal(scim: ScimClient) -> Any:
    """The first answer that is not 200, before which at least a burst was answered."""
    answers = [scim.get("/Users", count=0) for _ in range(60)]
    assert [answer.status for answer in answers[:10]] == [200] * 10
    return next(answer for answer in answers if answer.status != 200)


def test_refused_with_the_limit_and_when_to_come_back(limited: ScimClient, settings: Any) -> None:
    answer = refusal(limited)
    assert answer.error == (429, None)
    assert answer.headers["Retry-After"] == "1"
    assert "1 operations a second, and 10 at once" in answer.body["detail"]
    settings.SCIM_RATE_LIMIT = 0
    assert limited.get("/Users").status == 200


def test_a_refused_write_is_not_done(limited: ScimClient, settings: Any) -> None:
    refusal(limited)
    assert limited.post("/Users", {"userName": "ada@example.com"}).status == 429
    settings.SCIM_RATE_LIMIT = 0
    assert limited.find('userName eq "ada@example.com"') == []


def test_nobody_else_is_refused(limited: ScimClient, other: ScimClient) -> None:
    refusal(limited)
    stranger = ScimClient("nonsense", "")
    assert {stranger.get("/Users").status for _ in range(20)} == {401}
    assert {stranger.get("/ServiceProviderConfig").status for _ in range(20)} == {200}
    assert other.get("/Users").status == 200
    assert limited.get("/Users").status == 429


def test_bulk_counts_by_its_operations(limited: ScimClient) -> None:
    rate_limit.charge(7)
    rate_limit.charge(7, 1000, taken=1)
    with pytest.raises(TooManyRequests) as refused:
        rate_limit.charge(7)
    assert 985 <= refused.value.retry_after <= 991


def test_it_asks_the_database_nothing(scim: ScimClient, settings: Any, tmp_path: Path) -> None:
    asked = []
    for settings.SCIM_RATE_LIMIT, settings.VAR_DIR in ((0, tmp_path), (0, tmp_path), (250, tmp_path)):
        with CaptureQueriesContext(connection) as captured:
            assert scim.get("/Users").status == 200
        asked.append(len(captured))
    assert asked[1] == asked[2]


def test_a_negative_limit_is_explained(tmp_path: Path) -> None:
    environment = Site(tmp_path, "", SCIM_RATE_LIMIT="-1").environment
    command = [sys.executable, "manage.py", "check"]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "SCIM_RATE_LIMIT is -1; it must be 0 (no limit) or more" in result.stderr
