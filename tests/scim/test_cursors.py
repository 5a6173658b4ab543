"""Paging by cursor: the messages and errors of RFC 9865, what a cursor is bound to, and what a page asks."""

from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from scim2_models import ListResponse, ServiceProviderConfig, User

from employees.models import Attribute as CompanyAttribute
from scim.company import company_of
from scim.cursors import TIMEOUT, fingerprint
from scim.protocol.messages import SearchRequest
from tests.scim.conftest import Answer, ScimClient

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
PEAKON = "urn:ietf:params:scim:schemas:extension:peakon:2.0:User"
START = "2026-05-01T12:00:00Z"
TOKEN = 'FROM "provisioning_bearertoken"'
READ = 'FROM "employees_employee"'
TOTAL = "COUNT(*)"


@pytest.fixture
def company(scim: ScimClient) -> ScimClient:
    """J00 to J24, of whom every fifth has no title."""
    for number in range(25):
        titled = {"title": f"T{number % 3}"} if number % 5 else {}
        scim.create(f"J{number:02}", displayName=f"Smith {24 - number:02}", **titled)
    return scim


def cursor_after(company: ScimClient, **query: Any) -> str:
    """The nextCursor of the first page of a walk."""
    answer = company.get("/Users", cursor="", **query)
    assert answer.status == 200, answer.body
    cursor: str = answer.body["nextCursor"]
    return cursor


def test_example_of_section_2(company: ScimClient) -> None:
    """The second page spells the filter in another way there, too; only the J got its quotes."""
    first = company.client.get("/scim/v2/Users?filter=userName%20sw%20%22J%22&cursor&count=10").json()
    assert first.keys() == {"schemas", "totalResults", "itemsPerPage", "nextCursor", "Resources"}
    assert (first["schemas"], first["totalResults"], first["itemsPerPage"]) == ([LIST], 25, 10)
    second = company.get("/Users", filter='username sw "J"', cursor=first["nextCursor"], count=10)
    assert second.people == [f"J{number}" for number in range(10, 20)]
    assert second.body["totalResults"] == 25
    last = company.get("/Users", filter='userName sw "J"', cursor=second.body["nextCursor"], count=10)
    assert last.people == [f"J{number}" for number in range(20, 25)]
    assert last.body.keys() == {"schemas", "totalResults", "itemsPerPage", "Resources"}
    for page in (first, second.body, last.body):
        ListResponse[User[Any]].model_validate(page)


@pytest.mark.parametrize("path", ["/.search", "/Users/.search"])
def test_example_of_section_3(company: ScimClient, path: str) -> None:
    body = {
        "schemas": [SEARCH],
        "attributes": ["displayName", "userName"],
        "filter": 'displayName sw "smith"',
        "cursor": "",
        "count": 10,
    }
    first = company.post(path, body)
    assert (first.body["totalResults"], first.body["itemsPerPage"]) == (25, 10)
    assert first.body["Resources"][0].keys() == {"schemas", "id", "displayName", "userName"}
    second = company.post(path, body | {"cursor": first.body["nextCursor"]})
    assert second.people == [f"J{number}" for number in range(10, 20)]
    # A cursor is good at every address of the search.
    assert company.get("/Users", **body | {"cursor": first.body["nextCursor"]}).people == second.people


def test_example_of_section_4(scim: ScimClient) -> None:
    config = scim.get("/ServiceProviderConfig").body
    assert config["pagination"] == {
        "cursor": True,
        "index": True,
        "defaultPaginationMethod": "index",
        "defaultPageSize": 100,
        "maxPageSize": 200,
        "cursorTimeout": TIMEOUT,
    }
    pagination = ServiceProviderConfig.model_validate(config).pagination
    assert pagination is not None
    assert pagination.cursor_timeout == TIMEOUT


