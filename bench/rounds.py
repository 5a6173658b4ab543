"""Latencies of several kinds of requests, in interleaved rounds: a noisy machine is unfair to all alike."""

import time
from collections.abc import Callable, Mapping
from statistics import median

Request = Callable[[], object]

PATIENCE = 2.0
"""Seconds after which a kind of request is asked no more within one round."""


def measure(kinds: Mapping[str, Request], *, rounds: int, repeats: int) -> dict[str, list[float]]:
    """The median latency of each kind in each round, in milliseconds.

    Args:
        kinds: by name, what makes one request; it is called once before anything is timed.
        repeats: how often each is asked in a round, unless its patience ends before.
    """
    for request in kinds.values():
        request()
    medians: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(rounds):
        for name, request in kinds.items():
            medians[name].append(median(_latencies(request, repeats)))
    return medians


def _latencies(request: Request, repeats: int) -> list[float]:
    latencies: list[float] = []
    while len(latencies) < repeats and sum(latencies) < PATIENCE * 1_000:
        started = time.perf_counter()
        request()
        latencies.append((time.perf_counter() - started) * 1_000)
    return latencies


def table(medians: Mapping[str, list[float]], notes: Mapping[str, str], unit: str) -> str:
    """A Markdown table: median and range over the rounds, and the ratio to the kind named `unit`."""
    one = median(medians[unit])
    lines = [f"| request | found | queries | ms | range | × {unit} |", "|---|---:|---:|---:|---:|---:|"]
    for name, those in medians.items():
        middle = median(those)
        spread = f"{min(those):.1f}–{max(those):.1f}"
        lines.append(f"| {name} | {notes[name]} | {middle:.1f} | {spread} | {middle / one:.2f} |")
    return "\n".join(lines)
