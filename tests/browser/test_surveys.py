"""Administration > Surveys in a real browser, while an identity provider deactivates somebody."""

from typing import Final

import httpx2
from playwright.sync_api import Locator, Page, expect

from scim.protocol.urns import ENTERPRISE_USER
from tests.browser.conftest import PROVIDER
from tests.browser.people import activate, arrive
from tests.browser.windows import Press, Window, by_keyboard, expect_reflowed, tab_to

START: Final = "/admin/surveys/"
SLOWLY: Final = 20_000
"""Milliseconds; what updates itself does so every five seconds."""


def test_from_a_new_schedule_to_somebody_who_leaves_its_round(
    page: Page, scim: httpx2.Client, window: Window
) -> None:
    press, whose = window.press, window.name
    _, leaver, _ = (
        hire(scim, f"{name}.{whose}@example.com", f"{department} {whose}")
        for name, department in (("ada", "Sales"), ("bob", "Sales"), ("cy", "Support"))
    )
    created(page, press, whose, everyone=active(scim))
    opened(page, press, whose)
    activate(scim, leaver, active=False)
    # What updates itself says so without a reload.
    expect(page.get_by_label("How far the round is")).to_contain_text("1 left since", timeout=SLOWLY)
    page.reload()
    row = page.get_by_role("row", name=f"bob.{whose}@example.com")
    expect(row).to_contain_text("Left")
    expect(row).to_contain_text("Deactivated")
    expect(page.get_by_role("row", name=f"ada.{whose}@example.com")).to_contain_text("Waiting")
    dropped_out(page, press, whose)


def hire(scim: httpx2.Client, user_name: str, department: str) -> str:
    return arrive(scim, user_name, **{ENTERPRISE_USER: {"department": department}})


def active(scim: httpx2.Client) -> int:
    """How many people the site surveys."""
    answer = scim.get("/Users", params={"filter": "active eq true", "count": 0}).raise_for_status()
    total: int = answer.json()["totalResults"]
    return total


def created(page: Page, press: Press, whose: str, everyone: int) -> None:
    press(page.get_by_role("link", name="New schedule"))
    expect_shown(page, "Audience")
    enter(page.get_by_label("Name"), press, f"Pulse {whose}")
    enter(page.get_by_label("Frequency"), press, "Weekly")
    page.get_by_text(f"{everyone} people would be in today").wait_for()
    first = page.get_by_role("group", name="Condition 1")
    enter(first.get_by_label("Attribute"), press, "Department")
    enter(first.get_by_label("Values"), press, f"sales {whose}")
    page.get_by_text("2 people would be in today").last.wait_for()
    press(page.get_by_role("button", name="Add a condition"))
    page.get_by_role("group", name="Condition 2").wait_for()
    expect(page.get_by_label("Name")).to_have_value(f"Pulse {whose}")
    press(page.get_by_role("button", name="Show who would be in"))
    page.get_by_text("2 people would be in today").wait_for()
    page.get_by_role("link", name=f"ada.{whose}@example.com").wait_for()
    expect(page.get_by_role("link", name=f"cy.{whose}@example.com")).to_have_count(0)
    press(page.get_by_role("button", name="Save"))
    page.get_by_text(f"Pulse {whose} is saved.").wait_for()
    page.get_by_text(f"Department is sales {whose}").wait_for()


def enter(field: Locator, press: Press, text: str) -> None:
    """Fills in a field, or chooses an option."""
    chosen = field.locator("option:checked")
    if press is by_keyboard:
        tab_to(field)
        field.page.keyboard.type(text)
    elif chosen.count():
        field.select_option(label=text)
    else:
        field.fill(text)
    if chosen.count():
        expect(chosen).to_have_text(text)
    else:
        expect(field).to_have_value(text)


def opened(page: Page, press: Press, whose: str) -> None:
    expect_shown(page, "Rounds")
    press(page.get_by_role("link", name="Open a round now"))
    page.get_by_text("2 people are invited.").wait_for()
    press(page.get_by_role("button", name="Open the round"))
    page.get_by_text(f"Pulse {whose} 1 is open.").wait_for()
    expect(page.get_by_label("How far the round is")).to_contain_text("2 invited")
    expect(page.get_by_role("row", name=f"cy.{whose}@example.com")).to_have_count(0)
    expect_reflowed(page)


def dropped_out(page: Page, press: Press, whose: str) -> None:
    press(page.get_by_role("link", name=f"Pulse {whose}", exact=True))
    press(page.get_by_role("link", name="Who will be in"))
    row = page.get_by_role("row", name=f"bob.{whose}@example.com")
    expect(row).to_contain_text("Deactivated")
    expect(row).to_contain_text(PROVIDER)
    page.get_by_text("1 person would be in").wait_for()
    expect_reflowed(page)


def expect_shown(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect_reflowed(page)
