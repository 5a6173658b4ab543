"""Participation in surveys begins and ends with `active`, deletion and return."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.employees.people import change, delete, hire, now, restore

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 1, 9, tzinfo=UTC)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def test_periods_follow_the_employee() -> None:
    with time_machine.travel(START, tick=False) as clock:
        employee = hire()
        steps: list[Callable[[], object]] = [
            lambda: change(employee, active=False),
            lambda: change(employee, title="Countess"),
            lambda: change(employee, active=True),
            lambda: delete(employee),
            lambda: restore(employee),
        ]
        for number, step in enumerate(steps, start=1):
            clock.move_to(day(number))
            step()
    assert now(employee).active_since == day(5)
    periods = employee.participation_periods.values_list("started_at", "ended_at", "reason", "ended_by")
    assert list(periods) == [
        (day(3), day(4), "deleted", "Entra ID"),
        (day(0), day(1), "deactivated", "Entra ID"),
    ]


def test_the_inactive_have_no_period_to_end() -> None:
    employee = hire(active=False)
    assert employee.active_since is None
    delete(employee)
    restore(employee)
    assert now(employee).active_since is None
    assert not employee.participation_periods.exists()


def test_no_value_is_not_active() -> None:
    employee = hire()
    change(employee, active=None)
    assert now(employee).active_since is None
    assert employee.participation_periods.count() == 1


def test_what_does_not_turn_active_leaves_the_period_open() -> None:
    employee = hire()
    since = employee.active_since
    change(employee, active=True, title="Countess")
    assert now(employee).active_since == since
