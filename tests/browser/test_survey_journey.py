"""Whoever is deactivated is in no survey from that moment; reactivated, they are in the next one."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Final

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import grave_violations
from tests.browser.people import activate, arrive
from tests.site import Site, served
from tests.surveys.mail_server import MailServer, receiving

SCHEDULE: Final = "Company schedule"
ADA, BOB = "ada@example.com", "bob@example.com"
AT_ANY_HOUR: Final = """
from datetime import time
from employees.surveys.models import Schedule
Schedule.objects.update(send_at=time(0))
"""
"""Mail of a round that opens now is due today, at the send time of the schedule."""


@pytest.fixture(scope="module")
def mail_server() -> Iterator[MailServer]:
    with receiving() as server:
        yield server


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, mail_server: MailServer) -> Iterator[Site]:
    """A site of its own, whose mail arrives."""
    mail = {"EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}", "SURVEY_MAIL_RATE": "0"}
    with served(tmp_path_factory.mktemp("survey-journey"), provisioning=True, **mail) as site:
        site.manage("shell", "-v0", "-c", AT_ANY_HOUR)
        yield site


def test_from_one_round_to_the_next(
    site: Site, scim: httpx2.Client, mail_server: MailServer, chromium_page: Page
) -> None:
    ada, _ = (arrive(scim, user_name) for user_name in (ADA, BOB))
    assert open_round(site) == "1"
    assert participants(site) == [ADA, BOB]
    link = invited(site, mail_server)[ADA]
    assert status(link) == 200

    activate(scim, ada, active=False)
    assert status(link) == 410
    expect_ended(chromium_page, link)
    activate(scim, ada, active=True)
    assert status(link) == 410
    assert invited(site, mail_server) == {}

    site.manage("survey", "close", SCHEDULE)
    activate(scim, ada, active=False)
    assert open_round(site) == "2"
    assert participants(site) == [BOB]
    assert set(invited(site, mail_server)) == {BOB}
    site.manage("survey", "close", SCHEDULE)

    activate(scim, ada, active=True)
    assert open_round(site) == "3"
    assert participants(site) == [ADA, BOB]
    links = invited(site, mail_server)
    assert set(links) == {ADA, BOB}
    answer_by_keyboard(chromium_page, links[ADA])
    assert (status(link), status(links[BOB])) == (410, 200)
    assert participants(site, "--round", "2") == [BOB]


def open_round(site: Site) -> str:
    return site.manage("survey", "open", SCHEDULE).strip()


def participants(site: Site, *options: str) -> list[str]:
    return site.manage("survey", "participants", SCHEDULE, *options).splitlines()


def invited(site: Site, server: MailServer) -> dict[str, str]:
    """What maintenance sends now: the personal links, by who receives them."""
    server.mails.clear()
    site.manage("run_maintenance")
    return {str(mail["To"]): link_in(mail) for mail in server.mails}


def link_in(mail: EmailMessage) -> str:
    text = mail.get_body(("plain",))
    assert text
    found = re.search(r"http://\S+/s/\S+", text.get_content())
    assert found
    return found[0]


def status(link: str) -> int:
    return httpx2.get(link, timeout=60).status_code


def expect_ended(page: Page, link: str) -> None:
    page.goto(link)
    expect(page.get_by_role("heading", name="This link no longer works")).to_be_visible()
    assert grave_violations(page) == []


def answer_by_keyboard(page: Page, link: str) -> None:
    page.goto(link)
    page.keyboard.press("Tab")
    expect(page.get_by_role("radio", name="0", exact=True)).to_be_focused()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="8", exact=True)).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("Good tools.")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
