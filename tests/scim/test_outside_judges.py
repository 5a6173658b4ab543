"""Conformance tools that others wrote, against a real gunicorn."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import httpx2
import pytest
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import ScimProvider
from scim2_tester import CheckResult, Status, check_server
from scim_sanity.probe.runner import run_probe_api

from tests.site import Site

NOT_OFFERED = {
    ("Group CRUD Lifecycle", "Group not in scope"),
    ("Agent CRUD Lifecycle", "Agent not supported by server"),
    ("AgenticApplication CRUD Lifecycle", "AgenticApplication not supported by server"),
    ("Agent Rapid Lifecycle", "Agent not supported or not in scope"),
}
"""What scim-sanity looks for in /ResourceTypes and rightly does not find."""

PEAKON = "urn:ietf:params:scim:schemas:extension:peakon:2.0:User"
OF_ITS_OWN = {"Remote": "boolean", "Motto": "text", "Buddy": "employee"}
"""No number or dateTime, for which the tester makes up texts that its own models refuse."""

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
STOPPED_AT_A_BLANK = re.compile(
    r"Unexpected token Token\('ATTR_PATH', '(?P<after>\w+)'\)"
    r".*Previous tokens: \[Token\('ATTR_PATH', '(?P<before>[^']+)'\)\]",
    re.DOTALL,
)
"""What the tester's own client says of a path that it has read up to a blank."""


class Verdicts(NamedTuple):
    """What scim2-tester says of a company, which its own client cannot quite follow.

    Attributes:
        names: the company's attributes: the standard ones, and some of its own without a blank.
        everything: with all of them, as far as a client gets that cannot put a blank into a path.
        past_blanks: with all of them still, by a client that leaves the names with a blank out.
        blank_free: when only the names without a blank are active.
    """

    names: list[str]
    everything: list[CheckResult]
    past_blanks: list[CheckResult]
    blank_free: list[CheckResult]


@pytest.fixture(scope="module")
def verdicts(site: Site, live_token: str) -> Verdicts:
    for name, type_ in OF_ITS_OWN.items():
        site.manage("attribute", "add", name, "--type", type_)
    names = site.manage("attribute", "list").splitlines()
    blanks = [name for name in names if " " in name]
    headers = {"Authorization": f"Bearer {live_token}"}
    with httpx2.Client(base_url=f"{site.url}/scim/v2", headers=headers, timeout=60) as http:
        try:
            everything = check_server(SyncSCIMClient(http))
            past_blanks = check_server(client_past_blanks(http))
            switch(site, "deactivate", blanks)
            blank_free = check_server(SyncSCIMClient(http))
        finally:
            switch(site, "activate", blanks)
            switch(site, "deactivate", OF_ITS_OWN)
    return Verdicts(names, everything, past_blanks, blank_free)


def switch(site: Site, action: str, names: Iterable[str]) -> None:
    for name in names:
        site.manage("attribute", action, name)


def client_past_blanks(http: httpx2.Client) -> SyncSCIMClient:
    """A client that knows what the server publishes but for the names with a blank."""
    client = SyncSCIMClient(http)
    client.discover()
    published = client.provider
    schemas = list(published.schemas)
    for schema in schemas:
        schema.attributes = [one for one in schema.attributes or [] if " " not in str(one.name)]
    client.provider = ScimProvider.from_discovery(schemas, published.resource_types, published.config)
    return client


def tally(results: Iterable[CheckResult]) -> Counter[tuple[str, str, str]]:
    """How often each check came to each status and reason, whatever the ids of the resources it made."""
    return Counter(
        (str(result.title), result.status.name, UUID.sub("id", result.reason or "")) for result in results
    )


@pytest.mark.usefixtures("live")
def test_scim2_tester(verdicts: Verdicts) -> None:
    results = verdicts.blank_free
    unsuccessful = [
        (result.status.name, result.title, result.reason)
        for result in results
        if result.status is not Status.SUCCESS
    ]
    assert not unsuccessful
    checks = Counter(result.title for result in results)
    # Every attribute of /Schemas was written; the tester had skipped nothing for want of one.
    assert min(checks[f"check_{verb}_attribute"] for verb in ("add", "replace", "remove")) > 20
    blank_free = [name for name in verdicts.names if " " not in name]
    assert checks["check_replace_attribute"] >= 28 + len(blank_free), "besides the 28 of the standard schemas"
    reasons = {result.reason for result in results}
    assert reasons >= {f"Successfully replaced attribute '{PEAKON}:{name}'" for name in blank_free}
    assert checks.keys() >= {
        "object_creation",
        "object_replacement",
        "object_deletion",
        "search_with_attributes",
    }


@pytest.mark.usefixtures("live")
def test_nothing_hides_behind_the_names_with_a_blank(verdicts: Verdicts) -> None:
    """The tester gives up a whole check at the first such name, so it is run once more past them."""
    clean = tally(verdicts.blank_free)
    assert tally(verdicts.past_blanks) == clean

    given_up = [result for result in verdicts.everything if result.status is not Status.SUCCESS]
    blanks = [f"{PEAKON}:{name}" for name in verdicts.names if " " in name]
    assert given_up
    for result in given_up:
        stopped = STOPPED_AT_A_BLANK.search(result.reason or "")
        assert stopped, result
        assert any(name.startswith(f"{stopped['before']} {stopped['after']}") for name in blanks), result

    titles = {result.title for result in given_up}
    others = [result for result in verdicts.everything if result.title not in titles]
    assert tally(others) == tally(result for result in verdicts.blank_free if result.title not in titles)
    assert titles <= {result.title for result in verdicts.blank_free}


def test_scim_sanity(live: httpx2.Client) -> None:
    token = live.headers["Authorization"].removeprefix("Bearer ")
    verdict = run_probe_api(str(live.base_url), token=token, strict=True)
    outcomes: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for result in verdict["results"]:
        outcomes[result["status"]].add((result["name"], result.get("message", "")))
    assert outcomes.keys() == {"pass", "skip"}, outcomes
    assert outcomes["skip"] == NOT_OFFERED
    assert len(outcomes["pass"]) == 18
