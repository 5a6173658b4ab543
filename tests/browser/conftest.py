"""What browser tests begin with: a site of the file's own, signed in to, and an identity provider of it."""

from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.browser.company import sign_in
from tests.browser.windows import WINDOWS, Window
from tests.site import Site, served

PROVIDER = "Entra ID Germany"

expect.set_options(timeout=15_000)  # a busy machine takes longer than Playwright's five seconds


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose people, attributes and identity providers no other file touches.

    What the file calls PROVISIONING says whether employee provisioning is enabled there.
    """
    folder = tmp_path_factory.mktemp(request.path.stem)
    with served(folder, provisioning=getattr(request.module, "PROVISIONING", True)) as site:
        yield site


@pytest.fixture
def page(request: pytest.FixtureRequest, chromium_page: Page, site: Site) -> Page:
    """Signed in as the administrator, on what the file calls START."""
    sign_in(chromium_page, site, getattr(request.module, "START", "/admin/"))
    return chromium_page


@pytest.fixture(params=WINDOWS, ids=lambda window: window.name)
def window(request: pytest.FixtureRequest, page: Page) -> Window:
    """Every window in turn, in which the page is shown."""
    window: Window = request.param
    page.set_viewport_size(window.size)
    page.emulate_media(color_scheme=window.scheme)
    page.reload()  # the theme asks for the scheme once
    expect(page.locator("html.dark")).to_have_count(int(window.scheme == "dark"))
    return window


@pytest.fixture(scope="module")
def scim(site: Site) -> Iterator[httpx2.Client]:
    """HTTP as the identity provider PROVIDER."""
    headers = {"Authorization": f"Bearer {site.token(PROVIDER)}", "Content-Type": "application/scim+json"}
    with httpx2.Client(base_url=f"{site.url}/scim/v2", headers=headers, timeout=60) as http:
        yield http
