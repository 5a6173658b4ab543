"""A mail server for the tests that send, and what those of the pages begin with."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from employees.surveys import rounds
from employees.surveys.models import Schedule
from peakon_scim.roles import HR_ADMINISTRATOR
from tests.employees.people import hire
from tests.surveys.mail_server import MailServer, receiving
from tests.surveys.pages import signed_in
from tests.surveys.schedules import MONDAY, at, schedule


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    """A mail server that the site sends to, as fast as it can."""
    with receiving() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.SURVEY_MAIL_RATE = 0
        yield server


@pytest.fixture
def clock(settings: Any) -> Iterator[time_machine.Traveller]:
    """The Saturday before the Monday of the tests, until they move it."""
    settings.SESSION_COOKIE_AGE = timedelta(days=366).total_seconds()  # as tests go on for weeks
    with time_machine.travel(at(MONDAY, -48), tick=False) as traveller:
        yield traveller


@pytest.fixture
def hr(db: None) -> Client:
    """Somebody who may do all of it."""
    return signed_in(HR_ADMINISTRATOR)


@pytest.fixture
def plan(clock: time_machine.Traveller) -> Schedule:
    """One with six people, whose first round has just opened."""
    for number in range(6):
        hire(f"p{number}@example.com")
    made = schedule()
    clock.move_to(at(MONDAY, 1))
    rounds.open_due(at(MONDAY, 1))
    return made