def test_who_asks_for_no_cursor_gets_none(company: ScimClient) -> None:
    for answer in (company.get("/Users", count=3), company.post("/.search", {"cursor": None, "count": 3})):
        assert answer.body["startIndex"] == 1
        assert "nextCursor" not in answer.body


def test_a_page_has_at_most_200_people_and_100_unless_asked(scim: ScimClient) -> None:
    for number in range(202):
        scim.create(f"p{number}")
    first = scim.get("/Users", cursor="", count=10_000)
    assert len(first.people) == 200
    assert len(scim.get("/Users", cursor=first.body["nextCursor"], count=10_000).people) == 2
    assert len(scim.get("/Users", cursor="").people) == 100


def test_nobody_and_count_0(company: ScimClient) -> None:
    nobody = company.get("/Users", cursor="", filter='userName eq "x"').body
    assert (nobody["totalResults"], nobody["Resources"]) == (0, [])
    figures = company.get("/Users", cursor="", count=0).body
    assert (figures["totalResults"], figures["Resources"]) == (25, [])
    assert "nextCursor" not in nobody.keys() | figures.keys()


def test_a_walk_may_begin_with_the_index_of_the_first_page(company: ScimClient) -> None:
    assert company.get("/Users", cursor="", startIndex=1, count=2).people == ["J00", "J01"]
    refused = company.get("/Users", cursor="", startIndex=2, count=2)
    assert refused.error == (400, "invalidCursor")
    assert "startIndex" in refused.body["detail"]


@pytest.mark.parametrize("count", ["many", "-1", "1.5"])
def test_no_count(company: ScimClient, count: str) -> None:
    assert company.get("/Users", cursor="", count=count).error == (400, "invalidCount")


def test_the_count_stays_the_same_or_unsaid(company: ScimClient) -> None:
    cursor = cursor_after(company, count=4)
    assert company.get("/Users", cursor=cursor, count=5).error == (400, "invalidCount")
    assert company.get("/Users", cursor=cursor).people == ["J04", "J05", "J06", "J07"]


def test_a_cursor_used_again_gives_the_same_page(company: ScimClient) -> None:
    cursor = cursor_after(company, count=4, sortBy="title")
    pages = [company.get("/Users", cursor=cursor, sortBy="title").people for _ in range(2)]
    assert pages[0] == pages[1]


def test_a_cursor_expires(company: ScimClient) -> None:
    with time_machine.travel(START, tick=False) as clock:
        cursor = cursor_after(company, count=10)
        clock.shift(TIMEOUT)
        page = company.get("/Users", cursor=cursor)
        assert page.status == 200
        clock.shift(1)
        late = company.get("/Users", cursor=cursor)
        assert late.error == (400, "expiredCursor")
        assert str(TIMEOUT) in late.body["detail"]
        # The time runs from page to page, not from the beginning of the walk.
        assert company.get("/Users", cursor=page.body["nextCursor"]).people == [
            "J20",
            "J21",
            "J22",
            "J23",
            "J24",
        ]


def refused(answer: Answer) -> str:
    """What an invalidCursor says."""
    assert answer.error == (400, "invalidCursor")
    detail: str = answer.body["detail"]
    return detail


def test_a_tampered_cursor(company: ScimClient) -> None:
    cursor = cursor_after(company, count=4, sortBy="displayName")
    replaced = [
        cursor[:at] + ("A" if cursor[at] != "A" else "B") + cursor[at + 1 :] for at in range(len(cursor))
    ]
    # The last characters of base64 hold bits that no byte needs.
    for other in [*replaced[:-1], cursor[:-1], cursor[1:], cursor + cursor, "~", "x", "ümlaut", "a b", "\0"]:
        refused(company.get("/Users", cursor=other, sortBy="displayName"))
    for value in (4, True, ["x"], {"a": 1}, "\ud800"):
        refused(company.post("/.search", {"cursor": value}))


