"""The yardstick measures the same work on every site, and reckons and draws what it measured."""

import json
import os
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import psycopg
import pytest

from bench.bodies import body
from bench.people import Company
from bench.yardstick.driver import Refused, Request, drive, fresh_number, save
from bench.yardstick.field import missing, serve
from bench.yardstick.figures import FLOOR, OURS, PEER, SCIMMY, SINGLES, ratio, record, table
from bench.yardstick.floor import PEAKON
from bench.yardstick.in_memory import SENT, Scimmy
from bench.yardstick.plot import plot
from bench.yardstick.race import check
from bench.yardstick.sites import Contender, shape
from bench.yardstick.works import BULK, CREATE, GET, MATCH, PAGES, PATCH, USERS, prepared

RATES = {
    MATCH: {OURS: [80.0, 50.0, 90.0], FLOOR: [100.0, 100.0, 100.0], PEER: [20.0, 25.0, 45.0]},
    BULK: {OURS: [500.0, 500.0, 500.0], SINGLES: [100.0, 50.0, 100.0]},
}
SVG = "{http://www.w3.org/2000/svg}"
PEOPLE = 20
postgresql_only = pytest.mark.skipif(
    not os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="the floor needs PostgreSQL"
)


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    # Of the medians it would be 80 / 25 = 3.2: a round in which the machine was slow is slow for all.
    assert ratio(RATES[MATCH], PEER) == 2.0
    assert ratio(RATES[BULK], FLOOR) is None


def test_table_has_targets_beside_what_was_reached() -> None:
    heads, _, match, bulk = table(RATES).splitlines()
    assert heads.startswith(
        "| work | ours, 1/s | floor, 1/s | django-scim2, 1/s | one by one, 1/s | ours / floor"
    )
    assert "| 80 | 100 | 25 | – | 0.80 (reached ≥ 0.6) | 2.00 (short of ≥ 2.5) | – |" in match
    assert bulk.endswith("| 500 | – | – | 100 | – | – | 5.00 (short of ≥ 10) |")


def test_record_says_what_part_of_the_floor_each_reaches() -> None:
    heads, _, match = record({MATCH: RATES[MATCH]}).splitlines()
    assert heads == "| work | ours, 1/s | floor, 1/s | django-scim2, 1/s |"
    assert match == "| match (`userName eq`) | 80 (0.80) | 100 (1.00) | 25 (0.25) |"


def test_a_site_without_its_interpreter_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    assert missing([OURS, FLOOR, SCIMMY]) == [SCIMMY]


def test_plot_is_well_formed_and_to_scale() -> None:
    root = ElementTree.fromstring(plot(RATES))
    ours, peer = (float(bar.attrib["width"]) for bar in root.iter(f"{SVG}rect"))
    assert peer / ours == pytest.approx(0.25 / 0.8, abs=0.01)
    target = next(line for line in root.iter(f"{SVG}line") if line.attrib["class"] == "target")
    start = float(next(root.iter(f"{SVG}rect")).attrib["x"])
    assert (float(target.attrib["x1"]) - start) / ours == pytest.approx(0.6 / 0.8, abs=0.01)
    assert "django-scim2" in " ".join(root.itertext())


def test_shape_keeps_members_and_drops_values() -> None:
    assert shape({"a": [{"b": 1}], "c": "x"}) == {"a": [{"b": None}], "c": None}
    assert shape({"a": [{"b": 1}]}) != shape({"a": [{"b": 1}, {"b": 2}]})


def test_a_peer_in_memory_keeps_what_was_sent(tmp_path: Path) -> None:
    peer = Scimmy(tmp_path, "")
    person = {name: {"value": "ada@example.com"} for name in SENT}
    ours = 200, person | {PEAKON: {"Department": "Design"}}
    assert peer.alike((200, person), ours)
    assert peer.alike((204, None), ours)
    assert peer.alike((200, {"Resources": [person] * 2}), (200, {"Resources": [person] * 2}))
    assert not peer.alike((200, {"Resources": [person]}), (200, {"Resources": [person] * 2}))
    assert not peer.alike((200, person | {"name": {}}), ours)


def audited(site: Contender) -> list[Any]:
    """How often each kind of write was recorded since everybody had come."""
    changes = next(table for table, _ in site.people_tables if "change" in table)
    newest = (
        f"SELECT action, count(*) FROM {changes} WHERE at > now() - interval '1 hour' GROUP BY 1 ORDER BY 1"
    )
    with psycopg.connect(site.database) as connection:
        return connection.execute(newest).fetchall()


def known(document: dict[str, Any]) -> dict[str, Any]:
    """A document without what a site gives to a newcomer and a write by itself."""
    meta = {name: document["meta"][name] for name in ("resourceType", "version")}
    return {name: value for name, value in document.items() if name != "id"} | {"meta": meta}


@postgresql_only
def test_the_floor_answers_what_we_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(tmp_path, PEOPLE, [FLOOR]) as sites:
        ours, floor = sites[OURS], sites[FLOOR]
        people = ours.everybody()
        requests = prepared(people)
        assert len(people) == PEOPLE
        for work in (MATCH, GET, PAGES):
            assert ours.ask(requests[work][0]) == floor.ask(requests[work][0])
        for work in (PATCH, CREATE):
            request = requests[work][0].numbered(fresh_number())
            (status, mine), (its_status, its) = ours.ask(request), floor.ask(request)
            assert (status, known(mine)) == (its_status, known(its))
        assert list(map(known, ours.everybody())) == list(map(known, floor.everybody()))
        assert len(ours.everybody()) == PEOPLE + 1
        assert audited(ours) == audited(floor) == [("created", 1), ("updated", 1)]
        assert floor.ask(request)[0] == 409
        check(sites, requests)
        assert len(ours.everybody()) == len(floor.everybody()) == PEOPLE
        saved = save(requests[MATCH], tmp_path / "match.tsv")
        for path in (os.environ["PATH"], os.devnull):  # where wrk may be, and where it is missing
            monkeypatch.setenv("PATH", path)
            assert drive(floor.url, floor.bearer, saved, 1) > 0
            with pytest.raises(Refused):
                drive(floor.url, "unknown", saved, 1)


DEFINE = """
from bench.company import define_attributes
from bench.people import Company
define_attributes(Company())
"""


@postgresql_only
def test_the_floor_keeps_what_a_day_brings(tmp_path: Path) -> None:
    with serve(tmp_path, 1, [FLOOR]) as sites:
        ours, floor = sites[OURS], sites[FLOOR]
        ours.manage("shell", "--no-imports", "-c", DEFINE)
        boss = ours.everybody()[0]["id"]
        person = body(Company(), 1, lambda number: boss)
        request = Request("POST", USERS, json.dumps(person))
        (status, mine), (its_status, its) = ours.ask(request), floor.ask(request)
        assert status == its_status == 201
        assert known(mine) == known(its)
        assert its[PEAKON].items() >= person[PEAKON].items()
        assert its[PEAKON]["Manager"]["value"] == boss
        assert len(person[PEAKON]) == 10
        assert found_by(ours) == found_by(floor)


def found_by(site: Contender) -> Any:
    """The keys under which the newest person is found, but for those who are waited for or referred to."""
    table, column = site.people_tables[0]
    newest = (
        f"SELECT key FROM {table} WHERE {column} = (SELECT max({column}) FROM {table}) AND name <> 'refers'"
    )
    with psycopg.connect(site.database) as connection:
        return sorted(connection.execute(newest).fetchall())
