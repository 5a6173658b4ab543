"""What of a page somebody without a pointer does not reach, or does not see the focus on."""

from typing import Final

from playwright.sync_api import Page

from tests.browser.windows import LOOK

WITHIN: Final = 8
"""Stops within the field of a date and a time, at most."""

WATCH: Final = f"""() => {{
    const look = {LOOK};
    // A colour that is on its way to another one still looks like before.
    const still = new CSSStyleSheet();
    still.replaceSync("* {{ transition: none !important }}");
    document.adoptedStyleSheets.push(still);
    const shown = element => element.checkVisibility({{ visibilityProperty: true }});
    // Of radio buttons with a name, the arrow keys reach the others.
    const first = element => element.type !== "radio" || element === (
        document.querySelector(`input[name="${{element.name}}"]:checked`) ??
        document.querySelector(`input[name="${{element.name}}"]`));
    const kinds = "a[href], button, input, select, textarea, summary, [tabindex], [onclick], [role=button]";
    const stops = [...document.querySelectorAll(kinds)].filter(
        element => shown(element) && !element.disabled && element.tabIndex !== -1 && first(element));
    const before = new Map(stops.map(element => [element, look(element)]));
    const [missed, unseen] = [new Set(stops), new Set()];
    document.addEventListener("focusin", ({{ target }}) => {{
        missed.delete(target);
        if (before.get(target) === look(target)) unseen.add(target);
    }});
    const named = element => element.outerHTML.slice(0, 200);
    window.keyboardMissed = () => [...missed].map(each => `not reached: ${{named(each)}}`).concat(
        [...unseen].map(each => `reached unseen: ${{named(each)}}`));
    // Within these one tabs from the day to the year, and to what opens a calendar.
    const fields = stops.filter(element => ["date", "time", "datetime-local"].includes(element.type));
    return stops.length + {WITHIN} * fields.length;
}}"""


def missed(page: Page) -> list[str]:
    """Tabs through everything that can be worked (WCAG 2.2 §2.1.1, §2.1.2, §2.4.7); a line for each fault."""
    stops: int = page.evaluate(WATCH)
    assert stops
    for _ in range(stops):
        page.keyboard.press("Tab")
    found: list[str] = page.evaluate("window.keyboardMissed()")
    return found
