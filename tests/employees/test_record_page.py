"""An employee's page: adding, editing, what it shows, and edits at the same time as others'."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from employees import attribute_services, hold_pages, setters
from employees.models import Attribute, Change, Employee
from employees.surveys.models import Invitation, Round, Schedule
from tests.employees.pages import ADD, LIST, edited, form_data, messages, page_of
from tests.employees.people import change, delete, hire, now

pytestmark = pytest.mark.django_db

HOME = {"value": "home@example.com", "type": "home"}
WORK = {"value": "work@example.com", "type": "work", "primary": True}


def test_add(admin_client: Client) -> None:
    boss = hire("boss@example.com")
    data = edited(
        form_data(admin_client, ADD),
        user_name="ada@example.com",
        given_name="Ada",
        title="Countess",
        manager=boss.pk,
    )
    assert admin_client.post(ADD, data).headers["Location"] == LIST
    employee = Employee.objects.get(user_name="ada@example.com")
    assert (employee.work_email, employee.active, employee.manager) == ("ada@example.com", True, boss)
    assert employee.profile == {"title": "Countess"}
    written = Change.objects.get(employee=employee)
    assert (written.action, written.actor_kind, written.actor_name) == ("created", "administrator", "admin")


@pytest.mark.parametrize(
    ("address", "emails"),
    [("ADA@example.com", None), ("work@example.com", [WORK])],
)
def test_add_with_a_work_email(admin_client: Client, address: str, emails: Any) -> None:
    data = edited(form_data(admin_client, ADD), user_name="ada@example.com", work_email=address)
    admin_client.post(ADD, data)
    assert Employee.objects.get().profile.get("emails") == emails


@pytest.mark.parametrize(
    ("changes", "field", "error"),
    [
        ({"user_name": "BOSS@example.com"}, "user_name", "Another employee has this user name"),
        ({"user_name": ""}, "user_name", "required"),
        ({"employee_number": "x" * 1001}, "employee_number", "must not be longer than 1000 bytes"),
        ({"work_email": "nonsense"}, "work_email", "must be an e-mail address"),
        ({"given_name": "a\0b"}, "given_name", "Null characters"),
    ],
)
@pytest.mark.parametrize("adding", [True, False])
def test_what_is_refused_is_said_at_its_field(
    admin_client: Client, changes: dict[str, Any], field: str, error: str, adding: bool
) -> None:
    hire("boss@example.com")
    url = ADD if adding else page_of(hire())
    before = list(Employee.objects.order_by("pk").values()), Change.objects.count()
    data = edited(form_data(admin_client, url), title="Kept", **{"user_name": "new@example.com", **changes})
    response = admin_client.post(url, data)
    form = response.context["adminform"].form
    assert response.status_code == 200
    assert list(form.errors) == [field]
    assert error in str(form.errors[field])
    assert form["title"].value() == "Kept"
    assert (list(Employee.objects.order_by("pk").values()), Change.objects.count()) == before


def test_saving_an_unchanged_form_writes_nothing(admin_client: Client) -> None:
    employee = hire(display_name=" Ada ", manager="late@example.com", emails=[WORK], locale="en")
    change(employee, active=None)
    before = Employee.objects.values().get()
    assert admin_client.post(page_of(employee), form_data(admin_client, page_of(employee))).status_code == 302
    assert Employee.objects.values().get() == before
    assert Change.objects.count() == 2


def test_only_what_the_administrator_changed_is_written(admin_client: Client) -> None:
    employee = hire(given_name="Ada", department="Sales", locale="en", emails=[HOME, WORK])
    data = form_data(admin_client, page_of(employee))
    change(employee, department="Marketing", active=False, emails=[WORK])
    admin_client.post(
        page_of(employee), edited(data, given_name="Augusta", locale="", work_email="new@example.com")
    )
    after = now(employee)
    assert (after.given_name, after.active) == ("Augusta", False)
    assert after.profile == {"department": "Marketing", "emails": [{**WORK, "value": "new@example.com"}]}
    written = Change.objects.filter(employee=employee)[0]
    assert set(written.after) == {"given_name", "locale", "emails"}
    assert (after.set_by["given_name"][0], after.set_by["department"][0]) == (written.actor_key, "idp1")


def test_clearing_the_work_email_leaves_the_others(admin_client: Client) -> None:
    employee = hire(emails=[HOME, WORK])
    admin_client.post(page_of(employee), edited(form_data(admin_client, page_of(employee)), work_email=""))
    assert (now(employee).profile, now(employee).work_email) == ({"emails": [HOME]}, "home@example.com")


def test_deactivating_and_choosing_a_manager(admin_client: Client) -> None:
    boss, employee = hire("boss@example.com"), hire(manager="late@example.com")
    data = edited(form_data(admin_client, page_of(employee)), active=False, manager=boss.pk)
    admin_client.post(page_of(employee), data)
    after = now(employee)
    assert (after.active, after.manager, after.manager_awaited) == (False, boss, "")


def test_a_deleted_employee_is_no_choice_for_a_manager(admin_client: Client) -> None:
    boss, employee = hire("boss@example.com"), hire()
    delete(boss)
    response = admin_client.post(
        page_of(employee), edited(form_data(admin_client, page_of(employee)), manager=boss.pk)
    )
    assert list(response.context["adminform"].form.errors) == ["manager"]


def test_editing_somebody_who_was_just_deleted(admin_client: Client) -> None:
    employee = hire()
    data = edited(form_data(admin_client, page_of(employee)), title="Countess")
    delete(employee)
    assert admin_client.post(page_of(employee), data).status_code == 403
    assert now(employee).profile == {}


def test_the_record_shows_everything(admin_client: Client) -> None:
    boss = hire("boss@example.com", display_name="Grace Hopper", employee_number="7")
    employee = hire(
        employee_number="7",
        emails=[WORK, HOME],
        phone_numbers=[{"value": "+44 20 7946 0958", "type": "mobile"}],
        addresses=[{"streetAddress": "Main Street 1", "locality": "London"}],
        manager=boss,
        **{"external_id:idp1": "EXT-1"},
    )
    change(employee, active=False)
    change(employee, manager="late@example.com", title="<i>Countess</i>")
    report = hire("report@example.com", display_name="Report", manager=employee)
    text = admin_client.get(page_of(employee)).text
    shown = [
        str(employee.uuid),
        "home@example.com (home)",
        "+44 20 7946 0958 (mobile)",
        "Main Street 1, London",
        "External id at Entra ID",
        "EXT-1",
        "waiting for “late@example.com” to arrive",
        "the employee number “7” also belongs to",
        f'href="{page_of(boss)}"',
        f'href="{page_of(report)}"',
        "deactivated by Entra ID",
        "Grace Hopper (boss@example.com)</del>",
        "&lt;i&gt;Countess",
    ]
    assert [item for item in shown if item not in text] == []
    assert "<i>" not in text


def test_a_deleted_record_is_for_reading(admin_client: Client) -> None:
    employee = hire(department="Sales")
    delete(employee)
    response = admin_client.get(page_of(employee))
    assert "Sales" in response.text
    assert 'name="_save"' not in response.text
    assert f'href="{page_of(employee, "restore")}"' in response.text
    assert admin_client.post(page_of(employee), {"user_name": "x"}).status_code == 403
    assert messages(admin_client.get("/admin/employees/employee/999999/change/", follow=True)) != []


def invited(employee: Employee, **facts: Any) -> Invitation:
    """An invitation to the first round of a schedule of its own."""
    today = timezone.now()
    schedule = Schedule.objects.create(name=f"Pulse {Invitation.objects.count() + 1}", starts_on=today.date())
    opened = Round.objects.create(schedule=schedule, number=1, closes_at=today, question="How?")
    return Invitation.objects.create(
        round=opened, employee=employee, active_since=today, due_at=today, **facts
    )


def test_invitations_are_shown_to_those_who_may_see_them(admin_client: Client) -> None:
    employee, at = hire(), datetime(2030, 1, 31, 9, 0, tzinfo=UTC)
    invited(employee, state="sent", sent_at=at, opened_at=at, answered_at=at)
    invited(employee, state="sent", sent_at=at, opened_at=at)
    invited(employee, state="failed")
    words = " ".join(strip_tags(admin_client.get(page_of(employee)).text).split())
    shown = [
        "Pulse 1 1 sent 31 Jan 2030, 09:00, answered",
        "Pulse 2 1 sent 31 Jan 2030, 09:00, opened, not answered",
        "Pulse 3 1 failed, not opened",
    ]
    assert [item for item in shown if item not in words] == []
    user = User.objects.create_user("grace@example.com", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_employee"))
    client = Client()
    client.force_login(user)
    assert "Pulse" not in client.get(page_of(employee)).text


@pytest.fixture
def _providers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setters, "_sources", [lambda: {"idp1": "Entra ID"}])
    monkeypatch.setattr(hold_pages, "_addresses", [lambda key: f"/held/{key}/"])


@pytest.mark.usefixtures("_providers")
def test_a_removal_that_is_held(admin_client: Client) -> None:
    employee = hire()
    held = {"held_by": "idp1", "held_at": datetime(2030, 1, 31, 9, 0, tzinfo=UTC), "managed_by": "idp1"}
    Employee.objects.filter(pk=employee.pk).update(active=False, **held)
    text = admin_client.get(page_of(employee)).text
    assert "Removal held." in text
    assert "Entra ID removed this person on 31 January 2030, 09:00" in text
    assert 'href="/held/idp1/"' in text
    assert "In no survey until reactivated" not in text


@pytest.mark.usefixtures("_providers")
def test_who_manages_somebody(admin_client: Client) -> None:
    employee = hire()
    Employee.objects.filter(pk=employee.pk).update(managed_by="idp1")
    assert '<dd class="text-important">Entra ID</dd>' in admin_client.get(page_of(employee)).text
    Employee.objects.filter(pk=employee.pk).update(managed_by="")
    assert "no identity provider has written here" in admin_client.get(page_of(employee)).text


@pytest.mark.parametrize(("special", "queries"), [(False, 15), (True, 18)])
def test_the_page_takes_few_queries(
    admin_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries, special: bool, queries: int
) -> None:
    """Special is somebody with a mentor, an employee number, and a removal that is held."""
    attribute_services.add_attribute("Mentor", Attribute.Type.EMPLOYEE)
    boss = hire("boss@example.com")
    facts: dict[str, Any] = {"employee_number": "7", "attribute_mentor": {"value": "boss@example.com"}}
    employee = hire(manager=boss, **facts if special else {})
    for number in range(3):
        hire(f"r{number}@example.com", manager=employee)
        invited(employee)
        change(employee, title=f"Title {number}", active=bool(number % 2))
    if special:
        Employee.objects.filter(pk=employee.pk).update(held_by="idp1", held_at=timezone.now())
    admin_client.get(page_of(employee))
    with django_assert_max_num_queries(queries):
        assert "Pulse 3" in admin_client.get(page_of(employee)).text
