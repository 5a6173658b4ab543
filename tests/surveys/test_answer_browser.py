"""The answer page for a person: by keyboard, on a phone, in the dark, and without scripts."""

import re
from collections.abc import Iterator
from itertools import count
from typing import Any, Final, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site import Site

INVITE: Final = """
from employees.surveys import links
from tests.surveys.invitations import invite, round_of
print(links.path_of(invite("participant{}@example.com", round_of(question="How are you?"))))
"""
_numbers = count()

LIGHT_AND_DARK: Final = ("light", "dark")
LINE, TEXT = 3.0, 4.5
"""The least contrasts of what can be used (WCAG 2.2 §1.4.11) and of text (§1.4.3)."""

COLOURS = """(element, [name, behind]) => {
    const colour = (each, property) => getComputedStyle(each)[property].match(/[0-9.]+/g).map(Number);
    let page = behind ? element.parentElement : element;
    while (colour(page, "backgroundColor")[3] === 0) page = page.parentElement;
    return [colour(element, name), colour(page, "backgroundColor")];
}"""


@pytest.fixture
def link(site: Site) -> str:
    """The address of a new invitation on the site."""
    output = site.manage("shell", "-v0", "-c", INVITE.format(next(_numbers)))
    return site.url + output.splitlines()[-1]


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page of the smallest screen that WCAG asks for (§1.4.10), in a browser that runs no scripts."""
    viewport: Any = {"width": 320, "height": 568}
    with browser.new_context(viewport=viewport, java_script_enabled=False) as context:
        yield context.new_page()


def test_by_keyboard_on_a_phone(phone: Page, link: str) -> None:
    phone.goto(link)
    expect(phone).to_have_title("How are you?")
    group = phone.get_by_role("group", name="How are you?")
    expect(group.get_by_role("radio")).to_have_count(11)
    expect(group).to_have_accessible_description(re.compile("0: .*10: "))
    phone.keyboard.press("Tab")
    expect(group.get_by_role("radio", name="0", exact=True)).to_be_focused()
    for _ in range(7):
        phone.keyboard.press("ArrowRight")
    expect(group.get_by_role("radio", name="7", exact=True)).to_be_checked()
    phone.keyboard.press("Tab")
    expect(phone.get_by_role("textbox", name=re.compile("What is your reason"))).to_be_focused()
    phone.keyboard.type("Fine")
    phone.keyboard.press("Tab")
    expect(phone.get_by_role("button", name="Send")).to_be_focused()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", level=1, name="Thank you")).to_be_visible()
    phone.reload()
    expect(phone.get_by_role("heading", level=1, name="Thank you")).to_be_visible()
    assert phone.context.cookies() == []


def test_it_fits_a_phone(phone: Page, link: str) -> None:
    phone.goto(link)
    assert phone.evaluate("document.scrollingElement.scrollWidth") <= 320
    sizes = [label.bounding_box() for label in phone.locator(".scores label").all()]
    assert all(size and size["width"] >= 40 and size["height"] >= 44 for size in sizes)


def test_a_number_is_asked_for(phone: Page, link: str) -> None:
    phone.goto(link)
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("radio", name="0", exact=True)).to_be_focused()
    expect(phone.get_by_role("button", name="Send")).to_be_visible()


@pytest.mark.parametrize("scheme", LIGHT_AND_DARK)
def test_contrasts(browser: Browser, link: str, scheme: Literal["light", "dark"]) -> None:
    with browser.new_context(color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(link)
        page.get_by_role("radio", name="7", exact=True).check()
        for name in ("h1", ".ends", ".hint", "textarea", "button", ".scores span", ".scores :checked + span"):
            assert contrast(page, name, "color") >= TEXT, name
        for name in ("textarea", "button", ".scores span", ".scores :checked + span"):
            assert contrast(page, name, "borderTopColor", behind=True) >= LINE, name
        dark = luminance(colours(page, "h1", "color")[1]) < 0.2
        assert dark == (scheme == "dark")


def contrast(page: Page, selector: str, name: str, *, behind: bool = False) -> float:
    """That of a colour of an element on its own background, or on what is behind it (WCAG 2.2 §1.4.3)."""
    one, other = sorted(map(luminance, colours(page, selector, name, behind=behind)))
    return (other + 0.05) / (one + 0.05)


def colours(page: Page, selector: str, name: str, *, behind: bool = False) -> list[list[float]]:
    found: list[list[float]] = page.locator(selector).first.evaluate(COLOURS, [name, behind])
    return found


def luminance(colour: list[float]) -> float:
    """The relative luminance of a colour in sRGB, from 0 to 1 (WCAG 2.2)."""
    parts = [part / 255 for part in colour[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
