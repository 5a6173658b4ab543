"""The company's own attributes in bodies, paths, filters, sorting, projection and /Schemas, by any name."""

import json
from typing import Any

import pytest

from employees import attribute_services as attributes
from employees.models import Attribute
from tests.scim.conftest import ENTERPRISE, USER, ScimClient

PEAKON = "urn:ietf:params:scim:schemas:extension:peakon:2.0:User"
NAMES = [
    *(
        "Job Title",
        "R&D",
        "Day/Night",
        "Grade (2026)",
        "Cost [EUR]",
        "Pay.Grade",
        "Ratio: A",
        'Called "X"',
        "it's",
    ),
    *(
        "and",
        "or",
        "eq",
        "not",
        "pr",
        "Salt and Pepper",
        "Key eq Value",
        "not (a)",
        "Größe",
        "部署",
        "Été à Oslo",
    ),
    *("a", "value", "userName", "urn:x:y", "100%", "a_b", "emails[type eq x]", "-", "Straße"),
]


def announced_attributes(scim: ScimClient) -> list[tuple[str, str]]:
    """The name and type of each attribute of the Peakon extension in /Schemas."""
    schema = scim.get(f"/Schemas/{PEAKON}").body
    return [(attribute["name"], attribute["type"]) for attribute in schema["attributes"]]


def define(name: str, type_: str = "text") -> Attribute:
    """The attribute of that name, which is there from the start or made."""
    return attributes.find_attribute(name) or attributes.add_attribute(name, Attribute.Type(type_))


@pytest.mark.parametrize("name", NAMES)
def test_any_name_in_body_path_filter_and_projection(scim: ScimClient, name: str) -> None:
    define(name)
    created = scim.create("ada", **{PEAKON: {name: "Lead"}})
    path = f"/Users/{created['id']}"
    assert created["schemas"] == [USER, PEAKON]
    assert created[PEAKON] == {name: "Lead"}
    assert scim.find(f'{PEAKON}:{name} eq "lead"') == ["ada"]
    assert scim.find(f'userName eq "x" or not ({PEAKON}:{name.upper()} eq "x")') == ["ada"]
    assert scim.find(f"{PEAKON}:{name} pr and userName pr") == ["ada"]
    assert scim.get("/Users", sortBy=f"{PEAKON}:{name}").people == ["ada"]
    replaced = scim.patch(path, {"op": "replace", "path": f"{PEAKON}:{name}", "value": "Head"}).body
    assert replaced[PEAKON] == {name: "Head"}
    flat = scim.patch(path, {"op": "add", "value": {f"{PEAKON}:{name}": "Flat"}}).body
    assert flat[PEAKON] == {name: "Flat"}
    nested = scim.patch(path, {"op": "add", "value": {PEAKON: {name.lower(): "Nested"}}}).body
    assert nested[PEAKON] == {name: "Nested"}
    assert scim.get(path, attributes=f"{PEAKON}:{name}").body[PEAKON] == {name: "Nested"}
    assert scim.put(path, {"userName": "ada", f"{PEAKON}:{name}": "Put"}).body[PEAKON] == {name: "Put"}
    assert PEAKON not in scim.patch(path, {"op": "remove", "path": f"{PEAKON}:{name}"}).body
    assert scim.find(f"{PEAKON}:{name} pr") == []


def test_any_run_of_blanks_and_the_legal_twin(scim: ScimClient) -> None:
    scim.create("ada", **{PEAKON: {"job   TITLE": "Lead"}})
    for name in ("Job Title", "job  title", "jobTitle", "JOBTITLE"):
        assert scim.find(f'{PEAKON}:{name} eq "Lead"') == ["ada"]
        assert scim.get("/Users", attributes=f"{PEAKON}:{name}").body["Resources"][0][PEAKON] == {
            "Job Title": "Lead"
        }
    assert scim.create("bob", **{PEAKON: {"jobTitle": "Chief"}})[PEAKON] == {"Job Title": "Chief"}


