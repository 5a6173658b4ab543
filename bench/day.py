"""A real day of an identity provider, over HTTP: everybody is brought, then 1 % change."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager

from tests.site import Site

from . import live, site
from .day_client import Day, Target
from .day_table import share, tenths

CONNECTIONS = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--connections", type=int, default=CONNECTIONS)
    parser.add_argument("--sqlite", action="store_true", help="on a new SQLite database")
    parser.add_argument(
        "--floor", action="store_true", help="tenth by tenth beside the floor of the yardstick"
    )
    parser.add_argument("--url", help="of another SCIM service, such as http://127.0.0.1:8000/scim/v2")
    parser.add_argument("--token", default="", help="its bearer token")
    options = parser.parse_args()
    if options.floor and (options.sqlite or options.url):
        parser.error("The floor is measured on PostgreSQL beside a site of our own.")
    other = Target("the other", options.url, options.token) if options.url else None
    with targets(other, sqlite=options.sqlite, floor=options.floor) as services:
        days = [Day(service, options.connections) for service in services]
        for numbers in tenths(options.people):
            for day in days:
                day.bring(numbers)
        for day in days:
            day.tell_of_arrival()
            day.change(options.people)
            day.tell_of_change()
        for floor in days[1:]:
            print(f"\nshare of the floor: {share(days[0].rates, floor.rates):.2f}")
    print(f"\nload average {os.getloadavg()[0]:.1f}")


@contextmanager
def targets(other: Target | None, *, sqlite: bool, floor: bool) -> Iterator[list[Target]]:
    """What is measured; Django is set up in this process."""
    if other:
        with site.prepared(sqlite=True):
            yield [other]
        return
    with live.server(sqlite=sqlite), live.floor(wanted=floor) as floors, live.serving() as ours:
        from .company import define_attributes
        from .people import Company

        define_attributes(Company())
        sites: list[tuple[str, str, Site]] = [("ours", ours.token("Directory"), ours)]
        sites += [(it.name, it.bearer, it) for it in floors]
        yield [Target(name, f"{it.url}/scim/v2", token, it) for name, token, it in sites]


if __name__ == "__main__":
    main()
