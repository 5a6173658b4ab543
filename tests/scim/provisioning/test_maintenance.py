"""What `run_maintenance` does for provisioning: once, in however many processes."""

import subprocess
import sys
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from employees.models import Change, Employee, ParticipationPeriod, SearchKey
from employees.surveys.models import Invitation
from scim.provisioning import activity, maintenance_tasks, services, steering, tokens
from scim.provisioning.models import (
    Activity,
    Cycle,
    Hold,
    IdentityProvider,
    LogEntry,
    UnknownAttribute,
    UnknownValue,
)
from tests.employees.people import change, delete, hire, restore
from tests.scim.conftest import OPERATOR, ScimClient
from tests.scim.provisioning.helpers import ACTOR, NOW
from tests.site import ROOT, Site, served
from tests.surveys.invitations import invite

DAY = timedelta(days=1)
SETTINGS = {"brake_percent": 20, "brake_from": 10, "brake_hours": 24, "log_days": 90}


def run(now: datetime) -> str:
    """What the command prints at a moment."""
    output = StringIO()
    with time_machine.travel(now, tick=False):
        call_command("run_maintenance", stdout=output)
    return output.getvalue()


@pytest.fixture
def provider(db: None) -> IdentityProvider:
    services.switch(True, actor=OPERATOR)
    return services.connect("Directory", IdentityProvider.Kind.OTHER, actor=OPERATOR)


def log(provider: IdentityProvider, *ages: timedelta, **facts: Any) -> None:
    written = {"outcome": "changed", "method": "PATCH", "target": "/Users/1", "status": 200, **facts}
    entries = (LogEntry(identity_provider=provider, at=NOW - age, **written) for age in ages)
    LogEntry.objects.bulk_create(entries)


def ages() -> set[timedelta]:
    return {NOW - at for at in LogEntry.objects.values_list("at", flat=True)}


def test_the_log_is_kept_for_as_many_days_as_was_set(provider: IdentityProvider) -> None:
    log(provider, DAY, 89 * DAY, 91 * DAY, 400 * DAY)
    assert "prune the provisioning log: 2 entries" in run(NOW)
    assert ages() == {DAY, 89 * DAY}
    assert "prune" not in run(NOW)
    steering.change_settings(**{**SETTINGS, "log_days": 7}, actor=OPERATOR)
    run(NOW)
    assert ages() == {DAY}


def test_what_the_brake_counts_is_kept(provider: IdentityProvider) -> None:
    steering.change_settings(**{**SETTINGS, "log_days": 1, "brake_hours": 72}, actor=OPERATOR)
    log(provider, DAY, 2 * DAY, 3 * DAY, 4 * DAY, removal=True)
    run(NOW)
    assert ages() == {DAY, 2 * DAY, 3 * DAY}


def test_the_log_is_pruned_in_batches(provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maintenance_tasks, "BATCH", 3)
    log(provider, *(100 * DAY + timedelta(minutes=number) for number in range(10)))
    log(services.connect("Okta", IdentityProvider.Kind.OKTA, actor=OPERATOR), 100 * DAY, DAY)
    assert "11 entries" in run(NOW)
    assert ages() == {DAY}


def test_unknown_tokens_are_forgotten_after_a_day(provider: IdentityProvider) -> None:
    for age in (timedelta(hours=1), 2 * DAY):
        Activity.objects.create(started_at=NOW - age, ended_at=NOW - age, requests=1, signs=["unknown token"])
    run(NOW)
    assert [NOW - row.started_at for row in Activity.objects.all()] == [timedelta(hours=1)]


def test_cycles_are_observed(scim: ScimClient) -> None:
    activity.tally.clear()
    scim.create()
    scim.get("/Users")
    activity.tally.flush()
    run(timezone.now())
    assert Cycle.objects.values_list("created", "looked_up", "closed").get() == (1, 1, False)
    run(timezone.now() + timedelta(hours=1))
    assert Cycle.objects.values_list("created", "looked_up", "closed").get() == (1, 1, True)


def held_by(provider: IdentityProvider) -> Hold:
    """A hold of one person, opened by real removals."""
    steering.change_settings(**{**SETTINGS, "brake_percent": 0, "brake_from": 1}, actor=OPERATOR)
    client = ScimClient(tokens.issue(provider, actor=OPERATOR), provider.key)
    client.delete(f"/Users/{client.create()['id']}")
    return Hold.objects.get()


def test_holds_of_nobody_are_closed(provider: IdentityProvider) -> None:
    held_by(provider)
    assert "close holds" not in run(timezone.now())
    assert Hold.objects.get().decided_at is None
    restore(Employee.objects.get(), actor=ACTOR)
    assert "close holds: 1 closed" in run(timezone.now())
    assert Hold.objects.get().decision == Hold.Decision.DISSOLVED
    assert "close holds" not in run(timezone.now())


