"""Measures the pages of the console: `python -m bench.console --people 100000 --entries 1000000`."""

import argparse
import os
from collections.abc import Callable, Mapping
from typing import Any, Final

from .latencies import percentile, timed
from .site import prepared

MOST_MS: Final = 300.0
MOST_QUERIES: Final = 15

Measured = Mapping[str, tuple[list[float], int]]
"""The latencies of each page in milliseconds, and how many queries it takes."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--entries", type=int, default=1_000_000, help="of the provisioning log")
    parser.add_argument("--repeats", type=int, default=20, help="requests of each page")
    parser.add_argument("--sqlite", action="store_true", help="on a new SQLite database")
    options = parser.parse_args()
    with prepared(sqlite=options.sqlite):
        from .console_company import Reader, gather

        gather(options.people, options.entries)
        reader = Reader()
        measured = measure(reader.pages(), reader, options.repeats)
    print(f"Load average {os.getloadavg()[0]:.1f}; {options.repeats} requests of each page\n")
    print(table(measured))


def measure(pages: Mapping[str, str], reader: Any, repeats: int) -> Measured:
    """Asks for each page once before it is timed."""
    measured = {}
    for name, address in pages.items():
        queries = reader.queries(address)
        measured[name] = (timed(lambda: None, _asking(reader, address), repeats, patience=60), queries)
    return measured


def table(measured: Measured) -> str:
    """A Markdown table; bold is what is too much."""
    lines = ["| page | p50 ms | p95 ms | queries |", "|---|---|---|---|"]
    for name, (latencies, queries) in measured.items():
        slowest = percentile(latencies, 95)
        cells = [
            name,
            f"{percentile(latencies, 50):,.0f}",
            _marked(f"{slowest:,.0f}", slowest > MOST_MS),
            _marked(str(queries), queries > MOST_QUERIES),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _marked(text: str, too_much: bool) -> str:
    return f"**{text}**" if too_much else text


def _asking(reader: Any, address: str) -> Callable[[None], object]:
    return lambda _: reader.get(address)


if __name__ == "__main__":
    main()