def test_a_foreign_cursor_says_no_more_than_a_made_up_one(company: ScimClient, other: ScimClient) -> None:
    foreign = refused(other.get("/Users", cursor=cursor_after(company, count=4)))
    assert foreign == refused(company.get("/Users", cursor="made-up"))


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"filter": 'userName sw "J1"'}, "filter"),
        ({"filter": ""}, "filter"),
        ({"sortBy": "userName"}, "sortBy"),
        ({"sortOrder": "descending"}, "sortOrder"),
    ],
)
def test_another_search_with_an_old_cursor(company: ScimClient, changed: Any, name: str) -> None:
    asked = {"filter": 'userName sw "J"', "sortBy": "title", "count": 4}
    detail = refused(company.get("/Users", **asked | {"cursor": cursor_after(company, **asked)} | changed))
    assert f"another {name};" in detail


def test_what_does_not_change_the_order_may_change(company: ScimClient) -> None:
    cursor = cursor_after(company, filter='title eq "T1" or not (active eq false)', count=4)
    spelled = 'TITLE Eq "T1"  OR not(active eq "False")'
    answer = company.get("/Users", filter=spelled, cursor=cursor, attributes="userName")
    assert answer.people == ["J04", "J05", "J06", "J07"]


def test_a_company_attribute_is_what_backs_it() -> None:
    """A new name of an attribute changes no walk; another attribute of its name ends it."""

    def asked(name: str, fact: str, path: str) -> list[str]:
        text = CompanyAttribute.Type.TEXT
        attribute = CompanyAttribute(pk=1, name=name, legal_name=name, type=text, fact=fact)
        parameters = {"filter": f'{PEAKON}:{path} eq "x"', "sortBy": f"{PEAKON}:{path}"}
        return fingerprint(SearchRequest.parse(company_of({attribute: ("Team",)}).resource_type, parameters))

    assert asked("Team", "attribute_1", "Team") == asked("Crew", "attribute_1", "Crew")
    assert asked("Team", "attribute_1", "Team") == asked("Crew", "attribute_1", "Team")
    before, after = asked("Team", "attribute_1", "Team"), asked("Team", "attribute_2", "Team")
    assert [one != other for one, other in zip(before, after, strict=True)] == [True, True, False]


def asked(scim: ScimClient, *expected: str, **query: Any) -> dict[str, Any]:
    """The answer, after holding what it asked the database against the named queries, in order."""
    with CaptureQueriesContext(connection) as captured:
        answer = scim.get("/Users", **query)
    statements = [entry["sql"] for entry in captured]
    assert len(statements) == len(expected), "\n".join(statements)
    for sql, name in zip(statements, expected, strict=True):
        assert name in sql, (name, sql)
    body: dict[str, Any] = answer.body
    return body


@pytest.mark.parametrize("sort_by", ["", "title", "meta.lastModified", "emails"])
def test_only_the_first_page_is_counted(company: ScimClient, sort_by: str) -> None:
    company.get("/Users")  # the token's use is noted once in ten seconds
    query = {"count": 10, "sortBy": sort_by}
    first = asked(company, TOKEN, READ, TOTAL, cursor="", **query)
    second = asked(company, TOKEN, READ, cursor=first["nextCursor"], **query)
    last = asked(company, TOKEN, READ, cursor=second["nextCursor"], **query)
    assert "nextCursor" not in last
    asked(company, TOKEN, READ, cursor="", count=30)


def test_a_walk_through_many_says_no_total(scim: ScimClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        scim.create(f"p{number}@example.com")
    monkeypatch.setattr("scim.searching.COUNTED", 4)
    first = scim.get("/Users", cursor="", count=2).body
    assert "totalResults" not in first
    second = scim.get("/Users", cursor=first["nextCursor"], count=2).body
    assert "totalResults" not in second
    assert len(second["Resources"]) == 2
    monkeypatch.setattr("scim.searching.COUNTED", 5)
    assert scim.get("/Users", cursor="", count=2).body["totalResults"] == 5
    assert scim.get("/Users", count=2).body["totalResults"] == 5
