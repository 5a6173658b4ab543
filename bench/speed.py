"""The yardstick: our speed beside SQL and JSON by hand and beside a peer, by `python -m bench.speed`."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from tests import postgresql

from .yardstick.driver import CONNECTIONS, driver_name
from .yardstick.field import missing, serve
from .yardstick.figures import FLOOR, OURS, PEER, SCIM2_SERVER, SCIMMY, record, table
from .yardstick.plot import plot
from .yardstick.race import Race, check, memory_watched
from .yardstick.works import BULK, CREATE, GET, MATCH, PAGES, PATCH, prepared

PLOT = Path("docs/speed.svg")
SITES = (OURS, FLOOR, PEER)
FOR_THE_RECORD = (OURS, FLOOR, SCIM2_SERVER, SCIMMY)
IN_MEMORY_PEOPLE = 1_000
WORKS = (MATCH, GET, PAGES, PATCH, CREATE, BULK)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=3, help="of each kind of work in a round")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument(
        "--for-the-record",
        action="store_true",
        help=f"beside peers that keep people in memory, {IN_MEMORY_PEOPLE:,} of them, instead",
    )
    parser.add_argument("--only", default=",".join(SITES), help="sites, by commas; ours always runs")
    parser.add_argument("--works", default=",".join(WORKS), help="kinds of work, by commas")
    parser.add_argument("--plot", type=Path, default=PLOT, help="drawn when every site does all the work")
    chosen = parser.parse_args()
    if chosen.for_the_record:
        chosen.people, chosen.only = IN_MEMORY_PEOPLE, ",".join(FOR_THE_RECORD)
        chosen.works = chosen.works.replace(BULK, "")
    return chosen


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    chosen = options()
    works = [work for work in WORKS if work in chosen.works.split(",")]
    names = chosen.only.split(",")
    for name in missing(names):
        say(f"{name} is left out: there is no node with npm")
        names.remove(name)
    with tempfile.TemporaryDirectory() as name, postgresql.server() as os.environ["DATABASE_URL"]:
        folder = Path(name)
        with serve(folder, chosen.people, names) as sites:
            ours = sites[OURS]
            requests = prepared(ours.everybody())
            check(sites, requests)
            say(f"{', '.join(sites)} answer alike about {chosen.people:,} people")
            with memory_watched(ours) as megabytes:
                race = Race(sites, requests, folder, chosen.seconds)
                rates = race.run(chosen.rounds, works, say)
    if set(works) == set(WORKS) and len(sites) == len(SITES):
        chosen.plot.write_text(plot(rates))
    print(record(rates) if chosen.for_the_record else table(rates))
    print(f"\nMedians of {chosen.rounds} rounds of {chosen.seconds} s, {chosen.people:,} people.")
    print(f"{CONNECTIONS} connections by {driver_name()}; {os.cpu_count()} processors for everything.")
    print(f"The larger of our workers held at most {max(megabytes):.0f} MB.")


if __name__ == "__main__":
    main()
