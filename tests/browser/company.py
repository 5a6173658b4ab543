"""A site whose identity provider has worked for four weeks, for tests and pictures that need one."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from tests.site import Site, served

FURNISH = "from tests.browser.furnishing import furnish; furnish()"


@dataclass(frozen=True)
class Company:
    """Its site, and the addresses of the pages that show one thing, by what that is."""

    site: Site
    pages: dict[str, str]


@contextmanager
def company(folder: Path, **environment: str) -> Iterator[Company]:
    """A site in that folder, until the end of the block."""
    fast = {"SCIM_RATE_LIMIT": "0", "SURVEY_MAIL_RATE": "0"}
    with served(folder, provisioning=True, **fast, **environment) as site:
        said = site.manage("shell", "-v0", "-c", FURNISH)
        yield Company(site, json.loads(said.splitlines()[-1]))


def sign_in(page: Page, site: Site, target: str = "/admin/") -> None:
    """Signs the administrator in, as a page asks before it is shown."""
    page.goto(target)
    page.fill("[name=username]", site.admin_email)
    page.fill("[name=password]", site.admin_password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.url}{target}")