TYPES: dict[str, tuple[str, list[Any], Any, list[Any]]] = {
    "option": ("string", ["Oslo", 5], "Oslo", [True, {"a": 1}]),
    "text": ("string", ["Oslo"], "Oslo", [False]),
    "number": ("integer", [50000, "50000", 50000.0], 50000, ["many", 1.5, 2**70, True]),
    "decimal": ("decimal", [1.5, "1.5"], 1.5, ["much", True]),
    "boolean": ("boolean", [False, "False", "false"], False, ["perhaps", 1]),
    "date": ("dateTime", ["2024-01-31", "2024-01-31T00:00:00Z"], "2024-01-31T00:00:00Z", ["yesterday", 5]),
    "datetime": (
        "dateTime",
        ["2024-01-31T01:00:00+01:00", "2024-01-31T00:00:00Z"],
        "2024-01-31T00:00:00Z",
        ["2024-13-01T00:00:00Z"],
    ),
}


@pytest.mark.parametrize("type_", TYPES)
def test_every_type_is_announced_understood_found_and_refused(scim: ScimClient, type_: str) -> None:
    announced, understood, canonical, refused = TYPES[type_]
    define("The Value", type_)
    assert dict(announced_attributes(scim))["The Value"] == announced
    created = scim.create("ada")
    path, name = f"/Users/{created['id']}", f"{PEAKON}:The Value"
    for value in understood:
        answer = scim.put(path, {"userName": "ada", PEAKON: {"The Value": value}})
        expected = str(value) if value == 5 else canonical
        assert answer.body[PEAKON] == {"The Value": expected}
        assert scim.find(f"{name} eq {json.dumps(expected)}") == ["ada"]
        assert scim.find(f"{name} ne {json.dumps(expected)}") == []
    for value in refused:
        answer = scim.patch(path, {"op": "replace", "path": name, "value": value})
        assert answer.error == (400, "invalidValue")
        assert "The Value" in answer.body["detail"]
        assert announced in answer.body["detail"]


@pytest.mark.parametrize(
    ("type_", "values"),
    [
        ("number", [-5, 0, 3, 20, 2**60, 2**60 + 1]),
        ("decimal", [-2.5, 0.1, 1, 1.25, 1e10]),
        ("date", ["0999-01-01", "1990-01-31", "2024-01-31", "2024-02-01"]),
        ("datetime", ["2024-01-31T00:00:00Z", "2024-01-31T00:00:00.5Z", "2024-01-31T00:00:01Z"]),
        ("text", ["Zoë", "a", "ß", "ｚ"]),
    ],
)
def test_order(scim: ScimClient, type_: str, values: list[Any]) -> None:
    define("The Value", type_)
    name = f"{PEAKON}:The Value"
    people = [f"p{position}" for position in range(len(values))]
    for person, value in zip(reversed(people), reversed(values), strict=True):
        scim.create(person, **{PEAKON: {"The Value": value}})
    scim.create("nothing")
    if type_ != "text":
        assert scim.get("/Users", sortBy=name).people == [*people, "nothing"]
        assert scim.get("/Users", sortBy=name, sortOrder="descending").people == ["nothing", *people[::-1]]
    middle = json.dumps(values[1])
    above, below = scim.find(f"{name} gt {middle}"), scim.find(f"{name} lt {middle}")
    assert sorted([*above, *below]) == sorted(set(people) - {people[1]})
    assert "nothing" in scim.find(f"not ({name} ge {middle})")


def test_department_and_manager_are_one_value_in_two_places(scim: ScimClient) -> None:
    boss = scim.create("boss")
    created = scim.create(**{ENTERPRISE: {"department": "R&D", "manager": boss["id"]}})
    assert created[PEAKON]["Department"] == created[ENTERPRISE]["department"] == "R&D"
    assert created[PEAKON]["Manager"] == created[ENTERPRISE]["manager"]
    path = f"/Users/{created['id']}"
    body = scim.patch(path, {"op": "replace", "path": f"{PEAKON}:Department", "value": "Sales"}).body
    assert body[ENTERPRISE]["department"] == body[PEAKON]["Department"] == "Sales"
    assert scim.find(f'{ENTERPRISE}:department eq "sales" and {PEAKON}:Department eq "SALES"') == [
        "ada@example.com"
    ]
    body = scim.put(path, {"userName": "ada@example.com", ENTERPRISE: {"department": "Ops"}}).body
    assert body[PEAKON] == {"Department": "Ops"}
    both = {"userName": "a", ENTERPRISE: {"department": "A"}, PEAKON: {"Department": "B"}}
    assert scim.post("/Users", both).body[ENTERPRISE]["department"] == "B"
    body = scim.put(path, {"userName": "ada@example.com", PEAKON: {"Manager": "boss"}}).body
    assert body[ENTERPRISE]["manager"]["value"] == boss["id"]


