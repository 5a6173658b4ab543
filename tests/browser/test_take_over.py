"""Taking over what an identity provider manages, in a real browser, and keeping it out by an owner."""

import httpx2
from playwright.sync_api import Page, expect

from scim.protocol.urns import PEAKON_USER
from tests.browser.people import arrive, patch

EMPLOYEES = "/admin/employees/employee/"
ATTRIBUTES = "/admin/employees/attribute/"


def test_taking_over(page: Page, scim: httpx2.Client) -> None:
    ada = arrive(scim, "ada@example.com", title="Countess", **{PEAKON_USER: {"Location": "Oslo"}})
    page.goto(EMPLOYEES)
    page.get_by_role("link", name="ada@example.com").first.click()
    title, location = page.locator("[name=title]"), page.locator("[name=attribute_location]")
    expect(title).to_be_disabled()
    expect(location).to_be_disabled()
    expect(page.locator("[name=given_name]")).to_be_editable()
    expect(page.get_by_text("Entra ID Germany set this on").first).to_be_visible()

    page.get_by_role("link", name="Take over: Title").press("Enter")
    expect(title).to_be_editable()
    page.get_by_role("link", name="Take over: Location").press("Enter")
    expect(location).to_be_editable()
    expect(page.get_by_text("your value counts until Entra ID Germany sends another one")).to_have_count(2)
    title.fill("Lady")
    location.fill("Rome")
    page.get_by_role("button", name="Save and continue editing").click()
    history = page.get_by_role("region", name="Change history")
    expect(history).to_contain_text("Lady")
    expect(history).to_contain_text("Rome")
    expect(title).to_be_editable()
    expect(page.get_by_role("link", name="Take over: E-mail (user name)")).to_be_visible()
    expect(page.get_by_text("You are taking this over")).to_have_count(0)

    patch(scim, ada, "title", "Countess")
    page.reload()
    expect(title).to_be_disabled()
    expect(title).to_have_value("Countess")
    expect(location).to_have_value("Rome")


def test_an_owner_keeps_the_others_out(page: Page, scim: httpx2.Client) -> None:
    page.goto(f"{ATTRIBUTES}?q=location")
    page.get_by_role("link", name="Location").first.click()
    page.locator("[name=owner]").select_option(label="Administrators only")
    page.fill("[name=new_alias]", "Site")
    page.get_by_role("button", name="Save and continue editing").click()
    page.get_by_role("link", name="Remove the alias Site").press("Enter")
    expect(page.get_by_text("goes to the attribute inbox from then on")).to_be_visible()
    page.get_by_role("button", name="Remove").press("Enter")
    expect(page.get_by_text("“Site” is no alias any more.")).to_be_visible()
    expect(page.locator("[name=owner]")).to_have_value("administrators")
    page.goto(ATTRIBUTES)
    expect(page.locator("#result_list tbody", has_text="Location")).to_contain_text("Administrators only")

    bob = arrive(scim, "bob@example.com", **{PEAKON_USER: {"Location": "Oslo"}})
    assert PEAKON_USER not in scim.get(f"/Users/{bob}").raise_for_status().json()
    page.goto(EMPLOYEES)
    page.get_by_role("link", name="bob@example.com").first.click()
    expect(page.locator("[name=attribute_location]")).to_be_editable()
    expect(page.locator("[name=user_name]")).to_be_disabled()
