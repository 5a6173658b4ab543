"""The pure parts of the measurement of growth: what it is asked, its figures, its table and its picture."""

import xml.etree.ElementTree as ElementTree
from itertools import pairwise

import pytest

from bench.curves import svg
from bench.growth_table import (
    FIRST_PAGE,
    FLAT,
    GET,
    KINDS,
    LATE_PAGE,
    PARTS,
    database_of,
    p50,
    p95,
    ratio,
    sizes_of,
    table,
    too_much,
)
from bench.latencies import percentile, timed


def test_sizes_ascend_whatever_their_order() -> None:
    assert sizes_of("100_000,1000,1000") == [1_000, 100_000]


@pytest.mark.parametrize("text", ["", "many", "1000,,10000", "999,10000"])
def test_sizes_that_cannot_be_measured(text: str) -> None:
    with pytest.raises(ValueError, match=r"invalid literal|less than"):
        sizes_of(text)


def test_database_of_a_size() -> None:
    assert database_of("1000=postgres://host/name?a=b") == (1_000, "postgres://host/name?a=b")


@pytest.mark.parametrize("text", ["postgres://host/name", "1000=", "many=postgres://host/name"])
def test_database_without_a_size_or_an_address(text: str) -> None:
    with pytest.raises(ValueError, match=r"SIZE=URL|invalid literal"):
        database_of(text)


@pytest.mark.parametrize(("percent", "expected"), [(0, 1), (50, 50), (95, 95), (99.5, 100), (100, 100)])
def test_percentiles_by_nearest_rank(percent: float, expected: float) -> None:
    assert percentile([float(number) for number in range(100, 0, -1)], percent) == expected


def test_percentile_of_one_and_of_none() -> None:
    assert percentile([3.0], 95) == 3.0
    with pytest.raises(ValueError, match="Nothing"):
        percentile([], 50)


def test_what_prepares_a_request_is_called_for_each_and_patience_ends() -> None:
    sent: list[int] = []
    prepared = iter(range(10))
    assert len(timed(lambda: next(prepared), sent.append, 4)) == 4
    assert sent == [0, 1, 2, 3]
    assert len(timed(lambda: None, lambda _: None, 100, patience=0)) == 0


def test_a_noisy_round_does_not_count() -> None:
    calm, noisy = [[1.0, 2.0, 9.0], [2.0], [2.0]], [[2.0, 2.0, 2.0], [4.0], [90.0]]
    assert p50(calm) == 2.0
    assert p95(calm) == 9.0
    # Each round against its own: 1, 2 and 45 times.
    assert ratio(noisy, calm) == 2.0


def measured(**times: float) -> dict[int, dict[str, list[list[float]]]]:
    """One round in which every kind takes 10 ms at 1,000 people and so many times that at 10,000."""
    return {
        1_000: {kind: [[10.0]] for kind in KINDS},
        10_000: {kind: [[10.0 * times.get(kind, 1.0)]] for kind in KINDS},
    }


def test_table_says_what_grows_too_much() -> None:
    grown = measured(**{GET: 1.31, LATE_PAGE: 40.0, PARTS[0]: 9.0})
    lines = table(grown).splitlines()
    assert lines[0] == "| p50 / p95, ms | 1,000 | 10,000 | × | may be |"
    assert f"| {GET} | 10.0 / 10.0 | 13.1 / 13.1 | **1.31** | 1.3 |" in lines
    assert f"| {FLAT[0]} | 10.0 / 10.0 | 10.0 / 10.0 | 1.00 | 1.3 |" in lines
    assert f"| {PARTS[0]} | 10.0 / 10.0 | 90.0 / 90.0 | 9.00 | – |" in lines
    assert lines[-1].endswith(f"takes 40.00 × {FIRST_PAGE} (may be 20), 400 ms (may be 300).")
    assert too_much(grown) == [GET, LATE_PAGE]


def test_nothing_grows_too_much() -> None:
    assert too_much(measured()) == []


def test_picture_names_every_curve_on_its_own_line() -> None:
    curves = {"a < b": [(1_000.0, 1.0), (1_000_000.0, 2.0)]}
    curves |= {f"kind {number}": [(1_000.0, 1.5), (1_000_000.0, 2.0)] for number in range(18)}
    root = ElementTree.fromstring(svg(curves, x="employees", y="ms"))
    name = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f"{name}polyline")) == len(curves)
    labels = {text.text: float(text.attrib["y"]) for text in root.findall(f"{name}text")}
    heights = sorted(labels[kind] for kind in curves)
    assert all(below - above >= 14 for above, below in pairwise(heights))
    assert heights[-1] < 560
    assert {"1,000", "1,000,000", "employees", "ms"} <= labels.keys()
    # Ten times as many are always as far to the right.
    places = root.findall(f"{name}polyline")[0].attrib["points"].split()
    assert [place.split(",")[0] for place in places] == ["70.0", "630.0"]


def test_picture_of_nothing() -> None:
    with pytest.raises(ValueError, match="empty"):
        svg({}, x="employees", y="ms")
