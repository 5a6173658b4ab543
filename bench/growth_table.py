"""What must stay flat as a company grows, how much it may grow, and the table that says whether it does."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Final

from .latencies import percentile

MATCHES: Final = (
    "match: userName",
    "match: externalId",
    "match: work e-mail",
    "match: employeeNumber",
    "match: an attribute",
)
GET, PATCH, CREATE = "get by id", "PATCH of one attribute", "create"
CURSOR: Final = "cursor: the first page, counted"
FLAT_PAGES: Final = ("cursor: the second page", "cursor: in the middle", "cursor: near the end")
FIRST_PAGE, LATE_PAGE = "startIndex=1", "startIndex at 90 %"
SORTED: Final = "sortBy=name.familyName"
PARTS: Final = ("name.familyName sw", "name.familyName co", "userName sw", "userName co")

FLAT: Final = (*MATCHES, GET, PATCH, CREATE, CURSOR, *FLAT_PAGES)
KINDS: Final = (*FLAT, FIRST_PAGE, LATE_PAGE, SORTED, *PARTS)

GROWTH: Final = 1.3
"""How many times the latency at the smallest size that at the largest may be."""

LATE: Final = 20.0
"""How many times the latency of the first page a late one may take."""

LATE_MS: Final = 300.0

Rounds = Sequence[Sequence[float]]
"""The latencies of each round, in milliseconds."""

Measured = Mapping[int, Mapping[str, Rounds]]
"""By size and kind."""


def sizes_of(text: str) -> list[int]:
    """The sizes in `1000,10000`, ascending.

    Raises:
        ValueError: one of them is no number, or below 1,000: the pages would overlap.
    """
    sizes = sorted({int(part.replace("_", "")) for part in text.split(",")})
    if sizes[0] < 1_000:
        raise ValueError(f"{sizes[0]} is less than 1,000 people.")
    return sizes


def database_of(text: str) -> tuple[int, str]:
    """The size and the address in `1000000=postgres://…`.

    Raises:
        ValueError: it is not of that form.
    """
    size, equals, url = text.partition("=")
    if not equals or not url:
        raise ValueError(f"{text} is not SIZE=URL.")
    return int(size), url


def p50(rounds: Rounds) -> float:
    """The median of the rounds' medians."""
    return median(median(latencies) for latencies in rounds)


def p95(rounds: Rounds) -> float:
    return percentile([latency for latencies in rounds for latency in latencies], 95)


def ratio(these: Rounds, those: Rounds) -> float:
    """How many times `those` the latency of `these` is: the median of the rounds, each against its own."""
    return median(median(a) / median(b) for a, b in zip(these, those, strict=True))


def table(measured: Measured) -> str:
    """A Markdown table: p50 / p95 of each kind at each size, the growth, and what it may be."""
    sizes = sorted(measured)
    head = " | ".join(f"{size:,}" for size in sizes)
    lines = [f"| p50 / p95, ms | {head} | × | may be |", "|---|" + "---:|" * (len(sizes) + 2)]
    for kind in KINDS:
        cells = " | ".join(
            f"{p50(measured[size][kind]):.1f} / {p95(measured[size][kind]):.1f}" for size in sizes
        )
        grown = ratio(measured[sizes[-1]][kind], measured[sizes[0]][kind])
        lines.append(f"| {kind} | {cells} | {_judged(grown, GROWTH if kind in FLAT else None)} |")
    return "\n".join([*lines, "", _late(measured[sizes[-1]])])


def too_much(measured: Measured) -> list[str]:
    """The kinds that must stay flat and do not, and those that have no bound and grow tenfold."""
    sizes = sorted(measured)
    grown = {kind: ratio(measured[sizes[-1]][kind], measured[sizes[0]][kind]) for kind in KINDS}
    return [kind for kind, times in grown.items() if times > (GROWTH if kind in FLAT else 10)]


def _judged(figure: float, bound: float | None) -> str:
    """A figure and its bound, in bold when it is beyond."""
    if bound is None:
        return f"{figure:.2f} | –"
    return f"{figure:.2f} | {bound}" if figure <= bound else f"**{figure:.2f}** | {bound}"


def _late(kinds: Mapping[str, Rounds]) -> str:
    times, ms = ratio(kinds[LATE_PAGE], kinds[FIRST_PAGE]), p50(kinds[LATE_PAGE])
    return (
        f"At the largest size {LATE_PAGE} takes {times:.2f} × {FIRST_PAGE} (may be {LATE:.0f}), "
        f"{ms:.0f} ms (may be {LATE_MS:.0f})."
    )
