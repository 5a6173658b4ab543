"""Integrations > Attribute inbox in a real browser: what came unknown is created, aliased or dismissed."""

from typing import Any

import httpx2
from playwright.sync_api import Locator, Page, expect

from scim.protocol.urns import PEAKON_USER as URN

START = "/admin/integrations/attribute-inbox/"
SENT: dict[str, dict[str, Any]] = {
    "ada@example.com": {"Cost Center": "R&D <EU>", "Job-Title": "Engineer", "Shirt Size": "M"},
    "bob@example.com": {"Cost Center": "Sales", "Job-Title": "Cook", "Badge": 7},
    "cy@example.com": {"cost  center": "Sales", "JobTitle": "Chief"},
}


def card(page: Page, name: str) -> Locator:
    """What the inbox shows of an unknown name."""
    return page.get_by_role("article", name=name, exact=True)


def press(page: Page, button: Locator, said: str) -> None:
    """Presses a button with the keyboard and waits for what the page says then."""
    button.focus()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text(said)).to_be_visible()


def values(scim: httpx2.Client, name: str) -> dict[str, Any]:
    """What SCIM says of an attribute, by userName."""
    answer = scim.get("/Users", params={"attributes": f"userName,{URN}:{name}"}).raise_for_status().json()
    return {person["userName"]: person[URN][name] for person in answer["Resources"] if URN in person}


def found(scim: httpx2.Client, filter_: str) -> list[str]:
    answer = scim.get("/Users", params={"filter": filter_}).raise_for_status().json()
    return [person["userName"] for person in answer["Resources"]]


def test_from_the_first_unknown_name_to_the_empty_inbox(page: Page, scim: httpx2.Client) -> None:
    expect(page.get_by_role("heading", name="Every name is known")).to_be_visible()
    for user_name, attributes in SENT.items():
        scim.post("/Users", json={"userName": user_name, URN: attributes}).raise_for_status()
    listed(page)
    created(page, scim)
    aliased(page, scim)
    dismissed(page, scim)


def listed(page: Page) -> None:
    page.reload()
    expect(page.get_by_role("article")).to_have_count(4)
    center = card(page, "Cost Center")
    expect(center).to_contain_text("3 people, sent by Entra ID Germany")
    expect(center.get_by_role("listitem")).to_have_text(["R&D <EU>", "Sales"])
    expect(center.get_by_label("It looks like the type")).to_have_value("option")
    title = card(page, "Job-Title")
    expect(title).to_contain_text("2 people, sent by Entra ID Germany")
    expect(title.get_by_label("It looks like Job Title").locator("option:checked")).to_have_text("Job Title")
    badge = card(page, "Badge")
    expect(badge).to_contain_text("1 person, ")
    expect(badge.get_by_label("It looks like the type")).to_have_value("number")


def created(page: Page, scim: httpx2.Client) -> None:
    button = card(page, "Cost Center").get_by_role("button", name="Create attribute")
    press(page, button, "Created “Cost Center”; filled in for 3 people.")
    expect(card(page, "Cost Center")).to_have_count(0)
    stated = {"ada@example.com": "R&D <EU>", "bob@example.com": "Sales", "cy@example.com": "Sales"}
    assert values(scim, "Cost Center") == stated
    assert found(scim, f'{URN}:Cost Center eq "sales"') == ["bob@example.com", "cy@example.com"]


def aliased(page: Page, scim: httpx2.Client) -> None:
    """“JobTitle” never came here: it is the legal name of Job Title, which answers to it anyway."""
    assert values(scim, "Job Title") == {"cy@example.com": "Chief"}
    button = card(page, "Job-Title").get_by_role("button", name="Same as this")
    press(page, button, "“Job-Title” is “Job Title” from now on; filled in for 2 people.")
    stated = {"ada@example.com": "Engineer", "bob@example.com": "Cook", "cy@example.com": "Chief"}
    assert values(scim, "Job Title") == stated
    assert found(scim, f'{URN}:Job-Title eq "cook"') == ["bob@example.com"]
    answer = scim.post("/Users", json={"userName": "dee@example.com", URN: {"Job-Title": "Head"}})
    assert answer.raise_for_status().json()[URN] == {"Job Title": "Head"}


def dismissed(page: Page, scim: httpx2.Client) -> None:
    press(page, card(page, "Badge").get_by_role("button", name="Dismiss"), "“Badge” is dismissed")
    expect(page.get_by_role("heading", name="Every name is known")).to_have_count(0)
    press(page, card(page, "Shirt Size").get_by_role("button", name="Dismiss"), "“Shirt Size” is dismissed")
    expect(page.get_by_role("article")).to_have_count(0)
    expect(page.get_by_role("heading", name="Every name is known")).to_be_visible()
    gone = page.get_by_role("region", name="Dismissed")
    expect(gone.get_by_role("button")).to_have_text(["Take back", "Take back"])
    scim.post("/Users", json={"userName": "eve@example.com", URN: {"Badge": 8}}).raise_for_status()
    page.reload()
    expect(page.get_by_role("heading", name="Every name is known")).to_be_visible()
    press(page, gone.get_by_role("button", name="Take Badge back"), "“Badge” is in the inbox again")
    expect(card(page, "Badge")).to_contain_text("no value at present")
