"""An administrator's way through the console while a real identity provider provisions."""

import re
from typing import Final

import httpx2
from playwright.sync_api import Page, expect

from scim.protocol.urns import PEAKON_USER, USER
from tests.browser.people import activate, arrive
from tests.browser.test_connect_guide import expect_done
from tests.browser.windows import Press, Window, by_keyboard, expect_reflowed
from tests.site import Site

START: Final = "/admin/integrations/employee-provisioning/"
EMPLOYEES: Final = "/admin/employees/employee/"
PEOPLE, LEAVING, HELD = 120, 40, 16
"""More than 20 % leave: the first 24 of 40 do, the others wait."""
ENGINEER: Final = {PEAKON_USER: {"Job Title": "Engineer"}}


def test_from_connecting_to_releasing(page: Page, site: Site, window: Window) -> None:
    press, whose = window.press, window.name
    name = f"Entra ID, {whose}"
    token = connect(page, press, name)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
    with httpx2.Client(base_url=f"{site.url}/scim/v2", headers=headers, timeout=60) as scim:
        people = watch_the_checklist(page, scim, whose)
        read_the_failure(page, press, name)
        undo_the_sync(page, press)
        for person in people:
            assert scim.get(f"/Users/{person}").status_code == 404

        people = [arrive(scim, f"{whose}{number}@example.com", **ENGINEER) for number in range(PEOPLE)]
        for person in people[:LEAVING]:
            activate(scim, person, active=False)
        assert listed(page, whose, "held") == HELD
        release_the_hold(page, press, name)
        assert listed(page, whose, "held") == 0
        assert listed(page, whose, "deactivated") == LEAVING
        assert not any(scim.get(f"/Users/{person}").json()["active"] for person in people[:LEAVING])


def connect(page: Page, press: Press, name: str) -> str:
    """Connects Entra ID; the token, as it is copied from the page."""
    # The theme puts the name of the icon before it.
    press(page.get_by_role("link", name=re.compile("Connect$")))
    press(page.get_by_role("radio", name="Entra ID"))
    field = page.get_by_label("Name", exact=True)
    if press is by_keyboard:
        page.keyboard.press("Tab")
        expect(field).to_be_focused()
    else:
        field.click()
    page.keyboard.type(name)
    press(page.get_by_role("button", name="Connect", exact=True))
    expect_shown(page, "Copy the token now")
    press(page.get_by_role("button", name="Copy Secret Token", exact=True))
    expect(page.get_by_role("status").filter(has_text="Copied")).to_have_count(1)
    token: str = page.evaluate("navigator.clipboard.readText()")
    press(page.get_by_role("link", name="I have copied it"))
    return token


def watch_the_checklist(page: Page, scim: httpx2.Client, whose: str) -> list[str]:
    """Provisions three people and is refused once, while the guide ticks what came; the people's ids."""
    expect_shown(page, "What has arrived")
    # Only a page that is never loaded again keeps this.
    page.evaluate("window.loaded = 'once'")
    scim.get("/Users", params={"filter": f'userName eq "early1.{whose}@example.com"'}).raise_for_status()
    expect_done(page, "People were looked up", 3)
    people = [arrive(scim, f"early{number}.{whose}@example.com", **ENGINEER) for number in range(3)]
    expect_done(page, "The first of your attributes arrived", 5)
    again = scim.post("/Users", json={"schemas": [USER], "userName": f"EARLY1.{whose}@example.com"})
    assert (again.status_code, again.json()["scimType"]) == (409, "uniqueness")
    assert page.evaluate("window.loaded") == "once"
    return people


def read_the_failure(page: Page, press: Press, name: str) -> None:
    """From the overview to the identity provider's page, its log, and what was refused."""
    page.goto(START)
    expect_shown(page, "Identity providers")
    press(page.get_by_role("link", name=name, exact=True))
    expect_shown(page, "The last four weeks")
    syncs = page.get_by_role("region", name="Syncs")
    expect(syncs.get_by_role("listitem")).to_have_count(1)
    expect(syncs.get_by_role("listitem")).to_contain_text("3 created, 1 refused")
    press(syncs.get_by_role("link", name="Provisioning log"))
    expect_shown(page, "What was found")
    rows = page.get_by_role("region", name="What was found").get_by_role("listitem")
    refused = rows.filter(has=page.get_by_text("Refused", exact=True))
    press(refused.get_by_role("link").last)
    expect_shown(page, "The user name belongs to somebody else")
    story = page.get_by_role("region", name="The user name belongs to somebody else")
    expect(story).to_contain_text("did not look them up by user name")
    expect(story).to_contain_text("What to do: In Entra ID, open Provisioning")


def undo_the_sync(page: Page, press: Press) -> None:
    """From the entry to the sync that it belongs to, the preview of undoing it, and back."""
    press(page.get_by_role("link", name="the sync of"))
    expect_shown(page, "Everything that was asked for")
    press(page.get_by_role("link", name="Undo this sync"))
    expect_shown(page, "Who, and what")
    expect(page.get_by_text("3 will be deleted")).to_be_visible()
    press(page.get_by_role("button", name="Undo this sync"))
    expect(page.get_by_text("Undone: 3 deleted")).to_be_visible()


def release_the_hold(page: Page, press: Press, name: str) -> None:
    page.goto(START)
    provider = page.get_by_role("article", name=name)
    expect(provider).to_contain_text(f"{HELD} removals held")
    press(provider.get_by_role("link", name="see who, and decide"))
    expect_shown(page, "Who is held")
    expect(page.get_by_role("region", name="Who is held").locator("tbody tr")).to_have_count(HELD)
    press(page.get_by_role("link", name="Release the removals"))
    expect_shown(page, "Release the held removals")
    expect(page.get_by_text(f"The participation of {HELD} people ends now.")).to_be_visible()
    press(page.get_by_role("button", name="Release the removals"))
    expect(page.get_by_text("The removals are released")).to_be_visible()


def listed(page: Page, whose: str, status: str) -> int:
    """How many of the window's people the list of employees has with a status."""
    page.goto(f"{EMPLOYEES}?status={status}&q={whose}")
    return page.locator("#result_list tbody").count()


def expect_shown(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", name=heading).first).to_be_visible()
    expect_reflowed(page)
