"""Taking over what an identity provider manages, in a real browser, and keeping it out by an owner."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.site import Site, served

EMPLOYEES = "/admin/employees/employee/"
ATTRIBUTES = "/admin/employees/attribute/"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PEAKON = "urn:ietf:params:scim:schemas:extension:peakon:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, whose attributes nobody else gives owners."""
    with served(tmp_path_factory.mktemp("take-over")) as site:
        yield site


@pytest.fixture
def page(chromium_page: Page, site: Site) -> Page:
    """Signed in, on the list of employees."""
    chromium_page.goto(EMPLOYEES)
    chromium_page.fill("[name=username]", site.admin_email)
    chromium_page.fill("[name=password]", site.admin_password)
    chromium_page.keyboard.press("Enter")
    expect(chromium_page.locator("#changelist")).to_be_visible()
    return chromium_page


@pytest.fixture(scope="module")
def entra(site: Site) -> Iterator[httpx2.Client]:
    headers = {"Authorization": f"Bearer {site.token('Entra ID')}", "Content-Type": "application/scim+json"}
    with httpx2.Client(base_url=f"{site.url}/scim/v2", headers=headers, timeout=20) as http:
        yield http


def send(entra: httpx2.Client, method: str, path: str, **body: Any) -> Any:
    response = entra.request(method, path, json=body)
    assert response.is_success, response.text
    return response.json()


def test_taking_over(page: Page, entra: httpx2.Client) -> None:
    ada = {"userName": "ada@example.com", "title": "Countess", PEAKON: {"Location": "Oslo"}}
    created = send(entra, "POST", "/Users", schemas=[USER, PEAKON], **ada)
    page.goto(EMPLOYEES)
    page.get_by_role("link", name="ada@example.com").first.click()
    title, location = page.locator("[name=title]"), page.locator("[name=attribute_location]")
    expect(title).to_be_disabled()
    expect(location).to_be_disabled()
    expect(page.locator("[name=given_name]")).to_be_editable()
    expect(page.get_by_text("Entra ID set this on").first).to_be_visible()

    page.get_by_role("link", name="Take over: Title").press("Enter")
    expect(title).to_be_editable()
    page.get_by_role("link", name="Take over: Location").press("Enter")
    expect(location).to_be_editable()
    expect(page.get_by_text("your value counts until Entra ID sends another one")).to_have_count(2)
    title.fill("Lady")
    location.fill("Rome")
    page.get_by_role("button", name="Save and continue editing").click()
    history = page.get_by_role("region", name="Change history")
    expect(history).to_contain_text("Lady")
    expect(history).to_contain_text("Rome")
    expect(title).to_be_editable()
    expect(page.get_by_role("link", name="Take over: E-mail (user name)")).to_be_visible()
    expect(page.get_by_text("You are taking this over")).to_have_count(0)

    path = f"/Users/{created['id']}"
    replace = [{"op": "replace", "path": "title", "value": "Countess"}]
    send(entra, "PATCH", path, schemas=[PATCH_OP], Operations=replace)
    page.reload()
    expect(title).to_be_disabled()
    expect(title).to_have_value("Countess")
    expect(location).to_have_value("Rome")


def test_an_owner_keeps_the_others_out(page: Page, entra: httpx2.Client) -> None:
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

    bob = send(
        entra, "POST", "/Users", schemas=[USER], userName="bob@example.com", **{PEAKON: {"Location": "Oslo"}}
    )
    assert PEAKON not in bob
    page.goto(EMPLOYEES)
    page.get_by_role("link", name="bob@example.com").first.click()
    expect(page.locator("[name=attribute_location]")).to_be_editable()
    expect(page.locator("[name=user_name]")).to_be_disabled()
