"""Roles: what each may open and write, who has them, and that nobody changes them."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.sessions.models import Session
from django.core.management.sql import emit_post_migrate_signal
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from employees.models import Attribute, AttributeAlias, Change
from peakon_scim.models import SignIn
from peakon_scim.roles import AUDITOR, HR_ADMINISTRATOR
from scim.provisioning import models as provisioning
from scim.provisioning import services
from tests.decisions import DECISIONS, PAGES, ROLES
from tests.employees.people import hire
from tests.scim.provisioning.helpers import ACTOR
from tests.surveys.invitations import round_of

pytestmark = pytest.mark.django_db

QUERIES = {
    "admin:autocomplete": "?app_label=employees&model_name=employee&field_name=manager&term=a",
    "admin:search": "?s=a",
    "provisioning:log_export": "?format=csv",
}
FORM = {"post": "yes", "name": "x", "username": "x", "user_name": "x", "given_name": "x", "permissions": "1"}


def test_every_address_is_decided() -> None:
    assert {name for name, _ in PAGES if name} == set(DECISIONS)
    # The administration's own: to the page of a row, and to the same address with a slash.
    nameless = {route for name, route in PAGES if not name}
    assert {re.sub(r"^admin/\w+/\w+/", "", route) for route in nameless} == {
        "<path:object_id>/",
        "admin/(?P<url>.*)$",
    }


@pytest.fixture
def keys() -> dict[str, int]:
    """One row of everything, by the names in `DECISIONS`."""
    employee, attribute = hire(), Attribute.objects.get(name="Gender")
    provider, _ = services.connect_with_token("Okta", provisioning.IdentityProvider.Kind.OKTA, actor=ACTOR)
    moment = timezone.now()
    user = User.objects.create_user("grace@example.com")
    window = {"identity_provider": provider, "started_at": moment, "ended_at": moment}
    rows: dict[str, Any] = {
        "employees_employee": employee,
        "employees_attribute": attribute,
        "alias": AttributeAlias.objects.create(attribute=attribute, name="Sex"),
        "employees_change": Change.objects.get(),
        "identity_provider": provider,
        "provisioning_bearertoken": provider.tokens.get(),
        "provisioning_provisioningevent": provisioning.ProvisioningEvent.objects.first(),
        "provisioning_logentry": provisioning.LogEntry.objects.create(
            identity_provider=provider, outcome="created", method="POST", target="/Users", status=201
        ),
        "provisioning_cycle": provisioning.Cycle.objects.create(**window),
        "provisioning_hold": provisioning.Hold.objects.create(
            identity_provider=provider, removed=1, managed=100, threshold=20
        ),
        "unknown_attribute": provisioning.UnknownAttribute.objects.create(name="Shoe size"),
        "surveys_schedule": (survey := round_of()).schedule,
        "surveys_round": survey,
        "peakon_scim_signin": SignIn.objects.create(event=SignIn.Event.FAILED),
        "auth_user": user,
        "auth_group": Group.objects.create(name="Readers"),
        "admin_logentry": LogEntry.objects.log_actions(user.pk, [user], CHANGE)[0],
    }
    return {name: row.pk for name, row in rows.items()}


@pytest.fixture
def member(client: Client, keys: dict[str, int], request: pytest.FixtureRequest) -> Client:
    """Somebody with the role that the test names, and nothing else."""
    user = User.objects.create_user("ada@example.com", is_staff=True)
    user.groups.add(Group.objects.get(name=request.param))
    client.force_login(user)
    return client


each_role = pytest.mark.parametrize(("role", "member"), [(role, role) for role in ROLES], indirect=["member"])


def address(name: str, keys: dict[str, int]) -> str:
    route = next(route for known, route in PAGES if known == name)
    key = keys.get(DECISIONS[name].key, 0)
    values: dict[str, Any] = dict.fromkeys(re.findall(r"<(?:\w+:)?(\w+)>", route), key)
    if "app_label" in values:
        values["app_label"] = "employees"
    if "alias_pk" in values:
        values = {"pk": keys["employees_attribute"], "alias_pk": key}
    return reverse(name, kwargs=values) + QUERIES.get(name, "")


@each_role
def test_who_opens_what(role: str, member: Client, keys: dict[str, int]) -> None:
    wrong = {}
    for name, decision in DECISIONS.items():
        status = member.get(address(name, keys)).status_code
        # 404: there is no site to view a row on; 405: what is only posted to.
        expected = (200, 302, 404, 405) if role in decision.readers else (403, 405)
        if status not in expected:
            wrong[name] = status
    assert wrong == {}


@each_role
def test_who_writes_what(role: str, member: Client, keys: dict[str, int]) -> None:
    cookies, wrong = member.cookies.output(header=""), {}
    for name, decision in DECISIONS.items():
        status, has_written = posted(member, address(name, keys), FORM)
        member.cookies.load(cookies)  # which signing out has taken away
        if decision.writers is None or role not in decision.writers:
            right = not has_written and (decision.writers is None or status in (403, 405))
        else:
            right = status in (200, 302)
        if not right:
            wrong[name] = (status, has_written)
    assert wrong == {}


@each_role
def test_actions_on_lists(role: str, member: Client, keys: dict[str, int]) -> None:
    """What can be done with a form can be done with an action, and no more."""
    wrote = set()
    for model, model_admin in admin.site._registry.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        own = [getattr(action, "__name__", action) for action in model_admin.actions or ()]
        for action in ("delete_selected", *own):
            data = {"action": action, "_selected_action": [keys[name]], **FORM}
            if posted(member, reverse(f"admin:{name}_changelist"), data)[1]:
                wrote.add((name, action))
    hr = {("employees_employee", "deactivate"), ("employees_employee", "delete"),
          ("employees_attribute", "deactivate_selected")}  # fmt: skip
    assert wrote == (hr if role == HR_ADMINISTRATOR else set())


def posted(client: Client, url: str, data: dict[str, Any]) -> tuple[int, bool]:
    """The status of the answer, and whether anything was written besides the session; it is undone."""
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        status = client.post(url, data).status_code
        transaction.set_rollback(True)
    writes = (re.search(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', query["sql"]) for query in queries)
    return status, bool({write[1] for write in writes if write} - {Session._meta.db_table})


@each_role
def test_no_powers_over_users(role: str, member: Client) -> None:
    granted = Permission.objects.filter(group__name=role)
    assert not granted.filter(content_type__app_label__in=("auth", "contenttypes", "sessions")).exists()
    if role == AUDITOR:
        assert not granted.exclude(codename__startswith="view_").exists()


def test_roles_are_kept_right() -> None:
    Group.objects.get(name=HR_ADMINISTRATOR).delete()
    auditors = Group.objects.get(name=AUDITOR)
    granted = set(auditors.permissions.all())
    auditors.permissions.add(Permission.objects.get(codename="delete_employee"))
    auditors.permissions.remove(Permission.objects.get(codename="view_change"))
    for _ in range(2):
        emit_post_migrate_signal(verbosity=0, interactive=False, db=DEFAULT_DB_ALIAS)
        assert set(auditors.permissions.all()) == granted
        powers = Group.objects.get(name=HR_ADMINISTRATOR).permissions
        assert {"manage_provisioning", "manage_surveys", "change_employee", "view_signin"} <= set(
            powers.values_list("codename", flat=True)
        )


AUDITS = (
    "Change history", "Provisioning log", "Sync cycles", "Held removals", "Provisioning events",
    "Bearer tokens", "Sign-ins", "Users and attributes",
)  # fmt: skip


@each_role
def test_sidebar(role: str, member: Client) -> None:
    sections = member.get("/admin/").context["sidebar_navigation"]
    shown = {item["title"] for section in sections for item in section["items"] if item["has_permission"]}
    assert shown >= {"Employees", "Attributes", "Employee provisioning", *AUDITS}
    assert ("Attribute inbox" in shown) == (role == HR_ADMINISTRATOR)
    assert not shown & {"Users", "Groups"}


def test_who_gets_a_role_can_sign_in(admin_client: Client) -> None:
    user = User.objects.create_user("ada@example.com", password="a-password-for-tests")
    page, auditors = reverse("admin:auth_user_change", args=[user.pk]), Group.objects.get(name=AUDITOR)
    assert "can sign in from then on" in re.sub(r"\s+", " ", admin_client.get(page).text)
    joined, login = timezone.localtime(user.date_joined), {"username": user.username, "is_active": "on"}
    form = {**login, "date_joined_0": joined.date(), "date_joined_1": joined.time().replace(microsecond=0)}
    for groups, can_sign_in in (([], False), ([auditors.pk], True)):
        assert admin_client.post(page, {**form, "groups": groups}).status_code == 302
        user.refresh_from_db()
        assert (user.is_staff, user.is_superuser) == (can_sign_in, False)
    assert LogEntry.objects.filter(change_message="Staff status came with the role.").count() == 1
    assert Client().login(username=user.username, password="a-password-for-tests")


def test_superusers_look_after_users_and_groups(admin_client: Client) -> None:
    form = {"username": "ada@example.com", "usable_password": "true",
            "password1": "a-password-for-tests", "password2": "a-password-for-tests"}  # fmt: skip
    assert admin_client.post(reverse("admin:auth_user_add"), form).status_code == 302
    user = User.objects.get(username="ada@example.com")
    for page in ("auth_user_change", "auth_user_password_change", "auth_user_delete"):
        assert admin_client.get(reverse(f"admin:{page}", args=[user.pk])).status_code == 200
    permission = Permission.objects.get(codename="view_change")
    group = {"name": "Readers", "permissions": [permission.pk]}
    assert admin_client.post(reverse("admin:auth_group_add"), group).status_code == 302
    assert list(Group.objects.get(name="Readers").permissions.all()) == [permission]
    text = admin_client.get(reverse("admin:auth_group_changelist")).text
    assert [name for name in (*ROLES, "Readers") if name not in text] == []


def test_not_even_superusers_change_a_role(admin_client: Client) -> None:
    auditors = Group.objects.get(name=AUDITOR)
    page = reverse("admin:auth_group_change", args=[auditors.pk])
    assert "Can view change" in admin_client.get(page).text
    assert admin_client.post(page, {"name": "Other"}).status_code == 403
    assert admin_client.post(reverse("admin:auth_group_delete", args=[auditors.pk])).status_code == 403
    selected = {"action": "delete_selected", "_selected_action": [auditors.pk], "post": "yes"}
    admin_client.post(reverse("admin:auth_group_changelist"), selected)
    assert Group.objects.filter(name=AUDITOR).exists()


def test_who_has_done_something_is_not_deleted(admin_client: Client) -> None:
    user = User.objects.create_user("ada@example.com")
    LogEntry.objects.log_actions(user.pk, [user], CHANGE)
    page = reverse("admin:auth_user_delete", args=[user.pk])
    assert admin_client.post(page, {"post": "yes"}).status_code == 403
    LogEntry.objects.all().delete()
    assert admin_client.post(page, {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=user.pk).exists()
