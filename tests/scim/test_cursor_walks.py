"""Walks by cursor: they give what pages by index give; nobody is missed or met twice while others write."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from employees.models import Employee
from scim.protocol.messages import SearchRequest
from tests.scim.conftest import USER
from tests.scim.oracle import DECIMALS, LONG_TEXTS
from tests.scim.test_filter_agreement import PATHS, RESOURCE_TYPE, USERS, combined, person, terms, value_paths

SORTABLE = [name for name in PATHS if name != "schemas"]
PEAKON = "urn:ietf:params:scim:schemas:extension:peakon:2.0:User"
EXAMPLES = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

Search = Callable[..., Any]


def search(**parameters: Any) -> Any:
    return USERS.search(SearchRequest.parse(RESOURCE_TYPE, parameters))


def pages(ask: Search, **parameters: Any) -> Iterator[list[str]]:
    """The SCIM ids on each page of a walk, which asks for the next one only when it is wanted."""
    cursor: str | None = ""
    while cursor is not None:
        answer = ask(cursor=cursor, **parameters)
        cursor = answer.get("nextCursor")
        assert len(answer["Resources"]) == answer["itemsPerPage"]
        assert answer["Resources"] or cursor is None
        yield [resource["id"] for resource in answer["Resources"]]


def walked(**parameters: Any) -> list[str]:
    return [id_ for page in pages(search, **parameters) for id_ in page]


def listed(**parameters: Any) -> list[str]:
    """The same people by index, all on one page."""
    return [resource["id"] for resource in search(count=200, **parameters)["Resources"]]


@pytest.fixture(params=[1, 2])
def company(request: pytest.FixtureRequest, db: None) -> None:
    """Random people, some with a manager among them; every third has a twin in everything but the name."""
    numbers = random.Random(request.param)
    ids: list[str] = []
    for position in range(14):
        body = person(numbers, position)
        body.setdefault(RESOURCE_TYPE.extensions[0].urn, {})["manager"] = numbers.choice([*ids, "nobody", ""])
        ids.append(USERS.create(body)["id"])
        if position % 2:
            USERS.create(body | {"userName": f"twin {body['userName']}"})


@pytest.mark.parametrize("order", ["ascending", "descending"])
def test_every_sort_order_is_continued(company: None, order: str) -> None:
    for name in SORTABLE:
        parameters = {"sortBy": name, "sortOrder": order}
        assert walked(count=7, **parameters) == listed(**parameters), name


@settings(EXAMPLES, max_examples=60)
@given(
    filter_=st.just("") | combined(terms() | value_paths()),
    sort_by=st.sampled_from(["", *SORTABLE]),
    order=st.sampled_from(["ascending", "descending"]),
    count=st.integers(1, 9),
)
def test_walks_agree_with_pages_by_index(
    company: None, filter_: str, sort_by: str, order: str, count: int
) -> None:
    parameters = {"filter": filter_, "sortBy": sort_by, "sortOrder": order}
    assert walked(count=count, **parameters) == listed(**parameters)


def test_descending_is_ascending_reversed(company: None) -> None:
    for name in ("title", "active", "meta.created", "emails"):
        assert listed(sortBy=name) == listed(sortBy=name, sortOrder="descending")[::-1]


@pytest.mark.parametrize("order", ["ascending", "descending"])
def test_extreme_values_that_stand_twice(db: None, order: str) -> None:
    """Numbers at the ends of a double; texts too long for an address that differ at their ends alone."""
    texts = [*LONG_TEXTS, "x" * 3_999 + "y", "名" * 199, "名" * 200, "名" * 201, "👩" * 3_000]
    for number, value in enumerate(DECIMALS * 2):
        USERS.create({"userName": f"n{number}", PEAKON: {"Share": value}})
    for number, text in enumerate(texts * 2):
        USERS.create({"userName": f"t{number}", "title": text, PEAKON: {"Level": number - 2**60}})
    for name in ("title", f"{PEAKON}:Share", f"{PEAKON}:Level"):
        parameters = {"sortBy": name, "sortOrder": order}
        assert walked(count=1, **parameters) == listed(**parameters), name


def test_a_cursor_fits_into_an_address(db: None) -> None:
    for number in range(2):
        USERS.create({"userName": f"p{number}", "title": "".join(map(chr, range(0x20000, 0x200C8)))})
    assert len(search(cursor="", count=1, sortBy="title")["nextCursor"]) < 4_000


def test_the_place_of_somebody_who_left_is_kept(db: None) -> None:
    """Also when it must be read from their record, since it is too long for a cursor."""
    ids = [USERS.create({"userName": f"p{n}", "title": f"{'x' * 500}{n}"})["id"] for n in range(4)]
    walk = pages(search, count=2, sortBy="title", filter='title sw "x"')
    assert next(walk) == ids[:2]
    USERS.delete(ids[1])
    assert next(walk) == ids[2:]


Act = tuple[str, int]


@settings(EXAMPLES, max_examples=20)
@given(
    acts=st.lists(
        st.lists(
            st.tuples(st.sampled_from(["hire", "delete", "rename", "retitle"]), st.integers(0, 99)),
            max_size=4,
        ),
        max_size=8,
    ),
    sort_by=st.sampled_from(["", "displayName", "meta.created"]),
    order=st.sampled_from(["ascending", "descending"]),
    count=st.integers(1, 4),
)
def test_others_write_between_the_pages(
    db: None, acts: list[list[Act]], sort_by: str, order: str, count: int
) -> None:
    """Who stays is met exactly once; who arrives at most once, and exactly once in the order of arrival."""
    for uuid in Employee.objects.present().values_list("uuid", flat=True):
        USERS.delete(str(uuid))
    staff = [USERS.create({"userName": f"p{n}", "displayName": f"D{n % 4}"})["id"] for n in range(9)]
    everybody, gone = set(staff), set[str]()
    met: list[str] = []
    walk = pages(search, count=count, sortBy=sort_by, sortOrder=order)
    for turn, page in enumerate(walk):
        met += page
        arrived = set(everybody)
        for act, number in acts[turn] if turn < len(acts) else ():
            someone = sorted(everybody - gone)[number % len(everybody - gone)] if everybody - gone else None
            if act == "hire" or someone is None:
                body = {"userName": f"new{turn}.{len(everybody)}", "displayName": f"D{number % 4}"}
                everybody.add(USERS.create(body)["id"])
            elif act == "delete":
                USERS.delete(someone)
                gone.add(someone)
            else:
                path = "title" if act == "retitle" else "userName"
                operation = {"op": "replace", "path": path, "value": f"{turn} {number} {someone}"}
                USERS.patch(someone, {"Operations": [operation]})
    assert len(met) == len(set(met))
    assert set(staff) - gone <= set(met)
    if not sort_by:
        assert arrived - gone <= set(met)


def test_whoever_changes_comes_again_behind_everybody(db: None) -> None:
    """By lastModified people only move ahead of the walk: changed ones are met again, nobody is missed."""
    ids = [USERS.create({"userName": f"p{number}"})["id"] for number in range(6)]
    since = search(filter=f'id eq "{ids[0]}"')["Resources"][0]["meta"]["lastModified"]
    walk = pages(search, filter=f'meta.lastModified gt "{since}"', sortBy="meta.lastModified", count=2)
    assert next(walk) == ids[1:3]
    for changed in (ids[0], ids[1], ids[4]):
        USERS.patch(changed, {"Operations": [{"op": "replace", "path": "title", "value": "T"}]})
    assert [id_ for page in walk for id_ in page] == [ids[3], ids[5], ids[0], ids[1], ids[4]]


@pytest.mark.parametrize("sort_by", ["", "userName"])
def test_a_walk_through_the_real_site_while_another_client_writes(live: httpx2.Client, sort_by: str) -> None:
    def post(name: str) -> str:
        answer = live.post("/Users", json={"schemas": [USER], "userName": name})
        id_: str = answer.raise_for_status().json()["id"]
        return id_

    staff = [post(f"p{number:03}@example.com") for number in range(150)]
    stop, gone = Event(), set[str]()

    def write(others: list[str]) -> int:
        hired = 0
        with httpx2.Client(base_url=live.base_url, headers=live.headers, timeout=60) as http:
            while others and not stop.is_set():
                body = {"schemas": [USER], "userName": f"p{hired % 10}new{hired}@example.com"}
                http.post("/Users", json=body).raise_for_status()
                hired += 1
                operation = {"op": "replace", "path": "title", "value": "T"}
                http.patch(f"/Users/{others.pop()}", json={"Operations": [operation]}).raise_for_status()
                leaver = others.pop()
                gone.add(leaver)
                http.delete(f"/Users/{leaver}").raise_for_status()
        return hired

    def ask(**query: Any) -> Any:
        return live.get("/Users", params=query).raise_for_status().json()

    with ThreadPoolExecutor(1) as pool:
        others = random.Random(1).sample(staff, len(staff))
        writer = pool.submit(write, others)
        try:
            met = [id_ for page in pages(ask, count=2, sortBy=sort_by) for id_ in page]
        finally:
            stop.set()
        assert writer.result() > 0
    assert len(met) == len(set(met))
    assert set(staff) - gone <= set(met)
