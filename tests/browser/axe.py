"""What axe-core finds wrong with a page as Chromium shows it."""

from functools import cache
from importlib import resources
from typing import Any, Final, Literal

from playwright.sync_api import Page

Scheme = Literal["light", "dark"]

GRAVE: Final = ("serious", "critical")

COLOUR_RULES: Final = ("color-contrast", "link-in-text-block")
"""The rules that may judge a page differently in the dark: scheme and theme change colours alone."""

RUN: Final = "([context, options]) => axe.run(context, options)"


@cache
def script() -> str:
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def is_dark(page: Page) -> bool:
    dark: bool = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    return dark


def grave_violations(page: Page) -> list[str]:
    """What is of impact serious or critical, a line for each element; in the dark, what is of colours."""
    page.evaluate(script())
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if is_dark(page):
        options["runOnly"] = {"type": "rule", "values": list(COLOUR_RULES)}
    found = page.evaluate(RUN, [{"include": [["html"]]}, options])
    return [
        f"{violation['id']} ({violation['impact']}): {' '.join(node['target'])}: {node['failureSummary']}"
        for violation in found["violations"]
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
    ]
