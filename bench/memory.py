"""What the workers hold in memory: idle, at large pages, in bulk requests, and after very many requests."""

import argparse
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.site import Site

from . import live
from .bulk import Client, retitled
from .yardstick.driver import CONNECTIONS, NUMBER, Request, drive, save

PEOPLE = 10_000
USERS = "/scim/v2/Users"
SECONDS = 15
"""How long the requests of one line of the table are sent."""

PAGES, PAGE = 50, 200
MIXTURE = 4_000
"""How many mixed requests there are before the first one is sent again."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=200_000, help="mixed ones after everything else")
    parser.add_argument("--people", type=int, default=PEOPLE, help="with 20 attributes each")
    parser.add_argument("--sqlite", action="store_true", help="on a new SQLite database")
    options = parser.parse_args()
    with (
        live.server(sqlite=options.sqlite),
        live.serving() as site,
        tempfile.TemporaryDirectory() as folder,
    ):
        report(site, options.people, options.requests, Path(folder))


def report(site: Site, people: int, requests: int, folder: Path) -> None:
    """Fills the site, and prints what each worker holds after each kind of work and held at most."""
    settle_in(people)
    pages = save([_page(start, PAGE) for start in range(1, people, PAGE)], folder / "pages.tsv")
    mixed = save(list(mixture(people)), folder / "mixed.tsv")
    token, client = site.token("Directory"), Client(site)
    print("| after | now, MB | at most, MB |\n|---|---:|---:|")
    tell(site, "the start")
    drive(site.url, token, mixed, SECONDS)
    tell(site, f"{SECONDS} s of mixed requests")
    for _ in range(PAGES):
        client.send("GET", f"/Users?count={PAGE}", None)
    tell(site, f"{PAGES} pages of {PAGE} with 20 attributes, one after the other")
    drive(site.url, token, pages, SECONDS)
    tell(site, f"{SECONDS} s of the same at {CONNECTIONS} connections")
    for _ in range(5):
        client.create_many()
        client.patch_many()
    tell(site, "ten bulk requests of 1,000")
    sent = 0.0
    while sent < requests:
        seconds = max(SECONDS, 4 * SECONDS * (requests > 10_000))
        sent += seconds * drive(site.url, token, mixed, seconds)
        tell(site, f"{sent:,.0f} mixed requests more")


def settle_in(people: int) -> None:
    """Writes people with 20 attributes each into the database of this process."""
    from .company import define_attributes, found
    from .load import widened
    from .people import Company
    from .site import Directory

    directory = Directory()
    company = widened(Company(provider=directory.actor.key))
    define_attributes(company)
    found(company, people, actor=directory.actor)


def mixture(people: int) -> Iterator[Request]:
    """Requests of every kind in an order of chance, about people of chance."""
    from .bodies import body, user_name
    from .load import widened
    from .people import Company

    company, random = widened(Company()), Random(7)
    newcomer = json.dumps(body(company, people, lambda number: str(company.identity(number)["uuid"])))
    newcomer = newcomer.replace(user_name(company, people), f"new.{NUMBER}@example.com")
    for _ in range(MIXTURE):
        number = random.randrange(people)
        someone = f"{USERS}/{company.identity(number)['uuid']}"
        match = f'{USERS}?filter=userName%20eq%20"{user_name(company, number)}"'.replace('"', "%22")
        yield random.choices(
            [
                Request("GET", match),
                Request("GET", someone),
                Request("PATCH", someone, json.dumps(retitled(f"Title {NUMBER}"))),
                Request("POST", USERS, newcomer),
                _page(random.randrange(people - 100), 100),
            ],
            weights=(40, 25, 20, 10, 5),
        )[0]


def tell(site: Site, after: str) -> None:
    """Prints a line of the table, and lets the peaks begin anew."""
    workers = live.workers(site)
    now = " and ".join(f"{live.rss(worker):.1f}" for worker in workers)
    most = " and ".join(f"{live.peak(worker):.1f}" for worker in workers)
    print(f"| {after} | {now} | {most} |", flush=True)
    for worker in workers:
        live.forget_peak(worker)


def _page(start: int, count: int) -> Request:
    return Request("GET", f"{USERS}?startIndex={start}&count={count}")


if __name__ == "__main__":
    main()
