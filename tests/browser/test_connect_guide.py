"""Connecting an identity provider in a real browser, while a real client provisions."""

import httpx2
from playwright.sync_api import Locator, Page, expect

from scim.protocol.urns import PEAKON_USER
from tests.site import Site

START = "/admin/integrations/employee-provisioning/connect/"
SOON = 30_000
"""Milliseconds for a request to be counted, written, asked for and shown, on a busy machine."""


def connected(page: Page, name: str) -> tuple[str, str]:
    """Connects with the keyboard alone; the Tenant URL and the Secret Token, as they are copied."""
    page.get_by_role("radio", name="Entra ID").focus()
    page.keyboard.press("Space")
    page.get_by_label("Name", exact=True).fill(name)
    page.keyboard.press("Enter")
    return copied(page, "Tenant URL"), copied(page, "Secret Token")


def copied(page: Page, label: str) -> str:
    page.get_by_role("button", name=f"Copy {label}", exact=True).press("Enter")
    expect(page.get_by_role("status").filter(has_text="Copied")).to_have_count(1)
    text: str = page.evaluate("navigator.clipboard.readText()")
    assert text == page.get_by_label(label, exact=True).input_value()
    # The buttons go back to what they were before the next one is pressed.
    expect(page.get_by_role("status").filter(has_text="Copied")).to_have_count(0)
    return text


def open_guide(page: Page) -> None:
    """Goes on from the token to the guide."""
    page.get_by_role("link", name="I have copied it").press("Enter")
    expect(page.get_by_role("heading", name="What has arrived")).to_be_visible(timeout=SOON)


def step(page: Page, title: str) -> Locator:
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=title))


def expect_done(page: Page, title: str, number: int) -> None:
    """Waits until a step is ticked, and until the page has said so."""
    expect(step(page, title).get_by_role("time")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("status").filter(has_text=f"{number} of 6 steps are done.")).to_have_count(1)


def test_the_checklist_ticks_itself_while_a_client_provisions(page: Page, site: Site) -> None:
    url, token = connected(page, "Entra ID Germany")
    assert url == f"{site.url}/scim/v2?aadOptscim062020"
    open_guide(page)
    expect(page.get_by_role("heading", name="The first person was created (not yet)")).to_be_visible()
    # Only a page that is never loaded again keeps this.
    page.evaluate("window.loaded = 'once'")

    base = url.partition("?")[0]
    httpx2.get(f"{base}/Users", headers={"Authorization": "Bearer mistyped"})
    expect_done(page, "The SCIM URL was reached", 1)
    expect(page.get_by_role("heading", name="A wrong token arrived")).to_be_visible()

    with httpx2.Client(headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
        client.get(f"{base}/Users", params={"filter": 'userName eq "ada@example.com"'}).raise_for_status()
        expect_done(page, "People were looked up", 3)
        expect(page.get_by_role("heading", name="A wrong token arrived")).to_have_count(0)

        ada = client.post(f"{base}/Users", json={"userName": "ada@example.com"}).raise_for_status().json()
        expect_done(page, "The first person was created", 4)
        expect(page.get_by_role("heading", name="Only user names arrive")).to_be_visible()

        title = {"op": "Add", "path": f"{PEAKON_USER}:Job Title", "value": "Chief"}
        client.patch(f"{base}/Users/{ada['id']}", json={"Operations": [title]}).raise_for_status()
        expect_done(page, "The first of your attributes arrived", 5)
        expect(page.get_by_role("heading", name="A flag is missing from the Tenant URL")).to_be_visible()

        leave = {"op": "replace", "value": {"active": False}}
        client.patch(f"{base}/Users/{ada['id']}", json={"Operations": [leave]}).raise_for_status()
        expect_done(page, "The first person was deactivated", 6)
        expect(page.get_by_text("Everything works.")).to_be_visible()
    assert page.evaluate("window.loaded") == "once"


def test_a_string_of_the_table_is_copied_with_the_keyboard(page: Page, site: Site) -> None:
    connected(page, "Entra ID France")
    open_guide(page)
    assert copied(page, "Name of Job Title") == f"{PEAKON_USER}:Job Title"
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").press("Enter")
    assert download.value.suggested_filename == "peakon-entra-schema.json"


def test_it_says_so_when_it_no_longer_updates_itself(page: Page, site: Site) -> None:
    connected(page, "Entra ID Spain")
    open_guide(page)
    page.context.clear_cookies()
    expect(page.get_by_text("This page no longer updates itself")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("heading", name="The SCIM URL was reached (not yet)")).to_be_visible()


def test_where_the_script_does_not_run_a_link_refreshes_it(page: Page, site: Site) -> None:
    page.route("**/refresh*.js", lambda route: route.abort())
    connected(page, "Entra ID Italy")
    open_guide(page)
    httpx2.get(f"{site.url}/scim/v2/Users", headers={"Authorization": "Bearer mistyped"})
    reached = page.get_by_role("heading", name="The SCIM URL was reached (done)")
    # The process that counted it writes it a moment later.
    for _ in range(20):
        page.get_by_role("link", name="Refresh").press("Enter")
        page.wait_for_load_state()
        if reached.is_visible():
            break
        page.wait_for_timeout(500)
    expect(reached).to_be_visible()
