"""The page of a hold: who is held, and releasing or rejecting all of them, however many they are."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from employees import holding
from employees.models import Employee
from peakon_scim.roles import AUDITOR, HR_ADMINISTRATOR
from scim.provisioning import hold_listing, hold_views, steering
from scim.provisioning.kinds import Kind
from scim.provisioning.models import Hold, IdentityProvider, LogEntry, ProvisioningEvent
from tests.employees.people import change, restore
from tests.scim import bulk_requests as bulk
from tests.scim.conftest import OPERATOR, ScimClient
from tests.scim.provisioning.helpers import ACTOR

pytestmark = pytest.mark.django_db

Action = ProvisioningEvent.Action


def signed_in(group: str, email: str = "ada@example.com") -> Client:
    user = User.objects.create_user(email, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    return client


@pytest.fixture
def hr(db: None) -> Client:
    return signed_in(HR_ADMINISTRATOR)


@pytest.fixture
def hold(scim: ScimClient) -> Hold:
    """Ten people, of whom two are gone and six are held, one of those deleted."""
    return held_up(scim, 10, 8)


def held_up(scim: ScimClient, people: int, removals: int) -> Hold:
    steering.change_settings(brake_percent=20, brake_from=10, brake_hours=24, log_days=90, actor=OPERATOR)
    new = [bulk.post(f"p{n}", displayName=f"Person {n}") for n in range(people)]
    ids = [bulk.id_of(outcome) for outcome in bulk.run(scim, *new)]
    *deactivated, deleted = ids[:removals]
    bulk.run(scim, *(bulk.patch(id_, active=False) for id_ in deactivated), bulk.delete(deleted))
    return Hold.objects.get()


def path(hold: Hold, verb: str = "") -> str:
    return f"/admin/integrations/employee-provisioning/holds/{hold.pk}/{f'{verb}/' if verb else ''}"


def text_of(response: Any) -> str:
    """What a page says, in one line."""
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def send(client: Client, url: str, **fields: object) -> HttpResponse:
    """Sends the form of a page as a browser does."""
    page = client.get(url).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    response = client.post(url, hidden | {name: str(value) for name, value in fields.items()})
    assert isinstance(response, HttpResponse)
    return response


def test_it_tells_what_happened_and_who_is_held(hr: Client, hold: Hold) -> None:
    response = hr.get(path(hold))
    text = text_of(response)
    assert "Directory had removed 2 of 10 employees, and wanted to remove more" in text
    assert "Up to 2 may go without asking" in text
    assert "The removals of 6 people are held" in text
    assert re.findall(r"(Person \d) (p\d@example.com) (Deactivated|Deleted)", text) == [
        *((f"Person {n}", f"p{n}@example.com", "Deactivated") for n in range(2, 7)),
        ("Person 7", "p7@example.com", "Deleted"),
    ]
    cycle = hold.identity_provider.cycles.get()
    page = response.content.decode()
    assert f"/admin/integrations/employee-provisioning/cycles/{cycle.pk}/" in page
    assert path(hold, "release") in page
    assert path(hold, "reject") in page


def test_the_page_asks_a_fixed_number_of_queries(
    hr: Client, scim: ScimClient, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    hold = held_up(scim, 60, 50)
    # session, user, two for permissions; hold, how many, seven to observe its cycle; cycles, people
    with django_assert_max_num_queries(15):
        hr.get(path(hold))
    hr.get(path(hold))
    list(steering.release_hold(hold, actor=ACTOR))
    with django_assert_max_num_queries(15):
        hr.get(path(hold))


def test_pages_of_people_meet_everybody_once(hr: Client, scim: ScimClient) -> None:
    hold = held_up(scim, 140, 130)
    for _ in range(2):
        seen: list[str] = []
        queries = [""]
        for query in queries:
            text = hr.get(path(hold) + query).content.decode()
            seen += re.findall(r"p\d+@example.com", text)
            queries += re.findall(r'rel="next" href="(\?after=\d+)"', text)
        assert len(queries) == 2
        assert len(seen) == len(set(seen)) == 102
        list(steering.release_hold(hold, actor=ACTOR))


@pytest.mark.parametrize("after", ["x", "-1", "9" * 40, "٣"])
def test_addresses_of_nowhere_begin_at_the_beginning(hr: Client, hold: Hold, after: str) -> None:
    assert "Person 2" in text_of(hr.get(path(hold), {"after": after}))


def test_release(hr: Client, hold: Hold) -> None:
    text = text_of(hr.get(path(hold, "release")))
    assert "The participation of 6 people ends now" in text
    assert "1 of them was deleted by Directory" in text
    response = send(hr, path(hold, "release"))
    assert response.headers["Location"] == path(hold)
    assert Employee.objects.filter(active_since__isnull=False).count() == 2
    hold.refresh_from_db()
    assert (hold.decision, hold.decided_by) == (Hold.Decision.RELEASED, "ada@example.com")
    event = ProvisioningEvent.objects.get(action=Action.HOLD_RELEASED)
    assert (event.actor_name, event.details) == ("ada@example.com", "6 employees")
    text = text_of(hr.get(path(hold)))
    assert "the removals are released" in text.lower()
    assert re.search(r"By ada@example\.com, .*, about 6 people \.", text)
    assert len(re.findall(r"Person \d", text)) == 6


def test_reject_warns_of_what_comes_again(hr: Client, hold: Hold) -> None:
    text = text_of(hr.get(path(hold, "reject")))
    assert "6 people become active again" in text
    assert "Directory still believes that they are gone, and may remove them again" in text
    assert hold_listing.STOP_THERE[Kind.OTHER] in text
    assert f"identity-providers/{hold.identity_provider_id}/pause/" in hr.get(path(hold, "reject")).text
    assert send(hr, path(hold, "reject")).status_code == 302
    assert Employee.objects.present().filter(active=True).count() == 8
    assert Hold.objects.get().decision == Hold.Decision.REJECTED


@pytest.mark.parametrize("kind", Kind)
def test_each_identity_provider_is_told_where_to_stop_it(hr: Client, hold: Hold, kind: Kind) -> None:
    IdentityProvider.objects.update(kind=kind)
    words = hold_listing.STOP_THERE[kind].replace(">", "&gt;")
    assert words in hr.get(path(hold, "reject")).text


@pytest.mark.parametrize("verb", ["release", "reject"])
def test_a_large_hold_goes_on_from_page_to_page(
    hr: Client, hold: Hold, verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without any script: each page has the form that goes on."""
    monkeypatch.setattr(hold_views, "SECONDS", 0)
    monkeypatch.setattr(holding, "BATCH", 2)
    response = send(hr, path(hold, verb))
    for done in (2, 4, 6):
        text = text_of(response)
        assert f"{done} of 6 people" in text
        assert holding.held(hold.identity_provider.key).count() == 6 - done
        assert "post_on.js" in response.text
        assert Hold.objects.get().decided_at is None
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', response.text))
        response = hr.post(path(hold, verb), hidden)  # type: ignore[assignment]
    assert response.status_code == 302
    assert Hold.objects.get().decided_at is not None
    decided = {"release": Action.HOLD_RELEASED, "reject": Action.HOLD_REJECTED}[verb]
    event = ProvisioningEvent.objects.get(action=decided)
    assert event.details == "6 employees", "those of every request"


