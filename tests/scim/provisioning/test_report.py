"""What `manage.py provisioning status --json` tells programs, and `release` does."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from employees.models import Employee, ParticipationPeriod
from scim.provisioning import steering
from scim.provisioning.activity import tally
from scim.provisioning.models import Hold, ProvisioningEvent
from tests.scim.bulk_requests import delete, post, run
from tests.scim.conftest import OPERATOR, ScimClient

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> None:
    tally.clear()


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("provisioning", *arguments, stdout=out)
    return out.getvalue()


def told() -> dict[str, Any]:
    """What is told of the only identity provider."""
    tally.flush()
    (provider,) = json.loads(command("status", "--json"))["identity_providers"]
    assert isinstance(provider, dict)
    return provider


@pytest.fixture
def company(scim: ScimClient) -> list[str]:
    """SCIM ids of 120 people whom the identity provider manages."""
    outcomes = run(scim, *(post(f"n{n}", f"n{n}@example.com") for n in range(120)))
    return [outcome["location"].rpartition("/")[2] for outcome in outcomes]


def test_nobody_is_connected(db: None) -> None:
    assert json.loads(command("status", "--json")) == {"enabled": False, "identity_providers": []}
    assert command("status") == "disabled\n"


def test_a_provider_that_was_never_seen(scim: ScimClient) -> None:
    provider = told()
    assert (provider["name"], provider["state"]) == ("Directory", "never seen")
    assert (provider["last_seen"], provider["next_expected"], provider["cycles"]) == (None, None, [])
    assert provider["holds"] == {"people_held": 0, "threshold": None, "since": None}


def test_a_cycle_with_its_counts(scim: ScimClient) -> None:
    id_ = scim.create()["id"]
    scim.get("/Users", filter='userName eq "ada@example.com"')
    scim.patch(f"/Users/{id_}", {"op": "replace", "path": "title", "value": "Analyst"})
    scim.patch(f"/Users/{id_}", {"op": "replace", "path": "active", "value": False})
    scim.patch(f"/Users/{id_}", {"op": "replace", "path": "active", "value": True})
    scim.delete(f"/Users/{id_}")
    scim.post("/Users", {"userName": ""})
    provider = told()
    (cycle,) = provider["cycles"]
    names = ("looked_up", "created", "changed", "deactivated", "reactivated", "deleted", "refused")
    assert [cycle[name] for name in names] == [1] * 7
    assert (provider["state"], provider["employees_managed"]) == ("healthy", 0)
    assert provider["last_seen"] >= cycle["ended_at"] >= cycle["started_at"]


def test_a_hold_is_told_and_released(scim: ScimClient, company: list[str]) -> None:
    assert told()["holds"] == {"people_held": 0, "threshold": 24, "since": None}
    run(scim, *map(delete, company[:30]))
    provider = told()
    assert (provider["holds"]["people_held"], provider["holds"]["threshold"]) == (6, 24)
    assert (provider["cycles"][0]["deleted"], provider["cycles"][0]["held"]) == (30, 6)
    assert ParticipationPeriod.objects.count() == 24
    assert command("release", "--identity-provider", "directory") == "released 6\n"
    assert ParticipationPeriod.objects.count() == 30
    assert told()["holds"]["people_held"] == 0
    assert Hold.objects.get().decision == "released"
    with pytest.raises(CommandError, match="No removals of Directory are held"):
        command("release", "--identity-provider", "Directory")


def test_a_hold_is_rejected(scim: ScimClient, company: list[str]) -> None:
    run(scim, *map(delete, company[:30]))
    (hold,) = Hold.objects.all()
    assert list(steering.reject_hold(hold, actor=OPERATOR)) == [6]
    assert ParticipationPeriod.objects.count() == 24
    assert Employee.objects.present().filter(active=True, active_since__isnull=False).count() == 96
    assert scim.get(f"/Users/{company[29]}").body["active"] is True
    events = ProvisioningEvent.objects.order_by("pk").values_list("action", flat=True)
    assert [action for action in events if action.startswith("hold")] == ["hold opened", "hold rejected"]


def test_a_hold_that_dissolves(scim: ScimClient, company: list[str]) -> None:
    run(scim, *map(delete, company[:25]))
    (hold,) = Hold.objects.all()
    assert not steering.dissolve(hold, actor=OPERATOR)
    list(steering.reject_hold(hold, actor=OPERATOR))
    assert steering.dissolve(hold, actor=OPERATOR)
    assert Hold.objects.get().decision == "rejected", "it is decided once"


def test_an_unknown_provider(scim: ScimClient) -> None:
    with pytest.raises(CommandError, match=r"No identity provider is named Nobody\. Known: Directory"):
        command("release", "--identity-provider", "Nobody")


def test_queries_do_not_grow_with_providers_data(
    scim: ScimClient, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        scim.create(f"n{number}@example.com")
    with django_assert_max_num_queries(25):
        command("status", "--json")
