"""What operations of one bulk request do to each other: references by bulkId, names handed on, history."""

from typing import Any

import pytest

from employees import attribute_services as attributes
from employees.models import Attribute, Change, Employee, ParticipationPeriod, SearchKey
from employees.search_keys import AWAITS
from scim.provisioning.models import UnknownAttribute, UnknownValue
from tests.scim.bulk_requests import (
    delete,
    id_of,
    ids_by_name,
    manager_of,
    patch,
    post,
    put,
    reporting,
    run,
    statuses,
)
from tests.scim.conftest import ENTERPRISE, ScimClient

PEAKON = "urn:ietf:params:scim:schemas:extension:peakon:2.0:User"
MANAGER = f"{ENTERPRISE}:manager"


def test_circular_references(scim: ScimClient) -> None:
    """§3.7.1: each is the manager of the other, and one has themselves for a mentor."""
    attributes.add_attribute("Mentor", Attribute.Type.EMPLOYEE)
    bob = reporting("bob", "bulkId:ada")
    bob["data"][PEAKON] = {"Mentor": "bulkId:bob"}
    outcomes = run(scim, reporting("ada", "bulkId:bob"), bob)
    ids = ids_by_name(scim)
    assert [id_of(outcome) for outcome in outcomes] == list(ids.values())
    ada, bob_id = ids.values()
    assert (manager_of(scim, ada), manager_of(scim, bob_id)) == (bob_id, ada)
    assert scim.get(f"/Users/{bob_id}").body[PEAKON]["Mentor"]["value"] == bob_id
    assert scim.find(f'{MANAGER}.value eq "{ada}"') == ["bob@example.com"]
    assert not SearchKey.objects.filter(name=AWAITS).exists()


def test_references_in_every_place(scim: ScimClient) -> None:
    """§3.7.2: in bodies, in values and paths of PATCH, and in the path of an operation."""
    attributes.add_attribute("Mentor", Attribute.Type.EMPLOYEE)
    eve = scim.create("eve")["id"]
    outcomes = run(
        scim,
        patch(eve, **{MANAGER: "bulkId:boss", f"{PEAKON}:Mentor": {"value": "bulkId:boss"}}),
        post("boss"),
        {"method": "PATCH", "path": "/Users/bulkId:boss", "data": [{"op": "add", "value": {MANAGER: eve}}]},
        put("bulkId:boss/", title="Chief", **{ENTERPRISE: {"manager": {"value": "bulkId:boss"}}}),
        post("leaver"),
        delete("bulkId:leaver"),
    )
    assert statuses(outcomes) == [200, 201, 200, 200, 201, 204]
    boss = id_of(outcomes[1])
    assert id_of(outcomes[2]) == id_of(outcomes[3]) == boss
    assert [outcome.get("version") for outcome in outcomes[1:4]] == ['W/"1"', 'W/"2"', 'W/"3"']
    assert (manager_of(scim, eve), manager_of(scim, boss)) == (boss, boss)
    assert scim.get(f"/Users/{eve}").body[PEAKON]["Mentor"]["value"] == boss
    assert scim.get("/Users").people == ["eve", "boss@example.com"]


@pytest.mark.parametrize("reference", ["bulkId:nobody", "bulkId:", "bulkId:changed"])
def test_an_unknown_bulk_id(scim: ScimClient, reference: str) -> None:
    """Only a POST of the same request gives one an id."""
    ada = scim.create()["id"]
    changed = patch(ada, title="Lead") | {"bulkId": "changed"}
    outcomes = run(scim, reporting("a", reference), changed, delete(reference), post("b"))
    assert statuses(outcomes) == [400, 200, 400, 201]
    assert outcomes[1]["bulkId"] == "changed"
    assert {outcomes[at]["response"]["scimType"] for at in (0, 2)} == {"invalidValue"}
    assert scim.get("/Users").people == ["ada@example.com", "b@example.com"]


def test_a_reference_to_an_operation_that_failed(scim: ScimClient) -> None:
    """§3.7.3: what needs it fails too, and what needs that one."""
    ada = scim.create()["id"]
    outcomes = run(
        scim,
        post("boss", "ADA@example.com"),
        reporting("a", "bulkId:boss"),
        reporting("b", "bulkId:a"),
        patch(ada, **{MANAGER: "bulkId:boss"}),
        delete("bulkId:boss"),
        patch(ada, title="Lead"),
    )
    assert statuses(outcomes) == [409, 409, 409, 409, 409, 200]
    types = [outcome.get("response", {}).get("scimType") for outcome in outcomes]
    assert types == ["uniqueness", None, None, None, None, None]
    assert scim.get("/Users").people == ["ada@example.com"]
    assert manager_of(scim, ada) is None


