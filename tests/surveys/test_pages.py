"""Administration > Surveys: schedules are listed, switched and deleted, and their next round is shown."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from employees.surveys import rounds
from employees.surveys.models import Schedule
from peakon_scim.roles import AUDITOR
from tests.employees.people import change, delete, hire
from tests.surveys.pages import (
    ADD,
    HOME,
    MOST_QUERIES,
    path,
    signed_in,
    text_of,
)
from tests.surveys.schedules import ADMINISTRATOR, MONDAY, at, hold, schedule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_before_anything_has_begun_the_page_teaches(hr: Client) -> None:
    text = text_of(hr.get(HOME))
    assert "Ask everybody who is here, and nobody who has left" in text
    assert "Company schedule Off Quarterly Everyone switched off none yet" in text
    Schedule.objects.all().delete()
    assert "There is no schedule." in text_of(hr.get(HOME))


def test_the_list_says_when_and_who_and_what_became_of_it(hr: Client) -> None:
    for name in ("ada", "grace"):
        hire(f"{name}@example.com", department="Sales")
    plan = schedule(audience=[{"fact": "department", "values": ["sales", "support"], "negated": True}])
    off = schedule("Zeal", frequency="weeks", weeks=3, enabled=False)
    rounds.open_round(off, actor=ADMINISTRATOR, now=at(MONDAY, -48))
    text = text_of(hr.get(HOME))
    assert "Ask everybody" not in text
    assert f"{plan} On Weekly Department is not sales or support 2 Mar 2026 none yet" in text
    assert "Zeal Off Every 3 weeks Everyone switched off Zeal 1 open, 2 invited, 0 answered" in text


def test_a_schedule_of_the_last_day_of_the_calendar(hr: Client) -> None:
    plan = schedule(enabled=False, planned=at(MONDAY), starts_on=date.max, time_zone="Pacific/Honolulu")
    for verb in ("", "next", "switch"):
        assert "Friday 31 December 9999" in text_of(hr.get(path(plan, verb)))


def test_switching_asks_first(hr: Client, clock: time_machine.Traveller) -> None:
    hire()
    plan = schedule(enabled=False)
    text = text_of(hr.get(path(plan, "switch")))
    assert "The next round opens by itself on Monday 2 March 2026" in text
    assert "it invites 1 person" in text
    clock.move_to(at(MONDAY, 5))
    assert "A round opens within minutes" in text_of(hr.get(path(plan, "switch")))
    hr.post(path(plan, "switch"))
    assert not Schedule.objects.get(pk=plan.pk).enabled
    for _ in range(2):
        hr.post(path(plan, "switch"), {"switch": "on"})
        assert Schedule.objects.get(pk=plan.pk).enabled
    assert Schedule.objects.get(pk=plan.pk).planned_at == at(MONDAY, 5)
    assert "Days that pass meanwhile are not made up for" in text_of(hr.get(path(plan, "switch")))
    hr.post(path(plan, "switch"), {"switch": "off"})
    assert not Schedule.objects.get(pk=plan.pk).enabled


def test_one_that_is_over_says_so(hr: Client, clock: time_machine.Traveller) -> None:
    plan = schedule(frequency="once", enabled=False)
    clock.move_to(at(MONDAY, 50))
    assert "its only day has passed" in text_of(hr.get(path(plan, "switch")))
    assert "Next round None any more" in text_of(hr.get(path(plan)))
    assert "No further round opens by itself" in text_of(hr.get(path(plan, "next")))


def test_only_schedules_without_rounds_are_deleted(hr: Client) -> None:
    used, unused = schedule(), schedule("Unused")
    rounds.open_round(used, actor=ADMINISTRATOR, now=at(MONDAY, -48))
    assert path(unused, "delete") in hr.get(path(unused)).text
    assert path(used, "delete") not in hr.get(path(used)).text
    assert "gone for good" in text_of(hr.get(path(unused, "delete")))
    assert hr.post(path(unused, "delete")).headers["Location"] == HOME
    assert "it is kept. Switch it off instead." in text_of(hr.post(path(used, "delete"), follow=True))
    assert set(Schedule.objects.values_list("name", flat=True)) == {"Company schedule", "Pulse"}


def test_the_next_round_shows_who_will_be_in_and_who_dropped_out_and_why(
    hr: Client, clock: time_machine.Traveller
) -> None:
    names = ("stays", "left", "deleted", "held", "moved", "separated")
    people = {name: hire(f"{name}@example.com", department="Sales") for name in names}
    plan = schedule(audience=[{"fact": "department", "values": ["Sales"], "negated": False}])
    rounds.open_due(at(MONDAY, 1))
    clock.move_to(at(MONDAY, 34))
    hire("new@example.com", department="Sales")
    hire("later@example.com", department="Sales", attribute_startdate="2026-03-10")
    change(people["left"], active=False)
    delete(people["deleted"], actor=ADMINISTRATOR)
    hold(people["held"])
    change(people["moved"], department="Support")
    change(people["separated"], attribute_separationdate="2026-03-08")
    page = hr.get(path(plan, "next"))
    text = text_of(page)
    assert [person.user_name for person in page.context["preview"].page.rows] == [
        "stays@example.com",
        "new@example.com",
    ]
    assert "2 people would be in on 9 March 2026" in text
    assert "An identity provider removed 1 of the audience among unusually many others" in text
    assert "Who dropped out since Pulse 1 5 people who were in it" in text
    for line in (
        "left@example.com Deactivated Entra ID identity provider 3 Mar 2026, 10:00",
        "deleted@example.com Deleted admin@example.com administrator 3 Mar 2026, 10:00",
        "held@example.com Their removal is held – –",
        "moved@example.com No longer in the audience – –",
        "separated@example.com Separation date has passed – –",
    ):
        assert line in text


def test_long_lists_are_met_in_whole(hr: Client) -> None:
    for number in range(205):
        hire(f"p{number:03}@example.com")
    plan, seen = schedule(), list[str]()
    query: str | None = ""
    while query is not None:
        page = hr.get(path(plan, "next") + query).text
        seen += re.findall(r"p\d{3}@example.com", page)
        following = re.search(r'rel="next" href="(\?after=\d+)"', page)
        query = following[1] if following else None
    assert seen == [f"p{number:03}@example.com" for number in range(205)]


@pytest.mark.parametrize("after", ["x", "-1", "9" * 19, "9" * 40, "٣", ""])
def test_addresses_of_nowhere_begin_at_the_beginning(hr: Client, after: str) -> None:
    hire()
    plan = schedule()
    assert "ada@example.com" in text_of(hr.get(f"{path(plan, 'next')}?after={after}&left_after={after}"))
    assert "None yet" in text_of(hr.get(f"{path(plan)}?before={after}"))


@pytest.mark.parametrize("verb", ["", "edit", "next", "switch", "open"])
def test_pages_of_a_schedule_ask_few_queries(
    hr: Client, verb: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    boss = hire("boss@example.com")
    people = [hire(f"p{number}@example.com", manager=boss) for number in range(30)]
    negated = {"fact": "manager", "values": [str(people[0].uuid)], "negated": True}
    plan = schedule(audience=[negated, {"fact": "department", "values": ["x"], "negated": True}])
    for number in range(3):
        rounds.open_due(at(MONDAY + timedelta(weeks=number), 1))
    for person in people[:10]:
        change(person, active=False)
    hold(people[11])
    with django_assert_max_num_queries(MOST_QUERIES):
        assert hr.get(path(plan, verb)).status_code == 200


def test_the_list_asks_as_few_however_many_there_are(
    hr: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    boss = hire("boss@example.com")
    for number in range(12):
        audience = [{"fact": "manager", "values": [str(boss.uuid)], "negated": bool(number % 2)}]
        schedule(f"Pulse {number}", audience=audience)
    rounds.open_due(at(MONDAY, 1))
    with django_assert_max_num_queries(MOST_QUERIES):
        assert text_of(hr.get(HOME)).count("Manager is") == 12


def test_earlier_rounds_follow_on_further_pages(hr: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("employees.surveys.views.SHOWN_ROUNDS", 2)
    plan = schedule()
    for number in range(5):
        rounds.open_due(at(MONDAY + timedelta(weeks=number), 1))
    assert re.findall(r"Pulse (\d) \d+ ", text_of(hr.get(path(plan)))) == ["5", "4"]
    assert re.findall(r"Pulse (\d) \d+ ", text_of(hr.get(path(plan) + "?before=4"))) == ["3", "2"]


def test_auditors_see_nothing_of_it(hr: Client) -> None:
    auditor, plan = signed_in(AUDITOR), schedule()
    for page in (HOME, ADD, path(plan), path(plan, "next"), path(plan, "edit"), path(plan, "switch")):
        assert auditor.get(page).status_code == 403
        assert auditor.post(page).status_code in (403, 405)
    assert ">Surveys<" not in re.sub(r"\s+", "", auditor.get("/admin/").text)
    assert ">Surveys<" in re.sub(r"\s+", "", hr.get("/admin/").text)
    assert Client().get(path(plan)).headers["Location"].startswith("/admin/login/")
