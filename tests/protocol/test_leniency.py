"""Repairs of what single clients send."""

from typing import Any

import pytest

from scim.protocol.leniency import repair_patch, repair_resource

OPERATION = {"op": "add", "path": "title", "value": "x"}


@pytest.mark.parametrize(
    ("body", "repaired"),
    [
        ({"Operations": OPERATION}, {"Operations": [OPERATION]}),
        ({"operations": OPERATION, "schemas": []}, {"operations": [OPERATION], "schemas": []}),
        ({"Operations": [OPERATION]}, {"Operations": [OPERATION]}),
        ([OPERATION], [OPERATION]),
        (None, None),
    ],
)
def test_a_single_operation_becomes_a_list(body: Any, repaired: Any) -> None:
    assert repair_patch(body) == repaired


@pytest.mark.parametrize(
    ("name", "repaired"),
    [
        ({"firstName": "A", "givenName": "B"}, {"givenName": "B"}),
        ({"LastName": "A", "FamilyName": "B"}, {"FamilyName": "B"}),
        ({"firstName": "A", "familyName": "B"}, {"firstName": "A", "familyName": "B"}),
        ("Ada", "Ada"),
    ],
)
def test_registered_names_win_over_peakons(name: Any, repaired: Any) -> None:
    assert repair_resource({"Name": name, "title": "x"}) == {"Name": repaired, "title": "x"}


def test_what_is_no_object_is_left_for_the_parser() -> None:
    assert repair_resource([1]) == [1]
