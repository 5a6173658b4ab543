"""Latencies of prepared requests, and what is told of many of them."""

import time
from collections.abc import Callable, Sequence
from math import ceil
from typing import TypeVar

from .rounds import PATIENCE

Prepared = TypeVar("Prepared")


def percentile(latencies: Sequence[float], percent: float) -> float:
    """The smallest latency that so many per cent do not exceed (nearest rank).

    Raises:
        ValueError: there are none.
    """
    if not latencies:
        raise ValueError("Nothing was measured.")
    return sorted(latencies)[max(ceil(len(latencies) * percent / 100), 1) - 1]


def timed(
    prepare: Callable[[], Prepared],
    send: Callable[[Prepared], object],
    repeats: int,
    patience: float = PATIENCE,
) -> list[float]:
    """The milliseconds of each request sent; what prepares it is not timed.

    Args:
        repeats: how many are sent, unless they have taken `patience` seconds before.
    """
    latencies: list[float] = []
    while len(latencies) < repeats and sum(latencies) < patience * 1_000:
        prepared = prepare()
        started = time.perf_counter()
        send(prepared)
        latencies.append((time.perf_counter() - started) * 1_000)
    return latencies
