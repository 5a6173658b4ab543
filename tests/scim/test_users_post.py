"""POST /Users: RFC 7644 §3.3, and what PEAKON's connectors leave out."""

import re

import pytest

from employees.models import Change, Employee
from tests.scim.conftest import ENTERPRISE, USER, ScimClient

PEAKON = "urn:ietf:params:scim:schemas:extension:peakon:2.0:User"


def test_it_works(scim: ScimClient) -> None:
    answer = scim.post("/Users", {"schemas": [USER], "userName": "ada@example.com"})
    assert answer.status == 201
    employee = Employee.objects.get()
    assert answer.body["id"] == str(employee.uuid)
    assert answer.body["schemas"] == [USER]
    assert answer.body["active"] is True
    assert answer.body["meta"]["resourceType"] == "User"
    assert answer.headers["Location"] == answer.body["meta"]["location"]
    assert answer.headers["Location"] == f"http://testserver/scim/v2/Users/{employee.uuid}"
    assert answer.headers["ETag"] == answer.body["meta"]["version"] == 'W/"1"'
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", answer.body["meta"]["created"])
    assert scim.get(f"/Users/{employee.uuid}").body == answer.body


def test_everything_comes_back_as_it_was_sent(scim: ScimClient) -> None:
    sent = {
        "externalId": "Ext-1",
        "userName": "Zoë@Example.com",
        "name": {
            "formatted": "Dr. Zoë M. Ångström III",
            "familyName": "Ångström",
            "givenName": "Zoë",
            "middleName": "M.",
            "honorificPrefix": "Dr.",
            "honorificSuffix": "III",
        },
        "displayName": "Zoë",
        "nickName": "Z",
        "profileUrl": "https://example.com/Zoë",
        "title": "Engineer",
        "userType": "Employee",
        "preferredLanguage": "not a language at all",
        "locale": "sv-SE",
        "timezone": "Europe/Stockholm",
        "active": False,
        "emails": [
            {"value": "zoë@work.example", "type": "work", "primary": True, "display": "Work"},
            {"value": "no address", "type": "home"},
        ],
        "phoneNumbers": [{"value": "+46 8 1", "type": "mobile"}],
        "ims": [{"value": "zoe", "type": "chat"}],
        "photos": [{"value": "https://example.com/Z.png", "type": "photo"}],
        "addresses": [
            {"formatted": "Storgatan 1\nÅre", "locality": "Åre", "country": "Sverige", "type": "work"}
        ],
        "entitlements": [{"value": "parking"}],
        "roles": [{"value": "admin", "primary": True}],
        "x509Certificates": [{"value": "MIIB+z=="}],
        ENTERPRISE: {
            "employeeNumber": "00042",
            "costCenter": "CC",
            "organization": "Org",
            "division": "Div",
            "department": "R&D",
        },
    }
    created = scim.create(**sent)
    assert created["schemas"] == [USER, ENTERPRISE, PEAKON]
    assert {name: created[name] for name in sent} == sent
    assert created[PEAKON] == {"Department": "R&D"}


def test_user_name_is_unique_without_case(scim: ScimClient) -> None:
    scim.create("straße@example.com")
    answer = scim.post("/Users", {"userName": "STRASSE@EXAMPLE.COM"})
    assert answer.error == (409, "uniqueness")
    assert "STRASSE@EXAMPLE.COM" in answer.body["detail"]
    assert Employee.objects.count() == Change.objects.count() == 1


def test_an_address_as_user_name_stands_in_for_emails(scim: ScimClient) -> None:
    created = scim.create("ada@example.com")
    assert created["emails"] == [{"value": "ada@example.com", "type": "work", "primary": True}]
    assert scim.find('emails[type eq "work"].value eq "ADA@EXAMPLE.COM"') == ["ada@example.com"]
    assert "emails" not in scim.create("ada")


