"""Administration > Surveys: what two administrators do at the same moment happens once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from employees.surveys.models import Schedule
from employees.surveys.schedules import NameTaken
from peakon_scim.roles import HR_ADMINISTRATOR
from tests.surveys.pages import ADD, FIELDS, conditions, path, signed_in, text_of
from tests.surveys.schedules import schedule

AT_ONCE = 6

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_once() -> Callable[[str, dict[str, Any]], list[Any]]:
    """Posts a form several times at the same moment, and returns the responses."""
    client = signed_in(HR_ADMINISTRATOR)

    def post(url: str, form: dict[str, Any]) -> list[Any]:
        barrier = Barrier(AT_ONCE)

        def one(_: int) -> Any:
            each = Client()
            each.cookies = client.cookies
            barrier.wait()
            try:
                return each.post(url, form)
            finally:
                connection.close()

        with ThreadPoolExecutor(AT_ONCE) as threads:
            return list(threads.map(one, range(AT_ONCE)))

    return post


def test_schedules_of_one_name(at_once: Callable[[str, dict[str, Any]], list[Any]]) -> None:
    for number in range(3):
        name = f"Pulse {number}"
        responses = at_once(ADD, {**FIELDS, **conditions(), "name": name})
        assert sorted(response.status_code for response in responses) == [200] * (AT_ONCE - 1) + [302]
        refused = [text_of(response) for response in responses if response.status_code == 200]
        assert [text for text in refused if f"There is a schedule {name} already." not in text] == []


def test_a_name_is_taken_in_any_case() -> None:
    schedule("Pulse")
    with pytest.raises(NameTaken):
        schedule("PULSE")
    assert Schedule.objects.filter(name_key="pulse").count() == 1


def test_rounds_of_one_schedule(at_once: Callable[[str, dict[str, Any]], list[Any]]) -> None:
    plan = schedule(enabled=False)
    for number in range(3):
        responses = at_once(path(plan, "open"), {"rounds": number})
        assert {response.status_code for response in responses} == {302}
        assert plan.rounds.count() == number + 1
