"""The log that the console is measured with, and the table of what its pages took."""

from typing import Any

import pytest
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from bench import company, console, console_log
from bench.console_company import Reader
from bench.people import SPAN, Company
from bench.site import Directory
from employees.models import Change, Employee
from scim.provisioning.models import Cycle, Hold, LogEntry

COMPANY = Company(division=2 * SPAN, attributes=1)
PEOPLE = COMPANY.division
ENTRIES = console_log.DAYS * 60
"""Fewer than there are turns in a day: each entry is a cycle of its own."""


@pytest.fixture
def filled(db: None) -> None:
    directory = Directory()
    company.define_attributes(COMPANY)
    company.found(COMPANY, PEOPLE, actor=directory.actor)
    # PostgreSQL gives no key twice, not even one that nobody has in the end.
    with transaction.atomic():
        console_log.fill(directory, PEOPLE, ENTRIES)
        transaction.set_rollback(True)
    console_log.fill(directory, PEOPLE, ENTRIES)


def test_days_alike_with_changes_and_cycles(filled: None) -> None:
    now = timezone.now()
    entries = LogEntry.objects.order_by("pk")
    assert entries.count() == ENTRIES
    moments = list(entries.values_list("at", flat=True))
    assert moments == sorted(moments)
    assert moments[-1] < now
    assert {entry.employee_id for entry in entries} <= set(Employee.objects.values_list("pk", flat=True))
    done = entries.exclude(outcome="refused")
    assert done.filter(change__employee=F("employee"), change__at=F("at")).count() == done.count() > 0
    assert done.values("change").distinct().count() == done.count() == Change.objects.count() - PEOPLE
    sums: dict[str, Any] = {name: Sum(name) for name in ("created", "changed", "refused")}
    for name, number in Cycle.objects.aggregate(**sums).items():
        assert number == entries.filter(outcome=name).count()
    assert Cycle.objects.count() == ENTRIES


def test_every_page_can_be_asked_for(filled: None) -> None:
    provider = LogEntry.objects.latest("pk").identity_provider
    Hold.objects.create(identity_provider=provider, removed=1, managed=9, threshold=2)
    reader = Reader()
    pages = reader.pages()
    assert len(pages) > 40
    of_the_console = {name: address for name, address in pages.items() if "/integrations/" in address}
    measured = console.measure(of_the_console, reader, 1)
    assert {name: queries for name, (_, queries) in measured.items() if queries > console.MOST_QUERIES} == {}


def test_table_marks_what_is_too_much() -> None:
    lines = console.table({"log": ([10.0, 20.0], 5), "guide": ([100.0, 301.0], 16)}).splitlines()
    assert lines[2] == "| log | 10 | 20 | 5 |"
    assert lines[3] == "| guide | 100 | **301** | **16** |"
