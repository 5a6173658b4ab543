"""Administration > Attributes in a real browser: an attribute is added, listed, renamed and deactivated."""

from playwright.sync_api import Page, expect

from scim.protocol.urns import PEAKON_USER as URN
from tests.site import Site

ATTRIBUTES = "/admin/employees/attribute/"


def test_the_life_of_an_attribute(page: Page, site: Site) -> None:
    page.get_by_role("link", name="Attributes", exact=True).first.click()
    page.goto(f"{ATTRIBUTES}add/")
    page.fill("[name=name]", "Cost Center (old)")
    page.locator("[name=type]").select_option(label="Option")
    page.fill("[name=description]", "Who pays.")
    page.get_by_role("button", name="Save", exact=True).click()

    row = page.locator("#result_list tbody", has_text="Cost Center (old)")
    expect(row).to_contain_text("costCenterOld")
    expect(row.get_by_text("Active", exact=True)).to_be_visible()

    row.get_by_role("link", name="Cost Center (old)").click()
    expect(page.get_by_text(f"{URN}:Cost Center (old)", exact=True)).to_be_visible()
    page.fill("[name=name]", "Job  title")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("The attribute “Job Title” has this name")).to_be_visible()
    page.fill("[name=name]", "Cost Center")
    page.fill("[name=new_alias]", "KST")
    page.get_by_role("button", name="Save and continue editing").click()
    mapping = page.get_by_role("region", name="For identity providers")
    expect(mapping).to_contain_text(f"{URN}:Cost Center")
    expect(mapping).to_contain_text("Cost Center (old)")
    expect(mapping).to_contain_text("KST")

    page.get_by_role("link", name="Deactivate").press("Enter")
    expect(page.get_by_text("Its values are kept")).to_be_visible()
    page.get_by_role("button", name="Deactivate").press("Enter")
    expect(page.get_by_text("Hidden from identity providers and forms; the values are kept.")).to_be_visible()
    assert "Cost Center" not in site.manage("attribute", "list").splitlines()
    assert "Cost Center" in site.manage("attribute", "list", "--all").splitlines()


def test_several_are_switched_with_the_keyboard(page: Page, site: Site) -> None:
    separation = {"Separation Date", "Separation Reason"}
    switch_selected(page, "Deactivate")
    assert not separation & set(site.manage("attribute", "list").splitlines())
    switch_selected(page, "Activate")
    assert separation <= set(site.manage("attribute", "list").splitlines())


def switch_selected(page: Page, verb: str) -> None:
    page.goto(f"{ATTRIBUTES}?q=separation")
    for checkbox in page.locator("#result_list tbody input.action-select").all():
        checkbox.focus()
        page.keyboard.press("Space")
    page.locator("select[name=action]").select_option(label=f"{verb} selected attributes")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("heading", name=f"{verb} 2 attributes?")).to_be_visible()
    page.get_by_role("button", name=verb, exact=True).press("Enter")
    expect(page.get_by_text(f"{verb}d: 2 attributes.")).to_be_visible()
