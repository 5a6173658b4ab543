"""An administrator's way through the console while a real identity provider provisions."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import httpx2
import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from scim.protocol.urns import PATCH_OP, PEAKON_USER, USER
from tests.browser.axe import Scheme
from tests.browser.company import sign_in
from tests.browser.test_connect_guide import expect_done
from tests.site import Site, served

OVERVIEW: Final = "/admin/integrations/employee-provisioning/"
EMPLOYEES: Final = "/admin/employees/employee/"
PEOPLE, LEAVING, HELD = 120, 40, 16
"""More than 20 % leave: the first 24 of 40 do, the others wait."""

LOOKS_FOCUSED: Final = """element => {
    const near = [element, element.parentElement, element.nextElementSibling].filter(Boolean);
    const names = ["outlineStyle", "boxShadow", "borderColor", "backgroundColor", "textDecorationLine"];
    const look = () => near.map(each => names.map(name => getComputedStyle(each)[name]).join()).join();
    const focused = look();
    element.blur();
    const blurred = look();
    element.focus();
    return focused !== blurred;
}"""
TABS: Final = 200
"""More than any page has to stop at."""

Press = Callable[[Locator], None]
"""Follows a link, chooses or presses a button."""


@dataclass(frozen=True)
class Window:
    """How somebody sits before the console.

    Args:
        press: with a pointer, or by keyboard alone.
    """

    size: ViewportSize
    scheme: Scheme
    press: Press


def by_keyboard(target: Locator) -> None:
    """Tabs to something, as whoever has no pointer, sees it there, and presses it."""
    page = target.page
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            break
    expect(target).to_be_focused()
    assert target.evaluate(LOOKS_FOCUSED), target
    page.keyboard.press("Space" if target.get_attribute("type") == "radio" else "Enter")


def by_pointer(target: Locator) -> None:
    target.click()


WINDOWS: Final = {
    "desktop": Window({"width": 1280, "height": 800}, "light", by_keyboard),
    "phone": Window({"width": 390, "height": 844}, "dark", by_pointer),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, whose identity providers nobody else speaks for."""
    with served(tmp_path_factory.mktemp("console-journey")) as site:
        yield site


@pytest.fixture(params=WINDOWS)
def window(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def page(chromium_page: Page, site: Site, window: str) -> Page:
    """Signed in, on the overview, in a window of that size and scheme."""
    chromium_page.set_viewport_size(WINDOWS[window].size)
    chromium_page.emulate_media(color_scheme=WINDOWS[window].scheme)
    sign_in(chromium_page, site, OVERVIEW)
    expect(chromium_page.locator("html.dark")).to_have_count(int(WINDOWS[window].scheme == "dark"))
    return chromium_page


def test_from_connecting_to_releasing(page: Page, site: Site, window: str) -> None:
    press = WINDOWS[window].press
    name = f"Entra ID, {window}"
    token = connect(page, press, name)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
    with httpx2.Client(base_url=f"{site.url}/scim/v2", headers=headers, timeout=60) as scim:
        people = watch_the_checklist(page, scim, window)
        read_the_failure(page, press, name)
        undo_the_sync(page, press)
        for person in people:
            assert scim.get(f"/Users/{person}").status_code == 404

        people = [arrive(scim, f"{window}{number}@example.com") for number in range(PEOPLE)]
        for person in people[:LEAVING]:
            assert leave(scim, person)["active"] is False
        assert listed(page, window, "held") == HELD
        release_the_hold(page, press, name)
        assert listed(page, window, "held") == 0
        assert listed(page, window, "deactivated") == LEAVING
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


def watch_the_checklist(page: Page, scim: httpx2.Client, window: str) -> list[str]:
    """Provisions three people and is refused once, while the guide ticks what came; the people's ids."""
    expect_shown(page, "What has arrived")
    # Only a page that is never loaded again keeps this.
    page.evaluate("window.loaded = 'once'")
    scim.get("/Users", params={"filter": f'userName eq "early1.{window}@example.com"'}).raise_for_status()
    expect_done(page, "People were looked up", 3)
    people = [arrive(scim, f"early{number}.{window}@example.com") for number in range(3)]
    expect_done(page, "The first of your attributes arrived", 5)
    again = scim.post("/Users", json={"schemas": [USER], "userName": f"EARLY1.{window}@example.com"})
    assert (again.status_code, again.json()["scimType"]) == (409, "uniqueness")
    assert page.evaluate("window.loaded") == "once"
    return people


def read_the_failure(page: Page, press: Press, name: str) -> None:
    """From the overview to the identity provider's page, its log, and what was refused."""
    page.goto(OVERVIEW)
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
    page.goto(OVERVIEW)
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


def arrive(scim: httpx2.Client, user_name: str) -> str:
    body = {"schemas": [USER, PEAKON_USER], "userName": user_name, PEAKON_USER: {"Job Title": "Engineer"}}
    response = scim.post("/Users", json=body)
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


def leave(scim: httpx2.Client, person: str) -> dict[str, Any]:
    """What an identity provider is answered that deactivates somebody."""
    operation = {"op": "replace", "path": "active", "value": False}
    response = scim.patch(f"/Users/{person}", json={"schemas": [PATCH_OP], "Operations": [operation]})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def listed(page: Page, window: str, status: str) -> int:
    """How many of the window's people the list of employees has with a status."""
    page.goto(f"{EMPLOYEES}?status={status}&q={window}")
    return page.locator("#result_list tbody").count()


def expect_shown(page: Page, heading: str) -> None:
    """That a page is there, and nothing on it has to be scrolled sideways (WCAG 2.2 §1.4.10)."""
    expect(page.get_by_role("heading", name=heading).first).to_be_visible()
    size = page.viewport_size
    assert size
    wide: int = page.evaluate("document.scrollingElement.scrollWidth")
    assert wide <= size["width"], page.url