def test_first_and_last_name_are_understood_and_never_sent(scim: ScimClient) -> None:
    created = scim.create(name={"firstName": "Ada", "lastName": "Lovelace"})
    assert created["name"] == {"givenName": "Ada", "familyName": "Lovelace"}


@pytest.mark.parametrize("value", [True, "True", "true", "TRUE", None])
def test_active_in_every_spelling(scim: ScimClient, value: object) -> None:
    assert scim.create(active=value)["active"] is True


def test_read_only_unknown_and_unused_attributes_do_not_fail_a_write(scim: ScimClient) -> None:
    created = scim.create(
        id="mine",
        meta={"resourceType": "User", "location": "elsewhere"},
        groups=[{"value": "g"}],
        password="correct horse",
        favouriteColour="green",
        **{"urn:example:2.0:User": {"x": 1}},
    )
    assert created["id"] != "mine"
    assert not {"groups", "password", "favouriteColour", "urn:example:2.0:User"} & created.keys()
    assert "correct horse" not in str(Employee.objects.values().get()) + str(Change.objects.values().get())


def test_attribute_names_in_any_case_and_extension_by_flat_urn(scim: ScimClient) -> None:
    answer = scim.post(
        "/Users",
        {"USERNAME": "ada", "Name": {"GivenName": "Ada"}, f"{ENTERPRISE}:Department".upper(): "Sales"},
    )
    assert answer.status == 201
    assert answer.body["userName"] == "ada"
    assert answer.body["name"] == {"givenName": "Ada"}
    assert answer.body[ENTERPRISE] == {"department": "Sales"}


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "userName"),
        ({"userName": ""}, "userName"),
        ({"userName": "   "}, "userName"),
        ({"userName": None}, "userName"),
        ({"userName": ["a", "b"]}, "userName"),
        ({"userName": {"value": "a"}}, "userName"),
        ({"userName": "x" * 1001}, "userName"),
        ({"userName": "a", "active": "perhaps"}, "active"),
        ({"userName": "a", "name": "Ada"}, "name"),
        ({"userName": "a", "emails": [{"value": {"x": 1}}]}, "emails"),
        ({"userName": "a", "title": {"x": 1}}, "title"),
        ({"userName": "a", ENTERPRISE: {"employeeNumber": "9" * 1001}}, "employeeNumber"),
        ({"userName": "a\u0000b"}, "NUL"),
        (
            {"userName": "a", "emails": [{"value": "a", "primary": True}, {"value": "b", "primary": True}]},
            "emails",
        ),
    ],
)
def test_a_bad_value_is_named_and_nothing_is_written(
    scim: ScimClient, body: dict[str, object], named: str
) -> None:
    answer = scim.post("/Users", body)
    assert answer.error == (400, "invalidValue")
    assert named in answer.body["detail"]
    assert not Employee.objects.exists()
    assert not Change.objects.exists()


def test_numbers_are_taken_as_text(scim: ScimClient) -> None:
    assert scim.create(**{ENTERPRISE: {"employeeNumber": 42}})[ENTERPRISE] == {"employeeNumber": "42"}


def test_values_longer_than_an_index_entry_are_kept_and_found(scim: ScimClient) -> None:
    long = "https://example.com/" + "Ä" * 5000
    scim.create(photos=[{"value": long}], externalId=long, title=long)
    assert scim.find(f'photos.value eq "{long}"') == ["ada@example.com"]
    assert scim.get("/Users", filter=f'title eq "{long.upper()}"').body["totalResults"] == 1


def test_clashing_emails_and_numbers_are_accepted(scim: ScimClient) -> None:
    same = {"emails": [{"value": "team@example.com", "type": "work"}], ENTERPRISE: {"employeeNumber": "7"}}
    scim.create("ada", **same)
    scim.create("bob", **same)
    assert scim.find(f'{ENTERPRISE}:employeeNumber eq "7"') == ["ada", "bob"]
