"""Random bulk requests do what the same operations do one by one: statuses, documents, rows, history."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from employees import attribute_services as attributes
from employees.models import Attribute, Change, Employee, ParticipationPeriod, SearchKey
from scim.provisioning.models import UnknownAttribute, UnknownValue
from tests.scim.conftest import ENTERPRISE, ScimClient

PEAKON = "urn:ietf:params:scim:schemas:extension:peakon:2.0:User"
MANAGER = f"{ENTERPRISE}:manager"
NAMES = ["ada", "bob", "cy", "dora", "eli", "fay", "42"]
BASE = NAMES[:3]
NOBODY = "00000000-0000-4000-8000-000000000000"
STAMPS = {"uuid", "id", "created_at", "updated_at", "set_by", "active_since", "deleted_at"}
PLACEHOLDER = re.compile(r"\bbulkId:(\w+)")
Outcome = tuple[int, str | None]


def spellings(name: str) -> list[str]:
    """Every text by which somebody may be meant."""
    return [name, name.upper(), f"{name}@example.com", f"B-{name}", f"x-{name}"]


texts = st.sampled_from([text for name in NAMES for text in spellings(name)] + [NOBODY, "nobody", ""])
user_names = st.sampled_from([*NAMES[3:] * 3, "ADA", "Bob", "DORA", "", 42])
emails = st.sampled_from(
    [[], *([{"value": f"{name}@example.com", "type": "work", "primary": True}] for name in NAMES)]
)
flags = st.sampled_from([True, False] * 4 + ["False", None, "maybe"])
versions = st.sampled_from([None] * 6 + ['W/"1"', 'W/"2"', "*", "1"])


def references(posted: list[str]) -> st.SearchStrategy[str]:
    """A reference to somebody of the directory, to one whom the request has created before, or to nobody."""
    known = st.sampled_from([f"bulkId:{name}" for name in [*posted, *BASE]])
    return known | texts


def optional(strategies: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=strategies)


def bodies(posted: list[str], *, named: bool) -> st.SearchStrategy[dict[str, Any]]:
    """Bodies of POST and PUT; without `named` some have no userName."""
    someone = references(posted)
    enterprise = optional({"employeeNumber": st.sampled_from(["", "B-ada", "B-dora"]), "manager": someone})
    own = {"Mentor": someone, "Buddy": someone, "Level": st.sampled_from([1, 1.0, "7", 2.5, 9, None, "many"])}
    own |= {"Location": st.sampled_from(["Oslo", "Bergen"]), "Shoe Size": st.sampled_from([43, "", "44"])}
    members: dict[str, st.SearchStrategy[Any]] = {
        "externalId": st.sampled_from(["", "x-ada", "x-dora"]),
        "title": st.sampled_from(["Clerk", "", "Lead"]),
        "emails": emails,
        "active": flags,
        ENTERPRISE: enterprise,
        PEAKON: optional(own),
    }
    required = {"userName": user_names} if named else {}
    return st.fixed_dictionaries(required, optional=members)


def changes(posted: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Operations of a PATCH."""
    targets: dict[str, st.SearchStrategy[Any]] = {
        "userName": user_names,
        MANAGER: references(posted),
        f"{MANAGER}.value": references(posted),
        f"{PEAKON}:Mentor": references(posted),
        f"{PEAKON}:Shoe Size": st.sampled_from([43, 44, None]),
        'emails[type eq "work"].value': texts,
        f"{ENTERPRISE}:employeeNumber": st.sampled_from(["B-bob", "B-dora", ""]),
        "externalId": st.sampled_from(["x-bob", "x-dora"]),
        "active": flags,
        "title": st.sampled_from(["Clerk", "Lead"]),
        "emails": emails,
        "id": st.just("x"),
    }
    path = st.sampled_from(list(targets))
    with_path = path.flatmap(
        lambda name: st.fixed_dictionaries(
            {"op": st.sampled_from(["add", "replace"]), "path": st.just(name), "value": targets[name]}
        )
    )
    without = st.fixed_dictionaries({"op": st.just("replace"), "value": bodies(posted, named=False)})
    removed = st.fixed_dictionaries({"op": st.just("remove"), "path": path})
    return with_path | without | removed


