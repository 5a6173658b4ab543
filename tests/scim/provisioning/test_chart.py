"""The chart of an identity provider: days in order, parts stacked, and nothing out of sight."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from scim.provisioning.console_chart import BAR, DAYS, HEIGHT, SMALLEST, TOP, WIDTH, Day, chart_of, drawn
from tests.scim.provisioning.consoles import connected, cycle

NOW = datetime(2030, 1, 31, 12, 0, tzinfo=UTC)


def day(number: int, **counts: int) -> Day:
    usual = {"created": 0, "changed": 0, "removed": 0, "refused": 0}
    return Day(date(2030, 1, number), usual | counts)


@pytest.mark.django_db
def test_days() -> None:
    provider, other = connected(), connected("Okta")
    cycle(provider, NOW - timedelta(days=1), created=2, changed=3, reactivated=1, looked_up=99)
    cycle(provider, NOW - timedelta(days=1, hours=1), created=1, deactivated=4, deleted=5, refused=6)
    cycle(provider, NOW - timedelta(days=DAYS), created=1_000)
    cycle(other, NOW, created=1_000)
    with time_machine.travel(NOW, tick=False):
        chart = chart_of(provider, NOW)
    assert len(chart.bars) == DAYS
    assert [bar.day.day for bar in chart.bars] == [date(2030, 1, 4) + timedelta(days=n) for n in range(DAYS)]
    [yesterday] = chart.days
    assert yesterday.day == date(2030, 1, 30)
    assert yesterday.counts == {"created": 3, "changed": 4, "removed": 9, "refused": 6}


def test_parts_stand_on_each_other() -> None:
    [bar] = drawn([day(1, created=50, changed=30, refused=20)]).bars
    assert [(part.name, part.y + part.height) for part in bar.parts] == [
        ("created", HEIGHT + TOP),
        ("changed", HEIGHT / 2 + TOP),
        ("refused", HEIGHT / 5 + TOP),
    ]
    assert bar.parts[-1].y == TOP


def test_one_person_is_seen_beside_thousands() -> None:
    [_, bar] = drawn([day(1, changed=5_000), day(2, changed=4_000, refused=1)]).bars
    assert bar.parts[-1].height == SMALLEST


def test_a_first_import_does_not_hide_the_other_days() -> None:
    chart = drawn([day(1, created=10_000), day(2, changed=40), day(3, changed=20)])
    first, second, third = chart.bars
    assert (first.cut, second.cut) == (True, False)
    assert first.parts[0].height == HEIGHT
    assert chart.highest == 80
    assert second.parts[0].height == HEIGHT / 2 == 2 * third.parts[0].height


def test_nothing_leaves_the_picture() -> None:
    chart = drawn([day(1 + number, created=number, refused=number * 7) for number in range(DAYS)])
    assert all(0 <= bar.x <= WIDTH - BAR for bar in chart.bars)
    assert all(
        part.y >= 0 and part.y + part.height <= HEIGHT + TOP for bar in chart.bars for part in bar.parts
    )
    assert all(bar.middle < WIDTH for bar in chart.bars)


def test_no_day_at_all() -> None:
    chart = drawn([day(1), day(2)])
    assert chart.is_empty
    assert chart.days == []
