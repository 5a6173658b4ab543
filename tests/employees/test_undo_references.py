"""References that waited while somebody answered to them: two had one name, and whom they meant left."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from employees import undo
from employees.models import Change
from employees.undo import Scope
from tests.employees.people import delete, hire, now
from tests.employees.undoing import ADMINISTRATOR, differences, mark, since, state, undone

pytestmark = pytest.mark.django_db

ALSO_BOSS: list[dict[str, Any]] = [{"value": "boss@example.com", "type": "work", "primary": True}]


def one(written: Change) -> Scope:
    return Scope(Change.objects.filter(pk=written.pk))


def test_they_wait_again_though_somebody_who_comes_back_answers() -> None:
    hire("r@example.com", manager="boss@example.com")
    boss, start = hire("boss@example.com"), mark()
    hire("bob@example.com", emails=ALSO_BOSS)
    delete(boss)
    after, end = state(), mark()
    undone(since(start))
    undone(since(end))
    assert differences(after, state()) == []


def test_who_comes_back_waits_again_though_somebody_answers() -> None:
    boss, report = hire("boss@example.com"), hire("r@example.com", manager="boss@example.com")
    hire("bob@example.com", emails=ALSO_BOSS)
    delete(boss)
    before = state()
    undone(one(delete(report)))
    assert differences(before, state()) == []
    assert now(report).manager_awaited == "boss@example.com"


def test_who_comes_back_refers_to_somebody_who_has_arrived_since() -> None:
    boss, report = hire("boss@example.com"), hire("r@example.com", manager="boss@example.com")
    delete(boss)
    removal = delete(report)
    bob = hire("bob@example.com", emails=ALSO_BOSS)
    undone(one(removal))
    assert now(report).manager == bob


def test_queries_do_not_grow_with_whom_they_refer_to() -> None:
    used = []
    for count in (2, 8):
        names = [f"boss{count}-{number}@example.com" for number in range(count)]
        reports = [hire(f"r-{name}", manager=name) for name in names]
        start = mark()
        for report in reports:
            delete(report)
        scope = since(start)
        bosses = [hire(f"x-{name}", emails=[{**ALSO_BOSS[0], "value": name}]) for name in names]
        with CaptureQueriesContext(connection) as queries:
            undo.apply(scope, actor=ADMINISTRATOR)
        assert [now(report).manager for report in reports] == bosses
        used.append(len(queries))
    assert used[0] == used[1]
