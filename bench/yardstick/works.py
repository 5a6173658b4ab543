"""The kinds of work that are measured, as prepared requests about the people of a site."""

import json
from random import Random
from typing import Any, Final
from urllib.parse import quote

from bench.bulk import ENTERPRISE, retitled

from .driver import NUMBER, Request
from .floor import PEAKON, USER

PAGE: Final = 100
USERS: Final = "/scim/v2/Users"
MATCH, GET, PAGES, PATCH, CREATE = "match", "get", "page", "patch", "create"
WRITES: Final = (PATCH, CREATE)
BULK: Final = "bulk"

Document = dict[str, Any]


def prepared(people: list[Document]) -> dict[str, list[Request]]:
    """The requests of each kind of work, about everybody in an order of chance that is always the same."""
    shuffled = Random(7).sample(people, len(people))
    starts = Random(7).sample(range(1, len(people) + 1, PAGE), -(-len(people) // PAGE))
    return {
        MATCH: [Request("GET", f"{USERS}?filter={_user_name_is(of['userName'])}") for of in shuffled],
        GET: [Request("GET", f"{USERS}/{of['id']}") for of in shuffled],
        PAGES: [Request("GET", f"{USERS}?startIndex={start}&count={PAGE}") for start in starts],
        PATCH: [Request("PATCH", f"{USERS}/{of['id']}", _json(retitled(_NEW_TITLE))) for of in shuffled],
        CREATE: [Request("POST", USERS, _json(_colleague(of))) for of in shuffled],
    }


# A site's own, or said in its own schema once more.
_OURS_ALONE: Final = ("id", "meta", PEAKON)
_NEW_TITLE: Final = f"Analyst {NUMBER}"


def _user_name_is(user_name: str) -> str:
    return quote(f'userName eq "{user_name}"')


def _colleague(document: Document) -> Document:
    """Somebody new who has much in common with a person, and reports to them."""
    address = f"new.{NUMBER}@example.com"
    kept = {name: value for name, value in document.items() if name not in _OURS_ALONE}
    return kept | {
        "schemas": [USER, ENTERPRISE],
        "userName": address,
        "externalId": f"object-{NUMBER}",
        "emails": [{"value": address, "type": "work", "primary": True}],
        ENTERPRISE: document[ENTERPRISE]
        | {"employeeNumber": f"N{NUMBER}", "manager": {"value": document["id"]}},
    }


def _json(document: Document) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
