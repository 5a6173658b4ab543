"""The speeds as bars beside the floor's, in an SVG for light and dark pages."""

from typing import Final
from xml.sax.saxutils import escape

from .figures import FLOOR, TARGETS, TITLES, Rates, shares

WIDTH, LEFT, RIGHT, TOP, BAR, GAP = 760, 180, 90, 58, 18, 22
_STYLE: Final = """
text { font: 13px system-ui, sans-serif; fill: #1f2328; }
.small { font-size: 12px; fill: #59636e; }
.ours { fill: #0969da; } .other { fill: #8c959f; }
.target { stroke: #bc4c00; stroke-width: 2; stroke-dasharray: 5 3; } .axis { stroke: #8c959f; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } .small { fill: #9198a1; }
  .ours { fill: #4493f8; } .other { fill: #6e7681; } .target { stroke: #f0883e; }
}
"""


def plot(rates: Rates) -> str:
    """An SVG document: for every kind of work, what part of the floor's speed the others reach."""
    parts = shares(rates)
    target = min((TARGETS[work][FLOOR] for work in parts), default=0)
    most = max([1.0, *(share for of in parts.values() for share in of.values())])
    scale = (WIDTH - LEFT - RIGHT) / most
    drawn, y = [], TOP
    for work, of in parts.items():
        others = {site: share for site, share in of.items() if site != FLOOR}
        drawn.append(f'<text x="{LEFT - 10}" y="{y + 14}" text-anchor="end">{_plain(TITLES[work])}</text>')
        for number, (site, share) in enumerate(others.items()):
            drawn.append(_bar(y, share * scale, f"{share:.2f}  {site}", "other" if number else "ours"))
            y += BAR + 3
        y += GAP
    drawn += [_line(LEFT, y, "axis"), _line(LEFT + target * scale, y, "target")]
    drawn += [_line(LEFT + scale, y, "axis")]
    drawn += [_label(LEFT + target * scale, f"target {target:g}"), _label(LEFT + scale, "floor = 1")]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" role="img">'
    title = "Requests a second, as a share of SQL and JSON written by hand"
    heading = f'<title>{title}</title><style>{_STYLE}</style><text x="8" y="20">{title}</text>'
    return "\n".join([head, heading, *drawn, "</svg>", ""])


def _plain(markdown: str) -> str:
    return escape(markdown.replace("`", ""))


def _bar(y: int, length: float, text: str, kind: str) -> str:
    words = f'<text class="small" x="{LEFT + length + 6:.1f}" y="{y + 13}">{escape(text)}</text>'
    return f'<rect class="{kind}" x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR}" rx="2"/>{words}'


def _line(x: float, bottom: int, kind: str) -> str:
    return f'<line class="{kind}" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 8}" y2="{bottom - 8}"/>'


def _label(x: float, text: str) -> str:
    return f'<text class="small" x="{x:.1f}" y="{TOP - 14}" text-anchor="middle">{escape(text)}</text>'