@pytest.mark.parametrize(
    ("boss", "waits_for"),
    [
        (post("boss", "boss", active="maybe"), None),
        (post("boss", "ADA@example.com"), "ada@example.com"),
        (post("boss", "late", **{ENTERPRISE: {"manager": "bulkId:refused"}}), "late"),
    ],
)
def test_a_forward_reference_to_one_that_fails(scim: ScimClient, boss: Any, waits_for: str | None) -> None:
    """Too late to fail as well: it means whoever has that userName or gets it, when there is one."""
    attributes.add_attribute("Mentor", Attribute.Type.EMPLOYEE)
    ada = scim.create()["id"]
    first = reporting("a", "bulkId:boss")
    first["data"][PEAKON] = {"Mentor": "bulkId:boss"}
    outcomes = run(scim, first, post("refused", "ada@example.com"), boss)
    assert statuses(outcomes)[0] == 201
    assert min(statuses(outcomes)[1:]) >= 400
    document = scim.get(f"/Users/{id_of(outcomes[0])}").body
    expected = ada if waits_for == "ada@example.com" else waits_for
    assert document.get(PEAKON, {}).get("Mentor", {}).get("value") == expected
    assert manager_of(scim, document["id"]) == expected
    late = scim.create("LATE")["id"]
    assert manager_of(scim, document["id"]) == (late if waits_for == "late" else expected)


def test_a_forward_reference_that_was_never_reached(scim: ScimClient) -> None:
    """§3.7.3: failOnErrors ended the request before; a request for the rest finds the reference waiting."""
    rest = [post("boss", "boss")]
    outcomes = run(scim, reporting("a", "bulkId:boss"), delete("x"), *rest, failOnErrors=1)
    assert statuses(outcomes) == [201, 404]
    employee_id = id_of(outcomes[0])
    assert manager_of(scim, employee_id) == "boss"
    [boss] = run(scim, *rest)
    assert manager_of(scim, employee_id) == id_of(boss)


def test_names_are_handed_on(scim: ScimClient) -> None:
    """Each operation finds the names as the ones before have left them."""
    ada, bob, cy = (scim.create(name)["id"] for name in ("ada", "bob", "cy"))
    outcomes = run(
        scim,
        patch(bob, userName="ADA"),  # not free yet
        patch(ada, userName="away"),
        patch(bob, userName="ada"),
        put(cy, userName="bob"),
        patch(ada, userName="cy"),
        post("new", "away"),
        post("newer", "Bob"),  # taken again
    )
    assert statuses(outcomes) == [409, 200, 200, 200, 200, 201, 409]
    assert ids_by_name(scim) == {"cy": ada, "ada": bob, "bob": cy, "away": id_of(outcomes[5])}


def test_two_swap_names(scim: ScimClient) -> None:
    ada, bob = (scim.create(name)["id"] for name in ("ada", "bob"))
    outcomes = run(scim, patch(ada, userName="x"), patch(bob, userName="ada"), patch(ada, userName="bob"))
    assert statuses(outcomes) == [200, 200, 200]
    assert ids_by_name(scim) == {"bob": ada, "ada": bob}


def test_deleted_and_created_again(scim: ScimClient) -> None:
    """Whoever reported to the one that left reports to the one that comes."""
    boss = scim.create("boss")["id"]
    report = scim.create("report", **{ENTERPRISE: {"manager": boss}})["id"]
    outcomes = run(scim, delete(boss), post("a", "Boss"), delete("bulkId:a"), post("b", "BOSS"), delete(boss))
    assert statuses(outcomes) == [204, 201, 204, 201, 404]
    assert ids_by_name(scim) == {"report": report, "BOSS": id_of(outcomes[3])}
    assert manager_of(scim, report) == id_of(outcomes[3])
    assert Employee.objects.count() == 4


def test_one_user_name_twice(scim: ScimClient) -> None:
    outcomes = run(scim, post("a", "ada", title="first"), post("b", "ADA", title="second"), post("c"))
    assert statuses(outcomes) == [201, 409, 201]
    assert outcomes[1]["response"]["scimType"] == "uniqueness"
    assert scim.get("/Users").body["Resources"][0]["title"] == "first"


