"""The main job on a real site: a SCIM client of others provisions a company with names in many scripts."""

import json
import os
import time
from collections.abc import Callable, Iterable
from itertools import chain, islice, product
from pathlib import Path
from typing import Any

import httpx2
from django.db import connection
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import PatchOp, SearchRequest

from scim.protocol.urns import PEAKON_USER

from .conftest import ENTERPRISE, USER

COUNT = int(os.environ.get("PEOPLE", "100"))
"""How many people; 500 take a minute or two, most of it inside scim2-client."""
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
NAMES = Path(__file__).with_name("names.json")


def people(count: int) -> list[dict[str, Any]]:
    """Documents of that many people, the scripts in turn; most managers arrive after their reports."""
    scripts = json.loads(NAMES.read_text())
    names = [[(script, *name) for name in product(script["given"], script["family"])] for script in scripts]
    turns = islice(chain.from_iterable(zip(*names, strict=True)), count)
    documents: list[dict[str, Any]] = [
        {
            "schemas": [USER, ENTERPRISE],
            "externalId": f"directory-{number}",
            "userName": f"{given}.{family}.{number}@example.com",
            "name": {"formatted": f"{given} {family}", "familyName": family, "givenName": given},
            "displayName": f"{family} {given}",
            "locale": script["locale"],
            "timezone": script["timezone"],
            "active": True,
            "emails": [{"value": f"person{number}@example.com", "type": "work", "primary": True}],
            "phoneNumbers": [{"value": f"+49 30 {number:05}", "type": "mobile"}],
            ENTERPRISE: {"employeeNumber": f"{number:05}", "department": script["script"]},
        }
        for number, (script, given, family) in enumerate(turns)
    ]
    for number, document in enumerate(documents):
        document[ENTERPRISE]["manager"] = {"value": documents[(3 * number + 1) % count]["userName"]}
    return documents


class Directory:
    """A company's directory behind scim2-client, which checks every answer against the site's own schemas."""

    def __init__(self, http: httpx2.Client) -> None:
        self.client = SyncSCIMClient(http, raise_scim_errors=True)
        self.client.discover()
        self.model: Any = self.client.get_resource_model("User")

    def create(self, document: dict[str, Any]) -> Any:
        return self.client.create(self.model.model_validate(document))

    def search(self, filter_: str, **parameters: Any) -> Any:
        request: Any = SearchRequest.model_validate({"filter": filter_, **parameters})
        return self.client.query(self.model, query_parameters=request)

    def match(self, document: dict[str, Any]) -> str:
        """The id of the one person with that user name, asked for in capitals."""
        [person] = self.search(f'userName eq "{document["userName"].upper()}"').resources
        return str(person.id)

    def read(self, person_id: str) -> dict[str, Any]:
        document: dict[str, Any] = self.client.query(self.model, person_id).model_dump()
        return document

    def patch(self, person_id: str, **values: Any) -> Any:
        operations = [{"op": "replace", "path": path, "value": value} for path, value in values.items()]
        patch_op: Any = PatchOp
        message = patch_op[self.model].model_validate({"schemas": [PATCH_OP], "Operations": operations})
        return self.client.modify(self.model, person_id, message)

    def put(self, person_id: str, **values: Any) -> Any:
        person = self.client.query(self.model, person_id)
        return self.client.replace(person.model_copy(update=values))

    def active_and_not(self) -> tuple[int, int]:
        totals = [self.search(f"active eq {state}", count=0).total_results for state in ("true", "false")]
        return totals[0], totals[1]


def timed(phase: str, work: Callable[[Any], Any], people: Iterable[Any]) -> list[Any]:
    """The results of the work on each of the people; prints how many a second got it."""
    started = time.perf_counter()
    results = [work(person) for person in people]
    seconds = time.perf_counter() - started
    print(f"{phase:<12} {len(results):>5} people {seconds:7.1f} s {len(results) / seconds:7.0f} a second")
    return results


def without_second_names(document: dict[str, Any]) -> str:
    """Takes the extension away under which Department and Manager stand again, and gives the department."""
    own = document.pop(PEAKON_USER)
    document["schemas"].remove(PEAKON_USER)
    assert own.keys() == {"Department", "Manager"}
    return str(own["Department"])


def test_a_company_is_provisioned(live: httpx2.Client) -> None:
    directory, documents = Directory(live), people(COUNT)
    print(f"\n{connection.vendor}:")
    ids = [person.id for person in timed("created", directory.create, documents)]
    assert directory.active_and_not() == (COUNT, 0)
    assert timed("matched", directory.match, documents) == ids

    id_of = dict(zip((document["userName"] for document in documents), ids, strict=True))
    for sent, received in zip(documents, timed("read back", directory.read, ids), strict=True):
        assert without_second_names(received) == sent[ENTERPRISE]["department"]
        assert received[ENTERPRISE].pop("manager")["value"] == id_of[sent[ENTERPRISE].pop("manager")["value"]]
        assert {name: received[name] for name in sent} == sent
        assert received.keys() - sent.keys() == {"id", "meta"}

    updated = timed(
        "updated", lambda one: directory.patch(one, title="役員 · Größe ≥ 1", nickName="Ζωή"), ids
    )
    assert {(one.title, one.nick_name) for one in updated} == {("役員 · Größe ≥ 1", "Ζωή")}
    timed("deactivated", lambda one: directory.patch(one, active=False), ids)
    assert directory.active_and_not() == (0, COUNT)
    timed("reactivated", lambda one: directory.put(one, active=True), ids)
    assert directory.active_and_not() == (COUNT, 0)

    pages = [directory.search("active pr", startIndex=start, count=100) for start in range(1, COUNT + 1, 100)]
    assert [person.id for page in pages for person in page.resources] == ids
    for sent, received in zip(documents, map(directory.read, ids), strict=True):
        without_second_names(received)
        assert {name: received[name] for name in sent.keys() - {ENTERPRISE}} == {
            name: sent[name] for name in sent.keys() - {ENTERPRISE}
        }
        assert received[ENTERPRISE].pop("manager")["displayName"]
        assert received[ENTERPRISE] == sent[ENTERPRISE]