def test_an_old_name_keeps_working_after_a_rename(scim: ScimClient) -> None:
    attribute = define("Team")
    scim.create("ada", **{PEAKON: {"Team": "A"}})
    attributes.rename_attribute(attribute, "Squad")
    assert scim.find(f'{PEAKON}:Team eq "a" and {PEAKON}:Squad eq "a"') == ["ada"]
    assert scim.create("bob", **{PEAKON: {"Team": "B"}})[PEAKON] == {"Squad": "B"}


def test_a_deactivated_attribute_is_hidden_and_keeps_its_values(scim: ScimClient) -> None:
    attribute = define("Team")
    created = scim.create("ada", **{PEAKON: {"Team": "A"}})
    attributes.switch_attribute(attribute, active=False)
    assert PEAKON not in scim.get(f"/Users/{created['id']}").body
    assert "Team" not in dict(announced_attributes(scim))
    assert scim.get("/Users", filter=f'{PEAKON}:Team eq "A"').error == (400, "invalidFilter")
    attributes.switch_attribute(attribute, active=True)
    assert "Team" in dict(announced_attributes(scim))
    assert scim.get(f"/Users/{created['id']}").body[PEAKON] == {"Team": "A"}


def test_without_an_active_attribute_there_is_no_extension(scim: ScimClient) -> None:
    created = scim.create(**{PEAKON: {"Department": "R&D"}})
    for attribute in Attribute.objects.all():
        attributes.switch_attribute(attribute, active=False)
    assert scim.get(f"/Schemas/{PEAKON}").error == (404, None)
    assert [schema["id"] for schema in scim.get("/Schemas").body["Resources"]] == [USER, ENTERPRISE]
    assert scim.get("/ResourceTypes/User").body["schemaExtensions"] == [
        {"schema": ENTERPRISE, "required": False}
    ]
    body = scim.get(f"/Users/{created['id']}").body
    assert (body["schemas"], body[ENTERPRISE]) == ([USER, ENTERPRISE], {"department": "R&D"})


def test_nothing_is_read_while_no_attribute_changes(scim: ScimClient, django_assert_num_queries: Any) -> None:
    define("Team")
    scim.get("/Users")
    with django_assert_num_queries(2):  # the token, the page
        scim.get("/Users", filter=f'{PEAKON}:Team eq "A"')


def test_a_reference_to_a_colleague_waits_binds_and_is_found(scim: ScimClient) -> None:
    define("Buddy", "employee")
    name = f"{PEAKON}:Buddy"
    created = scim.create("ada", **{PEAKON: {"Buddy": "bob@example.com"}})
    path = f"/Users/{created['id']}"
    assert created[PEAKON] == {"Buddy": {"value": "bob@example.com"}}
    assert scim.find(f'{name} eq "BOB@example.com"') == ["ada"]
    bob = scim.create("bob@example.com")
    assert scim.get(path).body[PEAKON] == {"Buddy": {"value": bob["id"]}}
    assert scim.find(f'{name}.value eq "{bob["id"]}" and {name} pr') == ["ada"]
    version = scim.get(path).body["meta"]["version"]
    for spelling in ("bob@example.com", {"value": bob["id"]}, [{"value": "BOB@EXAMPLE.COM"}]):
        body = scim.patch(path, {"op": "replace", "path": name, "value": spelling}).body
        assert (body[PEAKON], body["meta"]["version"]) == ({"Buddy": {"value": bob["id"]}}, version)
    assert PEAKON not in scim.patch(path, {"op": "remove", "path": name}).body
    assert scim.find(f"{name} pr") == []
