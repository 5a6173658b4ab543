"""What the rounds say: medians, ratios within a round, and the table with the targets beside them."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Final

from .works import BULK, CREATE, GET, MATCH, PAGES, PATCH

OURS, FLOOR, PEER, SINGLES = "ours", "floor", "django-scim2", "one by one"
SCIM2_SERVER, SCIMMY = "scim2-server", "scimmy-routers"

ORDER: Final = (OURS, FLOOR, PEER, SINGLES, SCIM2_SERVER, SCIMMY)

Rates = Mapping[str, Mapping[str, Sequence[float]]]
"""By kind of work and by site: how much a second in each round; rounds stand in the same order everywhere."""

TITLES: Final = {
    MATCH: "match (`userName eq`)",
    GET: "get by id",
    PAGES: "page of 100",
    PATCH: "PATCH one attribute",
    CREATE: "create",
    BULK: "bulk of 1,000 creates, people",
}
TARGETS: Final[Mapping[str, Mapping[str, float]]] = {
    MATCH: {FLOOR: 0.6, PEER: 2.5},
    GET: {FLOOR: 0.6, PEER: 2.5},
    PAGES: {FLOOR: 0.6, PEER: 15},
    PATCH: {FLOOR: 0.6, PEER: 2},
    CREATE: {FLOOR: 0.6, PEER: 2},
    BULK: {SINGLES: 10},
}
"""By kind of work, how many times as fast as another we want to be."""


def ratio(rates: Mapping[str, Sequence[float]], other: str) -> float | None:
    """How many times as fast as another we are, by the median of the rounds; None where it has no part."""
    if other not in rates:
        return None
    return median(mine / its for mine, its in zip(rates[OURS], rates[other], strict=True))


def shares(rates: Rates) -> dict[str, dict[str, float]]:
    """By kind of work and by site, the part of the floor's speed that it reaches."""
    parts: dict[str, dict[str, float]] = {}
    for work, of in rates.items():
        if FLOOR in of:
            pairs = {site: zip(of[site], of[FLOOR], strict=True) for site in ORDER if site in of}
            parts[work] = {site: median(its / best for its, best in both) for site, both in pairs.items()}
    return parts


def record(rates: Rates) -> str:
    """A Markdown table of the medians a second, each with its part of the floor's speed."""
    parts = shares(rates)
    sites = list(next(iter(parts.values())))
    lines = [f"| work | {' | '.join(f'{site}, 1/s' for site in sites)} |", "|---|" + "---:|" * len(sites)]
    for work, of in parts.items():
        cells = [f"{median(rates[work][site]):,.0f} ({share:.2f})" for site, share in of.items()]
        lines.append(f"| {TITLES[work]} | {' | '.join(cells)} |")
    return "\n".join(lines)


def table(rates: Rates) -> str:
    """A Markdown table of the medians a second, and of our ratio to each other with its target."""
    sites = [site for site in ORDER if any(site in of for of in rates.values())]
    others = sites[1:]
    heads = ["work", *(f"{site}, 1/s" for site in sites), *(f"ours / {other}" for other in others)]
    lines = [f"| {' | '.join(heads)} |", "|---|" + "---:|" * (len(heads) - 1)]
    for work, of in rates.items():
        speeds = [f"{median(of[site]):,.0f}" if site in of else "–" for site in sites]
        ratios = [_against(of, work, other) for other in others]
        lines.append(f"| {' | '.join([TITLES[work], *speeds, *ratios])} |")
    return "\n".join(lines)


def _against(rates: Mapping[str, Sequence[float]], work: str, other: str) -> str:
    reached, target = ratio(rates, other), TARGETS[work].get(other)
    if reached is None:
        return "–"
    wanted = "" if target is None else f" ({'reached' if reached >= target else 'short of'} ≥ {target:g})"
    return f"{reached:.2f}{wanted}"
