"""The days of an identity provider as a chart: bars of what was done, stacked, and what was refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Sum
from django.db.models.functions import TruncDate
from django.utils.timezone import localdate

from .models import Cycle, IdentityProvider

DAYS: Final = 28
WIDTH: Final = 700
HEIGHT: Final = 160
TOP: Final = 16
GAP: Final = 5
HALF_A_TEXT: Final = 20
SMALLEST: Final = 2.0
"""How high a part is at least, so that one person is seen beside thousands."""

OUTLIER: Final = 4
"""A day so many times as high as the next one is cut off, so that the others can be read."""

PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "created": ("created",),
    "changed": ("changed", "reactivated"),
    "removed": ("deactivated", "deleted"),
    "refused": ("refused",),
}
"""What is shown together, from the ground up."""


@dataclass(frozen=True)
class Day:
    day: date
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Part:
    name: str
    y: float
    height: float


@dataclass(frozen=True)
class Bar:
    """A day in the picture; `cut` when it is higher than that, `labelled` with its date once a week."""

    day: Day
    x: float
    parts: Sequence[Part]
    cut: bool
    labelled: bool

    @property
    def middle(self) -> float:
        """Where a text above or below it is centred, so that it stays within the picture."""
        return min(self.x + BAR / 2, WIDTH - HALF_A_TEXT)


BAR: Final = WIDTH / DAYS - GAP


@dataclass(frozen=True)
class Chart:
    bars: Sequence[Bar]
    highest: int
    width: int = WIDTH
    height: int = HEIGHT + TOP
    bar: float = BAR
    top: int = TOP

    @property
    def is_empty(self) -> bool:
        return not any(bar.day.total for bar in self.bars)

    @property
    def days(self) -> list[Day]:
        """The days on which something was done, the latest first."""
        return [bar.day for bar in reversed(self.bars) if bar.day.total]


def chart_of(provider: IdentityProvider, now: datetime) -> Chart:
    """The last four weeks, the present day included; one query."""
    last = localdate(now)
    days = [last - timedelta(days=ago) for ago in reversed(range(DAYS))]
    since = now - timedelta(days=DAYS + 1)
    cycles = Cycle.objects.filter(identity_provider=provider, started_at__gte=since).order_by()
    names = [name for part in PARTS.values() for name in part]
    sums = {name: Sum(name) for name in names}
    rows: Any = cycles.annotate(day=TruncDate("started_at")).values("day").annotate(**sums)
    found = {row["day"]: row for row in rows}
    return drawn([_day(day, found.get(day, {})) for day in days])


def _day(day: date, row: Mapping[str, int]) -> Day:
    return Day(day, {part: sum(row.get(name, 0) for name in names) for part, names in PARTS.items()})


def drawn(days: Sequence[Day]) -> Chart:
    """The picture of days in order."""
    highest = _highest([day.total for day in days])
    bars = [
        Bar(
            day,
            round(place * (BAR + GAP) + GAP / 2, 1),
            _parts(day, highest),
            day.total > highest,
            labelled=place % 7 == 6,
        )
        for place, day in enumerate(days)
    ]
    return Chart(bars, highest)


def _highest(totals: Sequence[int]) -> int:
    """What the height of the picture stands for."""
    first, second = sorted([*totals, 0, 0], reverse=True)[:2]
    return second * 2 if 0 < second * OUTLIER < first else first


def _parts(day: Day, highest: int) -> list[Part]:
    parts: list[Part] = []
    ground = float(HEIGHT + TOP)
    # A day that is cut off fills the height, in the proportions of its parts.
    scale = HEIGHT / max(highest, day.total, 1)
    for name, number in day.counts.items():
        if number:
            height = round(max(number * scale, SMALLEST), 1)
            ground = round(ground - height, 1)
            parts.append(Part(name, max(ground, 0.0), height))
    return parts
