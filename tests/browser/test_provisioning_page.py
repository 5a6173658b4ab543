"""Integrations > Employee provisioning in a real browser, from the first visit to the end of a token."""

import json
import urllib.error
import urllib.request

from playwright.sync_api import Page, expect

from tests.site import Site

START = "/admin/integrations/employee-provisioning/"
PROVISIONING = False
USER = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
    "userName": "grace@example.com",
    "name": {"givenName": "Grace", "familyName": "Hopper"},
    "active": True,
}


def status(site: Site, token: str, method: str = "GET", user: dict[str, object] | None = None) -> int:
    """The HTTP status of a request for /Users with this token."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
    body = json.dumps(user).encode() if user else None
    request = urllib.request.Request(f"{site.url}/scim/v2/Users", body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


def copied(page: Page, label: str) -> str:
    """What the copy button beside that field puts on the clipboard."""
    page.get_by_role("button", name=f"Copy {label}").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_have_count(1)
    text: str = page.evaluate("navigator.clipboard.readText()")
    assert text == page.get_by_label(label, exact=True).input_value()
    return text


def rotated(page: Page, overlap: str) -> str:
    page.goto(START)
    page.get_by_role("link", name="Rotate the token of Entra ID Germany").click()
    page.get_by_label("The present token stops working").select_option(overlap)
    page.get_by_role("button", name="Rotate").click()
    return copied(page, "Secret Token")


def test_from_the_first_visit_to_the_end_of_a_token(page: Page, site: Site) -> None:
    page.get_by_role("button", name="Enable").click()
    assert copied(page, "SCIM URL") == f"{site.url}/scim/v2"

    page.get_by_role("link", name="Connect").click()
    page.get_by_role("radio", name="Entra ID").check()
    page.get_by_label("Name", exact=True).fill("Entra ID Germany")
    page.keyboard.press("Enter")
    first = copied(page, "Secret Token")
    assert status(site, first, "POST", USER) == 201

    page.get_by_role("link", name="I have copied it").click()
    page.get_by_role("link", name="Employee provisioning").first.click()
    expect(page.get_by_role("table")).to_contain_text(f"…{first[-4:]}")
    page.get_by_role("link", name="Employees").click()
    expect(page.get_by_text("grace@example.com").first).to_be_visible()

    second = rotated(page, "After 24 hours")
    assert [status(site, token) for token in (first, second)] == [200, 200]
    third = rotated(page, "At once")
    assert [status(site, token) for token in (first, second, third)] == [401, 401, 200]

    page.goto(START)
    page.get_by_role("link", name="Disable").click()
    page.get_by_role("button", name="Disable").click()
    assert status(site, third) == 403
    page.get_by_role("button", name="Enable").click()
    page.get_by_role("link", name="Revoke every token of Entra ID Germany").click()
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("Disconnected", exact=True)).to_be_visible()
    assert status(site, third) == 401
    assert not any(token in site.log() for token in (first, second, third))


def test_without_a_clipboard_the_value_is_selected(page: Page) -> None:
    if page.get_by_role("button", name="Enable").is_visible():
        page.get_by_role("button", name="Enable").click()
    expect(page.get_by_role("button", name="Copy SCIM URL")).to_be_visible()
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.evaluate("document.execCommand = () => false")
    page.get_by_role("button", name="Copy SCIM URL").click()
    expect(page.get_by_role("status").filter(has_text="press Ctrl+C")).to_be_visible()
    assert page.evaluate("getSelection().toString()").endswith("/scim/v2")