def test_a_life_in_one_request(scim: ScimClient) -> None:
    """Created, changed, deactivated, reactivated and deleted: the history of so many single requests."""
    outcomes = run(
        scim,
        post("a", emails=[{"value": "a@example.com"}]),
        patch("bulkId:a", title="Clerk", emails=[{"value": "b@example.com"}]),
        patch("bulkId:a", active=False),
        patch("bulkId:a", active=True),
        delete("bulkId:a"),
        patch("bulkId:a", title="Lead"),
    )
    assert statuses(outcomes) == [201, 200, 200, 200, 204, 404]
    history = [(change.action, change.before, change.after) for change in Change.objects.order_by("pk")]
    assert [action for action, _, _ in history] == [
        *("created", "updated", "deactivated", "reactivated", "deleted")
    ]
    before, after = history[1][1:]
    assert (before["title"], before["emails"]) == ("", [{"value": "a@example.com"}])
    assert (after["title"], after["emails"]) == ("Clerk", [{"value": "b@example.com"}])
    periods = ParticipationPeriod.objects.order_by("pk").values_list("reason", flat=True)
    assert list(periods) == ["deactivated", "deleted"]
    keys = SearchKey.objects.filter(name="emails").values_list("key", flat=True)
    assert list(keys) == ["b@example.com"]


def test_unknown_attributes_go_to_the_inbox(scim: ScimClient) -> None:
    ada = scim.create()["id"]
    outcomes = run(
        scim,
        *(post(f"p{number}", **{PEAKON: {"Shoe Size": number, "Hat": "L"}}) for number in range(1, 4)),
        patch(ada, **{f"{PEAKON}:Shoe Size": 9}),
        patch(ada, **{f"{PEAKON}:Shoe Size": 10}),
        post("p1", "ADA@example.com", **{PEAKON: {"Glove": "S"}}) | {"bulkId": "refused"},
    )
    assert statuses(outcomes) == [201, 201, 201, 200, 200, 409]
    assert set(UnknownAttribute.objects.values_list("name", flat=True)) == {"Shoe Size", "Hat"}
    sizes = UnknownValue.objects.filter(unknown__name="Shoe Size").order_by("employee")
    assert list(sizes.values_list("employee__user_name", "value")) == [
        ("ada@example.com", 10),
        *((f"p{number}@example.com", number) for number in range(1, 4)),
    ]


def test_the_owner_of_an_attribute_is_honoured(scim: ScimClient, other: ScimClient) -> None:
    location = attributes.find_attribute("Location")
    assert location is not None
    attributes.give_owner(location, other.provider_key)
    outcomes = run(scim, post("a", title="Lead", **{PEAKON: {"Location": "Oslo"}}))
    assert PEAKON not in scim.get(f"/Users/{id_of(outcomes[0])}").body
    bergen = patch(id_of(outcomes[0]), **{f"{PEAKON}:Location": "Bergen"})
    run(other, bergen, bergen)
    assert statuses(run(scim, patch(id_of(outcomes[0]), **{PEAKON: None}), post("b"))) == [200, 201]
    assert scim.get(f"/Users/{id_of(outcomes[0])}").body[PEAKON] == {"Location": "Bergen"}


@pytest.mark.parametrize("name", ["42", ["42"], 42])
def test_a_name_of_somebody_in_any_form(scim: ScimClient, name: Any) -> None:
    """A number is understood as the text it makes, and fails alone as any other name that is taken."""
    scim.create("42")
    ada = scim.create("ada")["id"]
    outcomes = run(scim, patch(ada, userName=name), patch(ada, title="Lead"), post("b"))
    assert statuses(outcomes) == [409, 200, 201]


@pytest.mark.parametrize("name", ["ADA", "new"])
def test_who_waits_for_a_twin_of_their_own(scim: ScimClient, name: str) -> None:
    """One request alone notices a taken userName only when it is saved, together with those who waited."""
    scim.create("ada", **{ENTERPRISE: {"manager": "B1"}})
    body = {"userName": name, ENTERPRISE: {"employeeNumber": "B1"}}
    single = scim.post("/Users", body)
    again = run(scim, {**post("x"), "data": body}, post("y"))
    assert (single.status, statuses(again)) == (409 if name == "ADA" else 201, [409, 201])


def test_a_taken_name_is_the_outcome_of_its_operation_also_alone(scim: ScimClient) -> None:
    scim.create("ada")
    assert statuses(run(scim, post("x", "ADA"))) == [409]
