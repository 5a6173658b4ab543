"""What is told of a day: how fast people came, how long requests took, and the share of another service."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median

from .latencies import percentile

TENTHS = 10


def tenths(people: int) -> list[range]:
    """The numbers of the people in ten parts, as even as may be."""
    bounds = [people * place // TENTHS for place in range(TENTHS + 1)]
    return [range(first, last) for first, last in pairwise(bounds)]


def latency_table(latencies: Mapping[str, Sequence[float]]) -> str:
    """A Markdown table of the percentiles of each kind of request, in milliseconds."""
    lines = ["| request | sent | p50, ms | p95 | p99 |", "|---|---:|---:|---:|---:|"]
    for what, those in latencies.items():
        figures = " | ".join(f"{percentile(those, percent):.1f}" for percent in (50, 95, 99))
        lines.append(f"| {what} | {len(those):,} | {figures} |")
    return "\n".join(lines)


def share(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The part of their speed that we have: the median over parts of the day done one after the other."""
    return median(mine / other for mine, other in zip(ours, theirs, strict=True))