@pytest.fixture
def everybody(provider: IdentityProvider) -> dict[str, Employee]:
    """Somebody present, somebody deleted long ago, somebody deleted lately."""
    with time_machine.travel(NOW - 40 * DAY, tick=False) as clock:
        people = {name: hire(f"{name}@example.com") for name in ("present", "long", "lately")}
        change(people["present"], manager="long@example.com")
        delete(people["long"], actor=ACTOR)
        clock.shift(20 * DAY)
        delete(people["lately"], actor=ACTOR)
    return people


def test_who_was_deleted_long_ago_is_purged(everybody: dict[str, Employee]) -> None:
    long = everybody["long"].pk
    changes = list(Change.objects.filter(employee=long).values_list("action", "actor_name", "at"))
    assert "purge deleted employees: 1 employees" in run(NOW)
    assert set(Employee.objects.values_list("user_name", flat=True)) == {
        "present@example.com",
        "lately@example.com",
    }
    assert not SearchKey.objects.filter(employee=long).exists()
    assert not ParticipationPeriod.objects.filter(employee=long).exists()
    kept = Change.objects.filter(employee=long)
    assert list(kept.values_list("action", "actor_name", "at")) == changes
    assert all((row.before, row.after) == ({}, {}) for row in kept)
    assert Change.objects.get(employee=everybody["lately"], action="created").after != {}
    assert "purge" not in run(NOW)


def test_a_report_loses_the_way_and_the_invitation_stays(provider: IdentityProvider) -> None:
    with time_machine.travel(NOW - 40 * DAY, tick=False):
        boss = hire("boss@example.com")
        invitation = invite(boss)
        hire("report@example.com", manager="boss@example.com", active=False)
        UnknownValue.objects.create(
            unknown=UnknownAttribute.objects.create(name="Shoe size"),
            employee=boss,
            identity_provider=provider,
            value="43",
        )
        delete(boss, actor=ACTOR)
        Employee.objects.filter(user_name="report@example.com").update(manager=boss)
    run(NOW)
    assert Employee.objects.get().manager_id is None
    assert Invitation.objects.get(pk=invitation.pk).employee_id is None
    assert not UnknownValue.objects.exists()


def test_how_long_is_a_setting(everybody: dict[str, Employee], settings: Any) -> None:
    settings.DELETED_EMPLOYEE_DAYS = 60
    assert "purge" not in run(NOW)
    settings.DELETED_EMPLOYEE_DAYS = 10
    assert "2 employees" in run(NOW)


def test_who_is_held_is_not_purged_and_who_is_released_can_be_restored(provider: IdentityProvider) -> None:
    with time_machine.travel(NOW - 40 * DAY, tick=False):
        hold = held_by(provider)
    run(NOW)
    assert Employee.objects.count() == 1
    with time_machine.travel(NOW, tick=False):
        list(steering.release_hold(hold, actor=ACTOR))
    run(NOW + 29 * DAY)
    assert Employee.objects.count() == 1
    run(NOW + 31 * DAY)
    assert not Employee.objects.exists()


def test_who_was_restored_is_not_purged(everybody: dict[str, Employee]) -> None:
    restore(everybody["long"], actor=ACTOR)
    assert "purge" not in run(NOW)


def test_two_processes_at_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each thing is done by one of them, and one mail is sent."""
    folder = tmp_path_factory.mktemp("maintenance")
    mails = folder / "mails"
    with served(folder, EMAIL_URL=f"filemail:///{mails}") as site:
        site.token("Directory", "--expires-in", "2")
        prepare(site)
        commands = [
            subprocess.Popen(
                [sys.executable, "manage.py", "run_maintenance"],
                cwd=ROOT,
                env=site.environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(3)
        ]
        outputs = [command.communicate(timeout=120) for command in commands]
        assert [command.returncode for command in commands] == [0] * 3, outputs
        printed = "".join(output for output, _ in outputs)
        assert count(printed, "purge deleted employees: ") == 450
        assert count(printed, "prune the provisioning log: ") == 5000
        assert count(printed, "notify administrators: ") == 1
        assert len(list(mails.iterdir())) == 1
        assert site.manage("run_maintenance") == ""


def count(printed: str, what: str) -> int:
    lines = [line for line in printed.splitlines() if line.startswith(what)]
    return sum(int(line.removeprefix(what).split()[0].replace(",", "")) for line in lines)


def prepare(site: Site) -> None:
    """People who were deleted long ago, and an old log."""
    code = """
from datetime import timedelta
from django.utils import timezone
from employees.models import Employee
from scim.provisioning.models import IdentityProvider, LogEntry
long = timezone.now() - timedelta(days=200)
Employee.objects.bulk_create(
    Employee(user_name=f"p{n}@example.com", deleted_at=long, updated_at=long) for n in range(450)
)
provider = IdentityProvider.objects.get()
LogEntry.objects.bulk_create(
    LogEntry(identity_provider=provider, at=long, outcome="changed", method="PUT", target="/", status=200)
    for n in range(5000)
)
"""
    site.manage("shell", "--command", code)
