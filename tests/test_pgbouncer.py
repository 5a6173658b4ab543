"""The site behind a real pgbouncer that hands a session to somebody else after each transaction."""

import os
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
from django.conf import settings

from tests.pgbouncer import NO_PGBOUNCER, find_pgbouncer, pooled
from tests.scim.bulk_requests import delete, id_of, patch, post
from tests.scim.conftest import ENTERPRISE
from tests.site import Site, fresh_database

SESSIONS = 2
"""How many sessions of PostgreSQL there are for everybody."""

CLIENTS = 12
EACH = 12
"""How many people each client brings one by one; as many come in a bulk request."""

MANAGER = f"{ENTERPRISE}:manager"
HOURS_AWAY = 9


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database whose sessions would begin in another time zone than the site's."""
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        pytest.skip("pgbouncer is for PostgreSQL.")
    with fresh_database(tmp_path_factory.mktemp("database")) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            name = connection.info.dbname
            connection.execute(f"ALTER DATABASE {name} SET TimeZone TO 'Asia/Tokyo'")
        yield url


@pytest.fixture(scope="module")
def pooled_site(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that knows its database by way of pgbouncer alone, from the first migration on."""
    program = find_pgbouncer()
    if program is None:
        (pytest.fail if os.environ.get("REQUIRE_PGBOUNCER") else pytest.skip)(NO_PGBOUNCER)
    folder = tmp_path_factory.mktemp("pooled")
    with pooled(program, folder, database_url, sessions=SESSIONS) as url:
        site = Site(folder, url, DATABASE_POOLED="true", SCIM_RATE_LIMIT="0")
        site.manage("prepare")
        site.manage("provisioning", "enable")
        with site.serving():
            yield site


@pytest.fixture(scope="module")
def scim(pooled_site: Site) -> Iterator[httpx2.Client]:
    headers = {"Authorization": f"Bearer {pooled_site.token('Directory')}"}
    with httpx2.Client(base_url=f"{pooled_site.url}/scim/v2", headers=headers, timeout=120) as client:
        yield client


def test_everybody_at_once(pooled_site: Site, scim: httpx2.Client, database_url: str) -> None:
    """Many clients match, create, change, deactivate and send in bulk; every answer is their own."""
    begun = datetime.now(UTC) - timedelta(seconds=1)
    scim.post("/Users", json={"userName": "boss"}).raise_for_status()
    with ThreadPoolExecutor(CLIENTS + 1) as pool:
        watched = pool.submit(sessions, database_url, 3.0)
        list(pool.map(lambda client: bring(scim, client), range(CLIENTS)))
        assert watched.result() == SESSIONS
    found = scim.get("/Users", params={"count": 200, "filter": 'userName sw "c" and not (title pr)'}).json()
    assert found["totalResults"] == 0
    assert total(scim, 'userName sw "c"') == CLIENTS * EACH * 2 - CLIENTS
    assert total(scim, f"active eq false and {MANAGER} pr") == CLIENTS * (EACH - 1)
    moments = [meta[key] for meta in metas(scim) for key in ("created", "lastModified")]
    assert all(begun < datetime.fromisoformat(moment) < datetime.now(UTC) for moment in moments)
    assert "ERROR" not in pooled_site.log()


def bring(scim: httpx2.Client, client: int) -> None:
    """Sends the people of one client, and holds every answer against what was sent."""
    with httpx2.Client(base_url=scim.base_url, headers=scim.headers, timeout=120) as http:
        ids = [bring_one(http, f"c{client}.{number}") for number in range(EACH)]
        names = [f"c{client}.bulk{number}" for number in range(EACH)]
        created = bulk(http, [post(name, name, title=name) for name in names])
        assert {outcome["status"] for outcome in created} == {"201"}
        gone, *_ = (id_of(outcome) for outcome in created)
        changes = [patch(id_, active=False, **{MANAGER: "boss"}) for id_ in ids[1:]]
        assert {outcome["status"] for outcome in bulk(http, [*changes, delete(gone)])} == {"200", "204"}
        assert http.get(f"/Users/{gone}").status_code == 404
        for number, id_ in enumerate(ids):
            assert http.get(f"/Users/{id_}").json()["title"] == f"T c{client}.{number}"


def bring_one(http: httpx2.Client, name: str) -> str:
    """Brings somebody as identity providers do: a match, a create, a match, a change."""
    where = {"filter": f'userName eq "{name.upper()}"'}
    assert http.get("/Users", params=where).json()["totalResults"] == 0
    created = http.post("/Users", json={"userName": name, "externalId": f"x-{name}"})
    assert created.status_code == 201, created.text
    id_: str = created.json()["id"]
    assert [person["id"] for person in http.get("/Users", params=where).json()["Resources"]] == [id_]
    change = {"Operations": [{"op": "replace", "path": "title", "value": f"T {name}"}]}
    changed = http.patch(f"/Users/{id_}", json=change).json()
    assert (changed["userName"], changed["externalId"], changed["title"]) == (name, f"x-{name}", f"T {name}")
    assert http.post("/Users", json={"userName": name}).status_code == 409
    return id_


def bulk(http: httpx2.Client, operations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    response = http.post("/Bulk", json={"Operations": operations})
    assert response.status_code == 200, response.text
    outcomes: list[dict[str, Any]] = response.json()["Operations"]
    return outcomes


def total(scim: httpx2.Client, filter_: str) -> int:
    found: int = scim.get("/Users", params={"count": 0, "filter": filter_}).json()["totalResults"]
    return found


def metas(scim: httpx2.Client) -> list[dict[str, str]]:
    """Everybody's time stamps, from page to page by cursor."""
    found, cursor = [], ""
    while True:
        page = scim.get("/Users", params={"count": 100, "cursor": cursor}).json()
        found += [person["meta"] for person in page["Resources"]]
        if not (cursor := page.get("nextCursor", "")):
            return found


def sessions(database_url: str, seconds: float) -> int:
    """How many sessions others have on the database, most of the time that it is watched.

    One that pgbouncer replaces is still there for a moment beside the new one.
    """
    seen: Counter[int] = Counter()
    end = time.monotonic() + seconds
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    with psycopg.connect(database_url, autocommit=True) as connection:
        while time.monotonic() < end:
            row = connection.execute(query).fetchone()
            seen[row[0] if row else 0] += 1
            time.sleep(0.02)
    return seen.most_common(1)[0][0]


def test_pages_of_the_administration(pooled_site: Site) -> None:
    """Sessions, lists, and forms whose choices are read in parts: what server-side cursors would break."""
    with httpx2.Client(base_url=pooled_site.url, follow_redirects=True, timeout=60) as browser:
        browser.get("/admin/login/")
        secret = {"csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        account = {"username": pooled_site.admin_email, "password": pooled_site.admin_password}
        assert "/admin/logout/" in browser.post("/admin/login/", data=secret | account).text
        with ThreadPoolExecutor(CLIENTS) as pool:
            pages = ["employees/employee/", "employees/change/", "auth/group/add/"] * CLIENTS
            answers = list(pool.map(lambda page: browser.get(f"/admin/{page}"), pages))
        assert {answer.status_code for answer in answers} == {200}
        assert all("Can add employee" in answer.text for answer in answers[2::3])


def test_time_stamps_in_another_time_zone(scim: httpx2.Client, database_url: str) -> None:
    """The sessions of the database are nine hours away from the site's; answers are in UTC all the same."""
    created = scim.post("/Users", json={"userName": "punctual"}).json()
    moment = datetime.fromisoformat(created["meta"]["created"])
    assert abs(datetime.now(UTC) - moment) < timedelta(minutes=1)
    with psycopg.connect(database_url) as connection:
        query = "SELECT created_at, current_setting('TimeZone') FROM employees_employee WHERE uuid = %s"
        row = connection.execute(query, [created["id"]]).fetchone()
    assert row is not None
    assert row == (moment, "Asia/Tokyo")
    assert row[0].utcoffset() == timedelta(hours=HOURS_AWAY)
    earlier = (moment - timedelta(seconds=1)).isoformat()
    assert total(scim, f'userName eq "punctual" and meta.created gt "{earlier}"') == 1


def test_prepare_again(pooled_site: Site, tmp_path: Path) -> None:
    """A second machine that starts on the same database finds it migrated."""
    second = Site(tmp_path, pooled_site.environment["DATABASE_URL"], DATABASE_POOLED="true")
    assert "The first administrator" not in second.manage("prepare")
    assert "[ ]" not in second.manage("showmigrations")
