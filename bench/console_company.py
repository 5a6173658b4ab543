"""The company whose console is measured, and the administrator who reads it."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from employees.models import Change, Employee
from scim.provisioning.log_filters import HELD, SCIM_TYPES
from scim.provisioning.models import Cycle, Hold, IdentityProvider, LogEntry

from .company import define_attributes, found
from .console_log import fill
from .people import Company
from .site import Directory

ADMINISTRATOR = "admin@example.com"
HELD_PEOPLE = 5_000
TABLES = ("logentry", "cycle", "hold", "provisioningevent", "bearertoken")


def gather(people: int, entries: int) -> None:
    """Brings the people, the log and an open hold, unless the database has them already.

    Raises:
        RuntimeError: the database has other people.
    """
    present = Employee.objects.count()
    if present not in (0, people):
        raise RuntimeError(f"The database has {present:,} employees; {people:,} or nobody is expected.")
    directory = Directory()
    company = Company(provider=directory.actor.key)
    if not present:
        define_attributes(company)
        found(company, people, actor=directory.actor)
    if not LogEntry.objects.exists():
        fill(directory, people, entries)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
    if not Hold.objects.exists():
        _hold(people)


def _hold(people: int) -> None:
    """An open hold, as the brake would have opened it."""
    provider = IdentityProvider.objects.latest("pk")
    among = Employee.objects.filter(pk__lte=min(HELD_PEOPLE, people // 10))
    among.update(held_by=provider.key, held_at=timezone.now())
    Hold.objects.create(
        identity_provider=provider, removed=people // 5, managed=people, threshold=people // 5
    )


class Reader:
    """A superuser, who sees everything."""

    def __init__(self) -> None:
        user = User.objects.filter(username=ADMINISTRATOR).first()
        self.client = Client(SERVER_NAME="localhost")
        self.client.force_login(user or User.objects.create_superuser(ADMINISTRATOR))

    def get(self, address: str) -> Any:
        """The answer.

        Raises:
            RuntimeError: it was no page.
        """
        response = self.client.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{address}: {response.status_code}")
        return response

    def queries(self, address: str) -> int:
        """How many queries a page takes the second time."""
        self.get(address)
        with CaptureQueriesContext(connection) as captured:
            self.get(address)
        return len(captured)

    def pages(self) -> dict[str, str]:
        """The address of every page by what it is."""
        return dict(chain(self._of_providers(), self._of_the_log(), self._of_employees()))

    def _of_providers(self) -> Iterator[tuple[str, str]]:
        provider = IdentityProvider.objects.get(kind=IdentityProvider.Kind.ENTRA)
        cycle = provider.cycles.latest("started_at")
        yield "overview", reverse("provisioning:overview")
        yield "overview, its part that refreshes", reverse("provisioning:providers")
        yield "identity provider", reverse("provisioning:provider", args=[provider.pk])
        yield "guide", reverse("provisioning:guide", args=[provider.pk])
        yield "guide, its checklist", reverse("provisioning:checklist", args=[provider.pk])
        yield "hold", reverse("provisioning:hold", args=[Hold.objects.latest("pk").pk])
        page = reverse("provisioning:cycle", args=[cycle.pk])
        yield "cycle", page
        yield "cycle, changed", f"{page}?show=changed"

    def _of_the_log(self) -> Iterator[tuple[str, str]]:
        provider = IdentityProvider.objects.get(kind=IdentityProvider.Kind.ENTRA)
        oldest, newest = LogEntry.objects.earliest("pk"), LogEntry.objects.latest("pk")
        half = (oldest.pk + newest.pk) // 2
        middle = (oldest.at + (newest.at - oldest.at) / 2).strftime("%Y-%m-%dT%H:%M")
        person = Employee.objects.get(pk=newest.employee_id or 1)
        questions: Mapping[str, str] = {
            "": "",
            ", half way": f"before={half}",
            ", one provider": f"provider={provider.pk}",
            ", one provider, half way": f"provider={provider.pk}&before={half}",
            ", user name": f"person={person.user_name}",
            ", name": f"person={person.family_name}",
            ", nobody": "person=nobody+at+all",
            ", since": f"since={middle}",
            ", until": f"until={middle}",
            ", until, one provider, refused": f"until={middle}&provider={provider.pk}&outcome=refused",
            **{f", {outcome}": f"outcome={outcome}" for outcome in (*LogEntry.Outcome.values, HELD)},
            **{f", {name}": f"scim_type={name}" for name in SCIM_TYPES[:3]},
        }
        for name, question in questions.items():
            yield f"log{name}", f"{reverse('provisioning:log')}?{question}"
        for outcome in (LogEntry.Outcome.REFUSED, LogEntry.Outcome.CHANGED):
            entry = LogEntry.objects.filter(outcome=outcome).order_by("-pk")[0]
            yield f"entry, {outcome}", reverse("provisioning:log_entry", args=[entry.pk])

    def _of_employees(self) -> Iterator[tuple[str, str]]:
        person = Employee.objects.order_by("-pk")[0]
        yield "employees", reverse("admin:employees_employee_changelist")
        yield "employee", reverse("admin:employees_employee_change", args=[person.pk])
        yield "audit, changes", reverse("admin:employees_change_changelist")
        yield "audit, change", reverse("admin:employees_change_change", args=[Change.objects.latest("pk").pk])
        for table in TABLES:
            yield f"audit, {table}", reverse(f"admin:provisioning_{table}_changelist")
        yield (
            "audit, entry",
            reverse("admin:provisioning_logentry_change", args=[LogEntry.objects.latest("pk").pk]),
        )
        yield "audit, cycle", reverse("admin:provisioning_cycle_change", args=[Cycle.objects.latest("pk").pk])
