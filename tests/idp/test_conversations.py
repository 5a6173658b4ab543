"""Replays what each client says; `README.md` beside this file explains the format of a conversation."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from employees import attribute_services
from employees.audit import Actor
from employees.models import Attribute
from scim.provisioning import services, tokens
from scim.provisioning.models import IdentityProvider

HERE = Path(__file__).parent
CONVERSATIONS = sorted(HERE.glob("*/*.json"))
CLIENTS = {
    *("adselfservice", "authentik", "entra", "google", "hris", "jumpcloud"),
    *("keycloak", "okta", "onelogin", "ping", "rippling", "sailpoint"),
}
ERROR = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"]}
OPERATOR = Actor.command("test")
Known = dict[str, Any]


def test_every_client_is_heard() -> None:
    assert {path.parent.name for path in CONVERSATIONS} == CLIENTS


@pytest.mark.django_db
@pytest.mark.parametrize("path", CONVERSATIONS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_conversation(path: Path) -> None:
    services.switch(True, actor=OPERATOR)
    provider = services.connect(path.parent.name, IdentityProvider.Kind.OTHER, actor=OPERATOR)
    http = Client(headers={"Authorization": f"Bearer {tokens.issue(provider, actor=OPERATOR)}"})
    conversation = json.loads(path.read_text())
    for name in conversation.get("attributes", ()):
        attribute_services.add_attribute(name, Attribute.Type.OPTION)
    known: Known = {}
    for number, step in enumerate(conversation["steps"], 1):
        said = fill(step["request"], known)
        headers = conversation.get("headers", {}) | said.get("headers", {})
        content = json.dumps(said["body"]) if "body" in said else ""
        content_type = headers.pop("Content-Type", "application/scim+json") if content else ""
        answer = http.generic(said["method"], said["path"], content, content_type, headers=headers)
        where = f"step {number}, {said['method']} {said['path']}: {answer.content.decode()}"
        assert answer.status_code == step["response"]["status"], where
        for name, value in step["response"].get("headers", {}).items():
            check(value, answer.headers.get(name), known, f"{where}\n{name}")
        body = json.loads(answer.content or b"null")
        check(step["response"].get("body", {}) if body is not None else None, body, known, where)
        if answer.status_code >= 400:
            check({**ERROR, "status": str(answer.status_code)}, body, known, where)


def fill(sent: Any, known: Known) -> Any:
    """The same with every $name that has been learnt replaced by its value."""
    match sent:
        case dict():
            return {name: fill(value, known) for name, value in sent.items()}
        case list():
            return [fill(value, known) for value in sent]
        case str():
            return re.sub(r"\$(\w+)", lambda found: known.get(found[1], found[0]), sent)
    return sent


def check(expected: Any, actual: Any, known: Known, where: str) -> None:
    """What is expected is there; null means that it must be absent, $name learns or repeats a value."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for name, value in expected.items():
            check(value, actual.get(name), known, f"{where}\n{name}")
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for index, pair in enumerate(zip(expected, actual, strict=True)):
            check(*pair, known, f"{where}[{index}]")
    elif isinstance(expected, str) and expected.startswith("$"):
        assert actual, f"{where} is missing"
        assert known.setdefault(expected[1:], actual) == actual, where
    else:
        assert (type(actual), actual) == (type(expected), expected), where
