"""The employees' pages in a real browser: an employee is added, found, edited, deleted and restored."""

import re

from playwright.sync_api import Page, expect

START = EMPLOYEES = "/admin/employees/employee/"


def add(page: Page, **values: str) -> None:
    page.goto(f"{EMPLOYEES}add/")
    for name, value in values.items():
        page.fill(f"[name={name}]", value)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#changelist")).to_be_visible()


def test_the_life_of_an_employee(page: Page) -> None:
    expect(page.get_by_role("heading", name="No employees yet")).to_be_visible()
    expect(page.get_by_role("link", name="Connect an identity provider")).to_be_visible()

    add(page, user_name="grace@example.com", given_name="Grace", family_name="Hopper", employee_number="7")
    add(page, user_name="elodie@example.com", display_name="Élodie Durand", employee_number="7")
    rows = page.locator("#result_list tbody")
    expect(rows).to_have_count(2)
    expect(rows.get_by_text("Clash", exact=True)).to_have_count(2)

    page.get_by_role("searchbox").or_(page.locator("#searchbar")).first.fill("ÉLODIE")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    page.get_by_role("link", name="Élodie Durand").click()
    expect(page.get_by_role("link", name="Grace Hopper (grace@example.com)")).to_be_visible()

    page.locator(".select2-selection").click()
    page.keyboard.type("hopper")
    page.get_by_role("option", name="Grace Hopper (grace@example.com)").click()
    page.fill("[name=department]", "Compilers")
    page.locator("[name=active]").uncheck()
    page.get_by_role("button", name="Save and continue editing").click()
    history = page.get_by_role("region", name="Change history")
    expect(history).to_contain_text("Compilers")
    expect(history).to_contain_text("Deactivated by")
    expect(page.get_by_role("region", name="Participation in surveys")).to_contain_text("deactivated by")

    page.get_by_role("link", name="Delete employee").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("The record can be restored.")).to_be_visible()
    expect(rows).to_have_count(1)
    page.goto(f"{EMPLOYEES}?status=deleted")
    page.get_by_role("link", name="Élodie Durand").click()
    page.get_by_role("link", name="Restore").click()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text(re.compile("was restored"))).to_be_visible()


def test_several_at_once_with_the_keyboard(page: Page) -> None:
    for name in ("a", "b"):
        add(page, user_name=f"{name}.keyboard@example.com")
    page.goto(f"{EMPLOYEES}?q=keyboard")
    for checkbox in page.locator("#result_list tbody input.action-select").all():
        checkbox.focus()
        page.keyboard.press("Space")
    page.locator("select[name=action]").select_option(label="Deactivate selected employees")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("heading", name="Deactivate 2 employees?")).to_be_visible()
    page.get_by_role("button", name="Deactivate").press("Enter")
    expect(page.get_by_text("2 employees deactivated.")).to_be_visible()
