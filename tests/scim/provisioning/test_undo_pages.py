"""Undoing a cycle on its page and on the command line: who may, what it says, and that it does it."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError
from django.core.management.base import CommandParser
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from employees import services, undo
from employees.models import Employee
from scim.provisioning import cycles, undoing
from scim.provisioning.models import Cycle, IdentityProvider, ProvisioningEvent
from tests.employees.undoing import ADMINISTRATOR, differences, state
from tests.scim.conftest import OPERATOR, ScimClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def before(scim: ScimClient, other: ScimClient) -> dict[str, Any]:
    """The company before a cycle of `scim`."""
    bob = other.create("bob@example.com", title="Clerk")
    other.create("cy@example.com")
    before = state()
    scim.patch(f"/Users/{bob['id']}", {"op": "replace", "path": "title", "value": "<b>Lead</b>"})
    scim.create("ada@example.com")
    [cy] = scim.get("/Users", filter='userName eq "cy@example.com"').body["Resources"]
    scim.delete(f"/Users/{cy['id']}")
    return before


@pytest.fixture
def cycle(before: dict[str, Any], scim: ScimClient) -> Cycle:
    provider = IdentityProvider.objects.get(name="Directory")
    cycles.observe(provider, timezone.now(), fresh=True)
    return Cycle.objects.get(identity_provider=provider)


def page_of(cycle: Cycle) -> str:
    return reverse("provisioning:undo_cycle", args=[cycle.pk])


def signed_in(*permissions: str) -> Client:
    user = User.objects.create_user("grace@example.com", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def test_the_preview(
    admin_client: Client, cycle: Cycle, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    admin_client.get(page_of(cycle))
    written = state()
    with django_assert_max_num_queries(15):
        text = " ".join(admin_client.get(page_of(cycle)).text.split())
    words = [
        "<b>1</b> will be deleted",
        "<b>1</b> will be restored",
        "<b>1</b> will change",
        "bob@example.com</a> will change",
        "&lt;b&gt;Lead&lt;/b&gt;</del>",
        "Clerk</ins>",
        "Directory created 1 person of these: while they are assigned there, it will create them again.",
        "Directory manages Title of 1 person",
        "This sync may still be going on",
    ]
    assert [word for word in words if word not in text] == []
    assert differences(written, state()) == []


def test_confirmed_it_is_done_and_noted(admin_client: Client, before: dict[str, Any], cycle: Cycle) -> None:
    response = admin_client.post(page_of(cycle), follow=True)
    assert "Undone: 1 deleted, 1 restored, 1 changed." in response.text
    assert differences(before, state()) == []
    event = ProvisioningEvent.objects.get(action=ProvisioningEvent.Action.UNDONE)
    assert (event.identity_provider, event.actor_name) == (cycle.identity_provider, "admin")
    assert event.details.endswith("1 deleted, 1 restored, 1 changed")
    assert "there is nothing to undo" in admin_client.get(page_of(cycle)).text
    admin_client.post(page_of(cycle))
    assert ProvisioningEvent.objects.filter(action=ProvisioningEvent.Action.UNDONE).count() == 1


def test_a_large_one_goes_on_by_itself(
    admin_client: Client, before: dict[str, Any], cycle: Cycle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "BATCH", 2)
    assert "The figures are those of the first 2 people" in admin_client.get(page_of(cycle)).text
    fields: dict[str, str] = {}
    for _ in range(20):
        response = admin_client.post(page_of(cycle), fields)
        if response.status_code == 302:
            break
        [place] = re.findall(r'name="place" value="([^"]*)"', response.text)
        fields = {"place": place}
    assert response.status_code == 302
    assert differences(before, state()) == []
    events = ProvisioningEvent.objects.filter(action=ProvisioningEvent.Action.UNDONE).order_by("pk")
    noted = [event.details.partition("UTC: ")[2] for event in events]
    assert noted == ["1 deleted", "1 restored, 1 changed"], "each with the transaction that did it"


def test_a_place_that_was_made_up_begins_at_the_beginning(
    admin_client: Client, before: dict[str, Any], cycle: Cycle
) -> None:
    assert admin_client.post(page_of(cycle), {"place": "made:up"}).status_code == 302
    assert differences(before, state()) == []


@pytest.mark.parametrize("permissions", [(), ("view_cycle", "view_logentry", "view_change", "view_employee")])
def test_only_those_who_manage_provisioning(cycle: Cycle, permissions: tuple[str, ...]) -> None:
    client = signed_in(*permissions)
    written = state()
    assert [client.get(page_of(cycle)).status_code, client.post(page_of(cycle)).status_code] == [403, 403]
    assert Client().get(page_of(cycle)).status_code == 302
    assert differences(written, state()) == []


def test_values_are_for_those_who_may_see_employees(cycle: Cycle) -> None:
    text = signed_in("manage_provisioning").get(page_of(cycle)).text
    assert "bob@example.com" not in text
    assert "Who they are is shown to those who may see employees." in text


def command(*arguments: str) -> str:
    parser = CommandParser()
    undoing.add_arguments(parser)
    return undoing.run(vars(parser.parse_args(arguments)), actor=OPERATOR)


def test_the_command(before: dict[str, Any], cycle: Cycle) -> None:
    written, id_ = state(), str(cycle.pk)
    preview = command("--cycle", id_, "--preview")
    bob = Employee.objects.get(user_name="bob@example.com")
    assert preview.startswith("of everybody: 1 deleted, 1 restored, 1 changed\n")
    assert f"  {bob.uuid}: will change, Title" in preview
    assert "Lead" not in preview
    assert differences(written, state()) == []
    assert command("--cycle", id_) == "undone: 1 deleted, 1 restored, 1 changed"
    assert differences(before, state()) == []
    assert command("--cycle", id_) == "undone: nobody changed"
    with pytest.raises(CommandError, match="There is no cycle 999999"):
        command("--cycle", "999999")


def test_what_an_administrator_changed_since_stays(cycle: Cycle) -> None:
    bob = Employee.objects.get(user_name="bob@example.com")
    services.update_employee(bob, {"title": "Chief"}, actor=ADMINISTRATOR)
    assert command("--cycle", str(cycle.pk)).endswith("; something left alone of 1")
    bob.refresh_from_db()
    assert bob.profile["title"] == "Chief"
