"""SearchRequest and ListResponse."""

from typing import Any

import pytest

from scim.protocol import urns
from scim.protocol.errors import InvalidFilter, InvalidValue
from scim.protocol.filters import parse_filter
from scim.protocol.messages import SearchRequest, list_response
from scim.protocol.projection import Projection

from .directory import ENTERPRISE, USER


def parse(**parameters: Any) -> SearchRequest:
    return SearchRequest.parse(USER, parameters)


def test_an_empty_search_asks_for_everything() -> None:
    everything = SearchRequest(None, None, False, 1, None, Projection.parse(USER, None, None))
    assert parse() == everything
    assert parse(filter=" ", sortBy="", count="", startIndex=None, attributes="") == everything


def test_a_query_string_and_a_message_say_the_same() -> None:
    query = parse(filter="title pr", startIndex="3", count="10", sortBy="userName", sortOrder="DESCENDING")
    message = parse(FILTER="title pr", startindex=3, Count=10, sortby="username", sortOrder="descending")
    assert query == message
    assert query.filter == parse_filter(USER, "title pr")
    assert (query.start_index, query.count, query.descending) == (3, 10, True)


@pytest.mark.parametrize(
    ("start_index", "count", "expected"),
    [
        ("0", "0", (1, 0)),
        ("-5", "-1", (1, 0)),
        ("1", "10000", (1, 10000)),
        ("9" * 30, "1e300", (2**31 - 1, 2**31 - 1)),
    ],
)
def test_pages_out_of_bounds_are_brought_within(
    start_index: str, count: str, expected: tuple[int, int]
) -> None:
    request = parse(startIndex=start_index, count=count)
    assert (request.start_index, request.count) == expected


@pytest.mark.parametrize(
    ("sort_by", "name"),
    [
        ("USERNAME", "userName"),
        ("name.familyName", "name.familyName"),
        ("emails", "emails.value"),
        (f"{ENTERPRISE}:manager", f"{ENTERPRISE}:manager.value"),
    ],
)
def test_sort_by(sort_by: str, name: str) -> None:
    path = parse(sortBy=sort_by).sort_by
    assert path is not None
    assert path.name == name


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"count": "ten"}, "count"),
        ({"count": "1.5"}, "count"),
        ({"startIndex": True}, "startIndex"),
        ({"startIndex": "9" * 5_000}, "startIndex"),
        ({"sortBy": "shoeSize"}, "shoeSize"),
        ({"sortBy": "name"}, "sub-attributes"),
        ({"sortBy": ["userName"]}, "sortBy"),
        ({"sortOrder": "up"}, "sortOrder"),
        ({"attributes": "userName", "excludedAttributes": "name"}, "mutually exclusive"),
    ],
)
def test_parameters_that_cannot_be_understood_are_named(parameters: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidValue, match=named):
        parse(**parameters)


@pytest.mark.parametrize("text", ["foo eq 1", "title", 5])
def test_bad_filters_are_refused(text: Any) -> None:
    with pytest.raises(InvalidFilter):
        parse(filter=text)


def test_a_list_response_has_numbers_and_resources() -> None:
    assert list_response([{"id": "1"}], 7, 3) == {
        "schemas": [urns.LIST_RESPONSE],
        "totalResults": 7,
        "itemsPerPage": 1,
        "startIndex": 3,
        "Resources": [{"id": "1"}],
    }
    assert list_response([], 0, 1)["Resources"] == []
