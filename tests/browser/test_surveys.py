"""Administration > Surveys in a real browser, while an identity provider deactivates somebody."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.site import Site, served

SURVEYS = "/admin/surveys/"
SLOWLY = 20_000
"""Milliseconds; what updates itself does so every five seconds."""
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, with nobody in it yet."""
    with served(tmp_path_factory.mktemp("surveys")) as site:
        yield site


@pytest.fixture
def scim(site: Site) -> Iterator[httpx2.Client]:
    """HTTP as one identity provider."""
    headers = {"Authorization": f"Bearer {site.token('Entra ID Germany')}"}
    with httpx2.Client(base_url=f"{site.url}/scim/v2", headers=headers, timeout=60) as http:
        yield http


@pytest.fixture
def page(chromium_page: Page, site: Site) -> Page:
    """Signed in, on the list of schedules."""
    chromium_page.goto(SURVEYS)
    chromium_page.fill("[name=username]", site.admin_email)
    chromium_page.fill("[name=password]", site.admin_password)
    chromium_page.keyboard.press("Enter")
    chromium_page.get_by_role("heading", name="Schedules").wait_for()
    return chromium_page


def hire(scim: httpx2.Client, name: str, department: str) -> str:
    """Provisions somebody; returns the path of the resource."""
    person: dict[str, Any] = {"userName": f"{name}@example.com", ENTERPRISE: {"department": department}}
    return f"/Users/{scim.post('/Users', json=person).raise_for_status().json()['id']}"


def test_from_a_new_schedule_to_somebody_who_leaves_its_round(page: Page, scim: httpx2.Client) -> None:
    hire(scim, "ada", "Sales")
    leaver = hire(scim, "bob", "Sales")
    hire(scim, "cy", "Support")
    created(page)
    opened(page)
    deactivate = {"op": "replace", "path": "active", "value": False}
    scim.patch(leaver, json={"Operations": [deactivate]}).raise_for_status()
    # What updates itself says so without a reload.
    expect(page.get_by_label("How far the round is")).to_contain_text("1 left since", timeout=SLOWLY)
    page.reload()
    row = page.get_by_role("row", name="bob@example.com")
    expect(row).to_contain_text("Left")
    expect(row).to_contain_text("Deactivated")
    expect(page.get_by_role("row", name="ada@example.com")).to_contain_text("Waiting")
    dropped_out(page)


def created(page: Page) -> None:
    page.get_by_role("link", name="New schedule").click()
    page.get_by_label("Name").fill("Sales pulse")
    page.get_by_label("Frequency").select_option("weekly")
    page.get_by_text("3 people would be in today").wait_for()
    first = page.get_by_role("group", name="Condition 1")
    first.get_by_label("Attribute").select_option(label="Department")
    first.get_by_label("Values").fill("sales")
    page.get_by_text("2 people would be in today").last.wait_for()
    page.get_by_role("button", name="Add a condition").click()
    page.get_by_role("group", name="Condition 2").wait_for()
    expect(page.get_by_label("Name")).to_have_value("Sales pulse")
    page.get_by_role("button", name="Show who would be in").click()
    page.get_by_text("2 people would be in today").wait_for()
    page.get_by_role("link", name="ada@example.com").wait_for()
    expect(page.get_by_role("link", name="cy@example.com")).to_have_count(0)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Sales pulse is saved.").wait_for()
    page.get_by_text("Department is sales").wait_for()


def opened(page: Page) -> None:
    page.get_by_role("link", name="Open a round now").click()
    page.get_by_text("2 people are invited.").wait_for()
    page.get_by_role("button", name="Open the round").click()
    page.get_by_text("Sales pulse 1 is open.").wait_for()
    expect(page.get_by_label("How far the round is")).to_contain_text("2 invited")
    expect(page.get_by_role("row", name="cy@example.com")).to_have_count(0)


def dropped_out(page: Page) -> None:
    page.get_by_role("link", name="Sales pulse", exact=True).click()
    page.get_by_role("link", name="Who will be in").click()
    row = page.get_by_role("row", name="bob@example.com")
    expect(row).to_contain_text("Deactivated")
    expect(row).to_contain_text("Entra ID Germany")
    page.get_by_text("1 person would be in").wait_for()
