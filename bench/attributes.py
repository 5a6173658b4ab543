"""Measures searches by attributes, through the whole request: `python -m bench.attributes --employees N`."""

import argparse

from . import site


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--employees", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--repeats", type=int, default=15, help="requests of each kind in a round")
    parser.add_argument("--sqlite", action="store_true", help="on a new SQLite database")
    arguments = parser.parse_args()
    with site.prepared(sqlite=arguments.sqlite):
        from .attribute_searches import report

        report(arguments.employees, rounds=arguments.rounds, repeats=arguments.repeats)


if __name__ == "__main__":
    main()
