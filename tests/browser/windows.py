"""How somebody sits before the console: at a desk or with a phone, in the dark, without a pointer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browser.axe import Scheme

DESKTOP: Final[ViewportSize] = {"width": 1280, "height": 800}
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}

LOOK: Final = """element => {
    const near = [element, element.parentElement, element.nextElementSibling].filter(Boolean);
    const names = ["outlineStyle", "boxShadow", "borderColor", "backgroundColor", "textDecorationLine"];
    return near.map(each => names.map(name => getComputedStyle(each)[name]).join()).join();
}"""
"""What of an element and those beside it shows where the focus is."""

LOOKS_FOCUSED: Final = f"""element => {{
    const look = {LOOK};
    const focused = look(element);
    element.blur();
    const blurred = look(element);
    element.focus();
    return focused !== blurred;
}}"""

TABS: Final = 200
"""More than any page has to stop at."""

Press = Callable[[Locator], None]
"""Follows a link, chooses or presses a button."""


@dataclass(frozen=True)
class Window:
    """A window, and how it is worked.

    Args:
        press: with a pointer, or by keyboard alone.
    """

    name: str
    size: ViewportSize
    scheme: Scheme
    press: Press


def tab_to(target: Locator) -> None:
    """Tabs to something, as whoever has no pointer, and sees it there (WCAG 2.2 §2.1.1, §2.4.7)."""
    for _ in range(TABS):
        target.page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            break
    expect(target).to_be_focused()
    assert target.evaluate(LOOKS_FOCUSED), target


def by_keyboard(target: Locator) -> None:
    tab_to(target)
    target.page.keyboard.press("Space" if target.get_attribute("type") == "radio" else "Enter")


def by_pointer(target: Locator) -> None:
    target.click()


WINDOWS: Final = (
    Window("desktop.light", DESKTOP, "light", by_keyboard),
    Window("desktop.dark", DESKTOP, "dark", by_pointer),
    Window("phone.light", PHONE, "light", by_pointer),
    Window("phone.dark", PHONE, "dark", by_keyboard),
)
"""Each size in each scheme, and each of them with and without a pointer."""


def expect_reflowed(page: Page) -> None:
    """That nothing has to be scrolled sideways (WCAG 2.2 §1.4.10)."""
    size = page.viewport_size
    assert size
    wide: int = page.evaluate("document.scrollingElement.scrollWidth")
    assert wide <= size["width"], page.url
