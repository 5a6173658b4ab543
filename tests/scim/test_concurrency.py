"""Requests that reach a real gunicorn at the same moment; its workers are processes with threads."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx2
import pytest

from .conftest import ENTERPRISE, USER

ROUNDS = range(15)
MANAGER = f"{ENTERPRISE}:manager"
Person = dict[str, Any]
Request = Callable[[httpx2.Client], httpx2.Response]
Together = Callable[[Request, Request], tuple[httpx2.Response, httpx2.Response]]


@pytest.fixture
def together(live: httpx2.Client) -> Iterator[Together]:
    """Sends two requests at once, each on a connection of its own."""
    barrier = Barrier(2)

    def send(client: httpx2.Client, request: Request) -> httpx2.Response:
        barrier.wait(timeout=60)
        return request(client)

    def both(one: Request, other: Request) -> tuple[httpx2.Response, httpx2.Response]:
        first, second = pool.map(send, (live, second_client), (one, other))
        return first, second

    with (
        ThreadPoolExecutor(2) as pool,
        httpx2.Client(base_url=live.base_url, headers=live.headers, timeout=60) as second_client,
    ):
        yield both


def post(user_name: str, **attributes: Any) -> Request:
    return lambda http: http.post("/Users", json={"schemas": [USER], "userName": user_name, **attributes})


def put(person: Person, if_match: str, **values: Any) -> Request:
    body = {"userName": person["userName"], **values}
    return lambda http: http.put(f"/Users/{person['id']}", json=body, headers={"If-Match": if_match})


def patch_version(person: Person, if_match: str, **values: Any) -> Request:
    body = {"Operations": [{"op": "replace", "value": values}]}
    return lambda http: http.patch(f"/Users/{person['id']}", json=body, headers={"If-Match": if_match})


def patch(person: Person, **values: Any) -> Request:
    operation = {"op": "replace", "value": values}
    return lambda http: http.patch(f"/Users/{person['id']}", json={"Operations": [operation]})


def delete(person: Person) -> Request:
    return lambda http: http.delete(f"/Users/{person['id']}")


def read(http: httpx2.Client, person: Person) -> Person:
    document: Person = http.get(f"/Users/{person['id']}").json()
    return document


def version(person: Person) -> int:
    return int(person["meta"]["version"].removeprefix('W/"').removesuffix('"'))


def test_one_user_name_in_different_case_is_created_once(live: httpx2.Client, together: Together) -> None:
    for number in ROUNDS:
        answers = together(post(f"zoë.{number}@example.com"), post(f"ZOË.{number}@Example.com"))
        created, refused = sorted(answers, key=lambda answer: answer.status_code)
        assert (created.status_code, refused.status_code) == (201, 409)
        assert refused.json()["scimType"] == "uniqueness"
    assert live.get("/Users", params={"count": 0}).json()["totalResults"] == len(ROUNDS)


def test_two_changes_of_one_person_both_stay(live: httpx2.Client, together: Together) -> None:
    person = post("ada@example.com")(live).json()
    for number in ROUNDS:
        before = version(read(live, person))
        answers = together(
            patch(person, title=f"t{number}", emails=[{"value": f"{number}@example.com", "type": "work"}]),
            patch(person, nickName=f"n{number}", active=bool(number % 2)),
        )
        assert [answer.status_code for answer in answers] == [200, 200]
        after = read(live, person)
        assert (after["title"], after["nickName"], after["active"]) == (
            f"t{number}",
            f"n{number}",
            bool(number % 2),
        )
        assert after["emails"] == [{"value": f"{number}@example.com", "type": "work"}]
        assert version(after) == before + 2


def test_a_person_and_the_awaited_manager_arrive_together(live: httpx2.Client, together: Together) -> None:
    for number in ROUNDS:
        boss = f"boss{number}@example.com"
        arriving, manager = together(post(f"new{number}@example.com", **{MANAGER: boss}), post(boss.upper()))
        assert (arriving.status_code, manager.status_code) == (201, 201)
        assert read(live, arriving.json())[ENTERPRISE]["manager"]["value"] == manager.json()["id"]


def test_the_manager_arrives_while_the_report_is_written(live: httpx2.Client, together: Together) -> None:
    """The report waits already and is told the same again, which locks the two records in opposite order."""
    for number in ROUNDS:
        boss = f"boss{number}"
        report = post(f"report{number}", **{MANAGER: boss.upper()})(live).json()
        written, manager = together(patch(report, **{MANAGER: boss}, title="x"), post(boss))
        assert (written.status_code, manager.status_code) == (200, 201)
        after = read(live, report)
        assert after[ENTERPRISE]["manager"]["value"] == manager.json()["id"]
        assert after["title"] == "x"


def test_another_manager_is_named_while_the_awaited_one_arrives(
    live: httpx2.Client, together: Together
) -> None:
    """Whichever comes first: the manager named last is not the one who had been awaited."""
    other = post("other")(live).json()
    for number in ROUNDS:
        report = post(f"report{number}", **{MANAGER: f"boss{number}"})(live).json()
        written, arrived = together(patch(report, **{MANAGER: other["id"]}), post(f"boss{number}"))
        assert (written.status_code, arrived.status_code) == (200, 201)
        assert read(live, report)[ENTERPRISE]["manager"]["value"] == other["id"]


def test_a_change_while_the_person_is_deleted(live: httpx2.Client, together: Together) -> None:
    for number in ROUNDS:
        person = post(f"leaver{number}")(live).json()
        changed, deleted = together(patch(person, title="x"), delete(person))
        assert (changed.status_code, deleted.status_code) in {(200, 204), (404, 204)}
        assert live.get(f"/Users/{person['id']}").status_code == 404


def test_the_manager_is_deleted_while_the_report_is_written(live: httpx2.Client, together: Together) -> None:
    for number in ROUNDS:
        boss = post(f"boss{number}")(live).json()
        other = post(f"other{number}")(live).json()
        report = post(f"report{number}", **{MANAGER: boss["id"]})(live).json()
        together(patch(report, **{MANAGER: other["id"]}), patch(other, title="x"))
        written, deleted = together(patch(report, **{MANAGER: boss["id"]}), delete(boss))
        assert (written.status_code, deleted.status_code) == (200, 204)
        # Bound to nobody: a reference to someone deleted waits for the user name or for the id.
        assert read(live, report)[ENTERPRISE]["manager"].keys() == {"value"}
        assert live.get(f"/Users/{boss['id']}").status_code == 404


@pytest.mark.parametrize("writers", [(patch_version, patch_version), (put, patch_version), (put, put)])
def test_no_update_is_lost(live: httpx2.Client, together: Together, writers: tuple[Any, Any]) -> None:
    """Of two who change the version they have read one is refused, whose change is not there."""
    person = post("ada@example.com")(live).json()
    for number in ROUNDS:
        tag = read(live, person)["meta"]["version"]
        titles = f"one {number}", f"other {number}"
        answers = together(
            *(write(person, tag, title=title) for write, title in zip(writers, titles, strict=True))
        )
        assert sorted(answer.status_code for answer in answers) == [200, 412]
        after = read(live, person)
        winner = next(title for title, answer in zip(titles, answers, strict=True) if answer.is_success)
        assert (after["title"], version(after)) == (winner, int(tag[3:-1]) + 1)


def test_nobody_deletes_what_has_just_been_changed(live: httpx2.Client, together: Together) -> None:
    for number in ROUNDS:
        person = post(f"leaver{number}")(live).json()
        tag = {"If-Match": person["meta"]["version"]}
        changed, deleted = together(
            patch_version(person, tag["If-Match"], title="x"),
            lambda http, id_=person["id"], tag=tag: http.delete(f"/Users/{id_}", headers=tag),  # type: ignore[misc]
        )
        assert (changed.status_code, deleted.status_code) in {(200, 412), (404, 204)}
        assert live.get(f"/Users/{person['id']}").status_code == changed.status_code