@st.composite
def requests(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Operations; each refers to people of the directory and to those that the ones before it create."""
    operations: list[dict[str, Any]] = []
    for number in range(draw(st.integers(2, 9))):
        posted = [operation["bulkId"] for operation in operations if operation["method"] == "POST"]
        method = draw(st.sampled_from(["POST", "POST", "PUT", "PATCH", "PATCH", "DELETE"]))
        operation: dict[str, Any] = {"method": method, "bulkId": f"n{number}", "path": "/Users"}
        if method != "POST":
            whom = st.sampled_from([f"bulkId:{name}" for name in [*posted, *posted, *BASE]] + [NOBODY, "x"])
            operation["path"] = f"/Users/{draw(whom)}"
            operation["version"] = draw(versions)
        if method == "PATCH":
            operation["data"] = {"Operations": draw(st.lists(changes(posted), min_size=1, max_size=3))}
        elif method != "DELETE":
            operation["data"] = draw(bodies(posted, named=draw(st.integers(0, 9)) > 0))
        operations.append(operation)
    return operations


@pytest.fixture
def directory(scim: ScimClient, other: ScimClient) -> dict[str, str]:
    """SCIM ids by name: people of two providers, some of whose references wait."""
    for name in ("Mentor", "Buddy"):
        attributes.add_attribute(name, Attribute.Type.EMPLOYEE)
    attributes.add_attribute("Level", Attribute.Type.DECIMAL)
    location = attributes.find_attribute("Location")
    assert location is not None
    attributes.give_owner(location, other.provider_key)
    ids = {}
    peakon = {"Mentor": "dora@example.com", "Buddy": "B-bob", "Location": "Oslo"}
    ids["ada"] = other.create("ada", title="Chief", **{ENTERPRISE: {"manager": "dora"}, PEAKON: peakon})["id"]
    address = [{"value": "bob@example.com", "type": "work"}]
    badge = {"employeeNumber": "B-bob", "manager": ids["ada"]}
    ids["bob"] = scim.create("bob", externalId="x-bob", emails=address, **{ENTERPRISE: badge})["id"]
    away: dict[str, Any] = {ENTERPRISE: {"manager": "BOB"}, PEAKON: {"Mentor": "x-dora", "Buddy": "42"}}
    ids["cy"] = scim.create("cy", active=False, **away)["id"]
    return ids


def filled(value: Any, ids: dict[str, str]) -> Any:
    """JSON with ids in place of the placeholders that have one by now."""
    text = PLACEHOLDER.sub(lambda found: ids.get(found[1], found[0]), json.dumps(value))
    return json.loads(text)


def at_once(scim: ScimClient, operations: list[dict[str, Any]], ids: dict[str, str]) -> list[Outcome]:
    """What becomes of them in one request; `ids` takes in those of the created."""
    answer = scim.post("/Bulk", {"Operations": filled(operations, ids)})
    assert answer.status == 200, answer.body
    outcomes = []
    for operation, outcome in zip(operations, answer.body["Operations"], strict=True):
        if outcome["status"] == "201":
            ids[operation["bulkId"]] = outcome["location"].rpartition("/")[2]
        outcomes.append((int(outcome["status"]), outcome.get("response", {}).get("scimType")))
    return outcomes


def one_by_one(scim: ScimClient, operations: list[dict[str, Any]], ids: dict[str, str]) -> list[Outcome]:
    """What becomes of them in a request for each; whoever needs someone who was not created is refused."""
    outcomes: list[Outcome] = []
    for raw in operations:
        operation = filled(raw, ids)
        if PLACEHOLDER.search(json.dumps(operation)):
            outcomes.append((409, None))
            continue
        headers = {"If-Match": operation["version"]} if operation.get("version") else {}
        answer = scim.request(operation["method"], operation["path"], operation.get("data"), **headers)
        if answer.status == 201:
            ids[operation["bulkId"]] = answer.body["id"]
        outcomes.append((answer.status, (answer.body or {}).get("scimType") if answer.status > 299 else None))
    return outcomes


def state(scim: ScimClient, ids: dict[str, str]) -> dict[str, Any]:
    """Everything that is kept of everybody, with names in place of ids and without times."""
    labels = {id_: f"<{name}>" for name, id_ in ids.items()}
    known = re.compile("|".join(labels))

    def plain(value: Any) -> Any:
        return json.loads(known.sub(lambda found: labels[found[0]], json.dumps(value, default=str)))

    people = {person.pk: person for person in Employee.objects.select_related("manager")}
    label = {pk: labels[str(person.uuid)] for pk, person in people.items()}
    fields = [field.attname for field in Employee._meta.concrete_fields if field.attname not in STAMPS]
    rows = {
        label[pk]: plain({name: getattr(person, name) for name in fields if name != "manager_id"})
        | {"manager": label.get(person.manager_id or 0), "deleted": person.deleted_at is not None}
        | {"takes part": person.active_since is not None}
        | {"set_by": {fact: setter for fact, (setter, _) in person.set_by.items()}}
        for pk, person in people.items()
    }
    documents = plain(scim.get("/Users", count=200).body["Resources"])
    for document in documents:
        del document["meta"]["created"], document["meta"]["lastModified"]
    history: dict[str, list[Any]] = {name: [] for name in label.values()}
    for change in Change.objects.order_by("pk"):
        history[label[change.employee_id]].append(plain([change.action, change.before, change.after]))
    return {
        "rows": rows,
        "documents": sorted(documents, key=lambda document: str(document["id"])),
        "keys": sorted(
            json.dumps(
                [label[key.employee_id], *plain([key.name, key.key, key.position, key.raw, key.folded])],
                sort_keys=True,
            )
            for key in SearchKey.objects.all()
        ),
        "history": history,
        "periods": sorted(
            (label[period.employee_id], period.reason, period.ended_by)
            for period in ParticipationPeriod.objects.all()
        ),
        "inbox": sorted(UnknownAttribute.objects.values_list("name", flat=True)),
        "unknown": sorted(
            (label[value.employee_id], value.unknown.name, str(value.value))
            for value in UnknownValue.objects.select_related("unknown")
        ),
    }


Way = Callable[[ScimClient, list[dict[str, Any]], dict[str, str]], list[Outcome]]


def tried(scim: ScimClient, way: Way, operations: Any, base: dict[str, str]) -> tuple[list[Outcome], Any]:
    """The outcomes and the state after them; then everything is as it was."""
    ids = dict(base)
    with transaction.atomic():
        outcomes = way(scim, operations, ids)
        after = state(scim, ids)
        transaction.set_rollback(True)
    return outcomes, after


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(operations=requests())
def test_bulk_agrees_with_singles(
    scim: ScimClient, directory: dict[str, str], operations: list[dict[str, Any]]
) -> None:
    outcomes, after = tried(scim, at_once, operations, directory)
    expected, expected_after = tried(scim, one_by_one, operations, directory)
    for operation, found, right in zip(operations, outcomes, expected, strict=True):
        # What cannot be read at all is refused before it is known whom it needs.
        assert found == right or (right == (409, None) and found[0] == 400), operation
    for what, kept in expected_after.items():
        assert after[what] == kept, what
