"""Curves in an SVG picture, in both directions by powers of ten; readable on light and on dark pages."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import cycle
from math import ceil, floor, log10
from typing import Final

Curves = Mapping[str, Sequence[tuple[float, float]]]
"""The points of each curve, by its name; both coordinates are positive."""

WIDTH, HEIGHT = 900, 560
LEFT, RIGHT, TOP, BOTTOM = 70, 270, 36, 50
LABEL: Final = 15
"""How far labels are apart at least."""

STYLE: Final = """
text { font: 12px system-ui, sans-serif; fill: #333 }
.grid { stroke: #ddd }
.curve { fill: none; stroke-width: 2 }
@media (prefers-color-scheme: dark) { text { fill: #ddd } .grid { stroke: #444 } }
"""
# Of middling lightness, so that each stands out on white and on black.
COLOURS: Final = ("#3b82c4", "#d9822b", "#2f9e5f", "#c9504f", "#8d6cc4", "#a0724d", "#c465a8", "#7d8590")


def svg(curves: Curves, *, x: str, y: str) -> str:
    """The picture.

    Args:
        x, y: what the axes measure.

    Raises:
        ValueError: there is no point.
    """
    points = [point for curve in curves.values() for point in curve]
    across, up = _Axis([x for x, _ in points]), _Axis([y for _, y in points])
    parts = [*_grid(across, up), *_curves(curves, across, up)]
    parts.append(_text(_x(across, 1), HEIGHT - 10, x, "end"))
    parts.append(_text(LEFT - 8, TOP - 16, y, "end"))
    body = "\n".join(parts)
    view = f'viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {view}>\n<style>{STYLE}</style>\n{body}\n</svg>\n'


class _Axis:
    """Powers of ten around some numbers."""

    def __init__(self, numbers: Sequence[float]) -> None:
        self.first = floor(log10(min(numbers)))
        self.last = max(ceil(log10(max(numbers))), self.first + 1)

    def share(self, number: float) -> float:
        """How far along the axis a number is, from 0 to 1."""
        return (log10(number) - self.first) / (self.last - self.first)

    def ticks(self) -> Iterator[tuple[float, str]]:
        for power in range(self.first, self.last + 1):
            yield self.share(10.0**power), f"{10.0**power:,.0f}" if power >= 0 else f"{10.0**power:g}"


def _x(axis: _Axis, share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(axis: _Axis, share: float) -> float:
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _grid(across: _Axis, up: _Axis) -> Iterator[str]:
    for share, name in across.ticks():
        x = _x(across, share)
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>'
        yield _text(x, HEIGHT - BOTTOM + 18, name, "middle")
    for share, name in up.ticks():
        y = _y(up, share)
        yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield _text(LEFT - 8, y + 4, name, "end")


def _curves(curves: Curves, across: _Axis, up: _Axis) -> Iterator[str]:
    """Each curve, and its name beside its last point or as near to it as the others leave room."""
    highest_first = sorted(curves.items(), key=lambda item: -item[1][-1][1])
    lowest = float(HEIGHT - BOTTOM - LABEL * (len(curves) - 1))
    below = float(TOP)
    for (name, points), colour in zip(highest_first, cycle(COLOURS), strict=False):
        places = [(_x(across, across.share(x)), _y(up, up.share(y))) for x, y in points]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        yield f'<polyline class="curve" stroke="{colour}" points="{line}"/>'
        end, beside = places[-1]
        below = max(min(beside, lowest), below)
        lowest += LABEL
        label = WIDTH - RIGHT + 24
        leader = f"M{end:.1f} {beside:.1f}L{label - 4} {below:.1f}"
        yield f'<path class="curve" stroke="{colour}" stroke-opacity=".5" d="{leader}"/>'
        yield _text(label, below + 4, name)
        below += LABEL


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
