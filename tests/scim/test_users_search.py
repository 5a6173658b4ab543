"""GET /Users: paging, sorting and the filters that identity providers send (RFC 7644 §3.4.2)."""

import pytest

from tests.scim.conftest import ENTERPRISE, ScimClient


@pytest.fixture
def company(scim: ScimClient) -> ScimClient:
    for number in range(7):
        scim.create(f"p{number}@example.com", title=f"T{number % 3}", active=number != 3)
    return scim


def test_it_works(company: ScimClient) -> None:
    answer = company.get("/Users")
    assert answer.status == 200
    assert answer.body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]
    figures = [answer.body[name] for name in ("totalResults", "itemsPerPage", "startIndex")]
    assert figures == [7, 7, 1]
    assert answer.people == [f"p{number}@example.com" for number in range(7)]


def test_a_miss_is_an_empty_list(company: ScimClient) -> None:
    answer = company.get("/Users", filter='userName eq "nobody@example.com"')
    assert answer.status == 200
    assert (answer.body["totalResults"], answer.body["Resources"]) == (0, [])


@pytest.mark.parametrize(
    ("start", "count", "people", "total"),
    [
        (1, 2, ["p0", "p1"], 7),
        (3, 2, ["p2", "p3"], 7),
        (7, 2, ["p6"], 7),
        (6, 2, ["p5", "p6"], 7),
        (8, 2, [], 7),
        (0, 1, ["p0"], 7),
        (-5, 1, ["p0"], 7),
        (1, 0, [], 7),
        (1, -3, [], 7),
        (1, 10_000, ["p0", "p1", "p2", "p3", "p4", "p5", "p6"], 7),
        (10**40, 10**40, [], 7),
    ],
)
def test_pages(company: ScimClient, start: int, count: int, people: list[str], total: int) -> None:
    answer = company.get("/Users", startIndex=start, count=count)
    assert [name.partition("@")[0] for name in answer.people] == people
    assert answer.body["totalResults"] == total
    assert answer.body["itemsPerPage"] == len(people)
    assert answer.body["startIndex"] == max(1, min(start, 2**31 - 1))


def test_a_page_is_capped_not_refused(scim: ScimClient) -> None:
    for number in range(201):
        scim.create(f"p{number}")
    assert len(scim.get("/Users", count=10_000).people) == 200
    assert len(scim.get("/Users").people) == 100
    assert scim.get("/Users").body["totalResults"] == 201


@pytest.mark.parametrize(
    "query",
    [
        {"startIndex": "one"},
        {"count": "many"},
        {"sortBy": "nonsense"},
        {"sortBy": "title", "sortOrder": "up"},
    ],
)
def test_bad_paging_is_named(company: ScimClient, query: dict[str, str]) -> None:
    answer = company.get("/Users", **query)
    assert answer.error == (400, "invalidValue")
    assert any(name in answer.body["detail"] for name in query)


def test_ties_are_broken_the_same_way_on_every_page(company: ScimClient) -> None:
    pages = [
        company.get("/Users", sortBy="title", startIndex=start, count=2).people for start in (1, 3, 5, 7)
    ]
    everybody = [name for page in pages for name in page]
    assert everybody == company.get("/Users", sortBy="title").people
    assert len(set(everybody)) == 7


def test_descending(company: ScimClient) -> None:
    people = company.get("/Users", sortBy="userName", sortOrder="descending").people
    assert people == sorted(people, reverse=True)


@pytest.mark.parametrize(
    ("filter_", "count"),
    [
        ('userName eq "P1@EXAMPLE.COM"', 1),
        ('USERNAME Eq "p1@example.com"', 1),
        ('urn:ietf:params:scim:schemas:core:2.0:User:userName eq "p1@example.com"', 1),
        ('emails[type eq "work"].value eq "p2@example.com"', 1),
        ('emails[type eq "home"].value eq "p2@example.com"', 0),
        ('emails[type eq "work" and value co "example"]', 7),
        ('emails.Value eq "p2@example.com"', 1),
        ('emails eq "p2@example.com"', 1),
        ('active eq "False"', 1),
        ("active eq false", 1),
        ('title eq "t0" or title eq "T1"', 5),
        ('title eq "t0" and active eq true', 2),
        ('not (title eq "T0")', 4),
        ('title eq "T0" or title eq "T1" and active eq false', 3),
        ('(title eq "T0" or title eq "T1") and active eq false', 1),
        ('foo.bar eq "x" or active eq true', None),
        (f'{ENTERPRISE}:employeeNumber eq "1"', 0),
        ('meta.lastModified gt "2020-01-01T00:00:00Z"', 7),
        ('meta.created lt "2020-01-01T00:00:00Z"', 0),
    ],
)
def test_filters(company: ScimClient, filter_: str, count: int | None) -> None:
    answer = company.get("/Users", filter=filter_)
    if count is None:
        assert answer.error == (400, "invalidFilter")
    else:
        assert answer.body["totalResults"] == len(answer.people) == count


@pytest.mark.parametrize(
    "filter_",
    [
        'userName xx "a"',
        "userName eq",
        'userName eq "a',
        'userName eq "a" and',
        '(userName eq "a"',
        'userName eq "a")',
        "active gt true",
        'active eq "perhaps"',
        'meta.created gt "yesterday"',
        'nickname.x eq "a"',
        'userName eq "\\u0000"',
        'userName eq "\\ud800"',
        "(" * 200 + 'userName eq "a"' + ")" * 200,
        "not " * 20_000,
    ],
)
def test_a_bad_filter_is_refused_and_says_why(company: ScimClient, filter_: str) -> None:
    assert company.get("/Users", filter=filter_).error == (400, "invalidFilter")


@pytest.mark.parametrize(
    "term", ["name pr", 'title lt "a"', 'emails.value ne "a"', f'schemas eq "{ENTERPRISE}"']
)
@pytest.mark.parametrize("glue", [" or ", " and "])
def test_the_longest_filter_that_is_taken_is_answered(scim: ScimClient, term: str, glue: str) -> None:
    assert scim.get("/Users", filter=glue.join([term] * min(400, 9_990 // len(term + glue)))).status == 200
    assert scim.get("/Users", filter=glue.join(["id pr"] * 401)).error == (400, "invalidFilter")
    nested = "not (" * 48 + glue.join([term] * 50) + ")" * 48
    assert scim.get("/Users", filter=nested).status == 200


def test_last_modified_as_rendered_can_be_used_in_a_filter(company: ScimClient) -> None:
    moment = company.get("/Users", count=1).body["Resources"][0]["meta"]["lastModified"]
    assert company.find(f'meta.lastModified eq "{moment}"') == ["p0@example.com"]
    assert company.find(f'meta.lastModified gt "{moment}"') == [
        f"p{number}@example.com" for number in range(1, 7)
    ]