def test_what_was_decided_is_not_decided_again(admin_client: Client, scim: ScimClient, hold: Hold) -> None:
    """Another hold of the same identity provider is left alone."""
    list(steering.reject_hold(hold, actor=ACTOR))
    steering.change_settings(brake_percent=0, brake_from=1, brake_hours=24, log_days=90, actor=OPERATOR)
    scim.delete(f"/Users/{Employee.objects.present().filter(active=True)[0].uuid}")
    assert holding.held(scim.provider_key).count() == 1
    for verb in ("release", "reject"):
        assert admin_client.post(path(hold, verb)).headers["Location"] == path(hold)
        assert "decided already" in text_of(admin_client.get(path(hold)))
    assert holding.held(scim.provider_key).count() == 1


def test_a_hold_of_nobody_is_closed_when_somebody_looks(hr: Client, hold: Hold) -> None:
    for person in holding.held(hold.identity_provider.key):
        person_now = Employee.objects.get(pk=person.pk)
        if person_now.deleted_at is None:
            change(person_now, actor=ACTOR, active=True)
        else:
            restore(person_now, actor=ACTOR)
    assert "Nobody was left to decide about" in text_of(hr.get(path(hold)))
    assert Hold.objects.get().decision == Hold.Decision.DISSOLVED


def test_auditors_read(hold: Hold) -> None:
    auditor = signed_in(AUDITOR)
    text = text_of(auditor.get(path(hold)))
    assert "Person 2" in text
    assert path(hold, "release") not in auditor.get(path(hold)).text
    for verb in ("release", "reject"):
        assert auditor.get(path(hold, verb)).status_code == 403
        assert auditor.post(path(hold, verb)).status_code == 403
    assert holding.held(hold.identity_provider.key).count() == 6


def test_who_may_not_see_employees_sees_no_names(hold: Hold) -> None:
    user = User.objects.create_user("eve@example.com", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_hold"))
    client = Client()
    client.force_login(user)
    text = text_of(client.get(path(hold)))
    assert "6 people" in text
    assert "Person" not in text
    assert "p2@example.com" not in text


def test_others_are_refused(hold: Hold) -> None:
    user = User.objects.create_user("eve@example.com", is_staff=True)
    client = Client()
    assert client.get(path(hold)).status_code == 302
    client.force_login(user)
    assert {client.get(path(hold, verb)).status_code for verb in ("", "release", "reject")} == {403}


def test_forged_forms_and_reading_change_nothing(hr: Client, hold: Hold) -> None:
    assert {hr.post(path(hold, verb)).status_code for verb in ("release", "reject")} == {403}
    for verb in ("release", "reject"):
        hr.get(path(hold, verb))
    assert holding.held(hold.identity_provider.key).count() == 6
    assert Hold.objects.get().decided_at is None


def test_who_was_purged_is_no_longer_on_record(hr: Client, hold: Hold) -> None:
    list(steering.release_hold(hold, actor=ACTOR))
    LogEntry.objects.filter(held=True).update(employee=0)
    assert "No longer on record" in text_of(hr.get(path(hold)))


def test_an_employees_page_leads_here(hold: Hold) -> None:
    assert hold_listing.address(hold.identity_provider.key) == path(hold)
    assert hold_listing.address("idp0") == ""
    list(steering.release_hold(hold, actor=ACTOR))
    assert hold_listing.address(hold.identity_provider.key) == ""
