"""Every page, in the light and in the dark and on a phone, as axe-core judges it and a keyboard works it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from django.urls import URLPattern, get_resolver, reverse
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import Scheme, grave_violations, is_dark
from tests.browser.company import Company, company, sign_in
from tests.browser.keyboard import missed
from tests.browser.windows import DESKTOP, PHONE, expect_reflowed
from tests.site import Site, served

SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")

NOT_PAGES: Final = {
    *(f"provisioning:inbox_{name}" for name in ("create", "alias", "dismiss", "recall")),
    *("provisioning:enable", "surveys:retry"),
    *("provisioning:providers", "provisioning:checklist", "surveys:figures", "surveys:audience"),
    *("provisioning:mapping", "provisioning:log_export"),
}
"""What is only posted to, parts of pages that are shown elsewhere, and files."""

ADMIN_LISTS: Final = (
    *("employees_employee", "employees_attribute", "employees_change", "provisioning_logentry"),
    *(
        "provisioning_cycle",
        "provisioning_hold",
        "provisioning_provisioningevent",
        "provisioning_bearertoken",
    ),
    *("peakon_scim_signin", "admin_logentry", "auth_user", "auth_group"),
)

STANDING: Final = {
    "start": "/admin/",
    **{f"list of {name}": f"/admin/{'/'.join(name.rsplit('_', 1))}/" for name in ADMIN_LISTS},
    **{f"adding {name}": f"/admin/employees/{name}/add/" for name in ("employee", "attribute")},
    "adding a user": "/admin/auth/user/add/",
    "changing the password": "/admin/password_change/",
    "employees found": "/admin/employees/employee/?q=p1",
    "deleted employees": "/admin/employees/employee/?status=deleted",
    "log without a match": "/admin/integrations/employee-provisioning/log/?q=nobody@example.com",
    "an error": "/no-such-page",
    "an error of the administration": "/admin/no-such-page/",
}

OVER: Final = ("answered", "ended", "closed")
"""What personal links lead to in the end: words, and nothing to press."""

VISITED: Final = (
    *("a change that was logged", "a closed round", "somebody deleted", "answer", *OVER),
    *("employees_employee_change", "employees_employee_delete", "employees_employee_restore"),
    *("employees_change_change", "employees_change_undo", "provisioning_logentry_change"),
    *("employees_attribute_change", "employees_attribute_deactivate"),
)


def named(namespace: str) -> list[str]:
    """The names of the pages of a part of the site, as reverse() takes them."""
    patterns: list[Any] = [each for each in get_resolver().url_patterns if not isinstance(each, URLPattern)]
    [part] = [each for each in patterns if each.namespace == namespace]
    names = [f"{namespace}:{pattern.name}" for pattern in part.url_patterns]
    return [name for name in names if name not in NOT_PAGES]


PAGES: Final = (*named("provisioning"), *named("surveys"), *VISITED)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with company(tmp_path_factory.mktemp("accessibility")) as each:
        yield each


@pytest.fixture(scope="module")
def site(furnished: Company) -> Site:
    """A site with something to show on every page."""
    return furnished.site


@pytest.fixture(scope="module", params=SCHEMES)
def scheme(request: pytest.FixtureRequest) -> Scheme:
    scheme: Scheme = request.param
    return scheme


@pytest.fixture(scope="module")
def page(browser: Browser, site: Site, scheme: Scheme) -> Iterator[Page]:
    """Signed in; one for all of a scheme, for which the theme asks once, as a page is loaded."""
    with browser.new_context(base_url=site.url, color_scheme=scheme) as context:
        page = context.new_page()
        sign_in(page, site)
        expect(page.locator("html.dark")).to_have_count(int(scheme == "dark"))
        yield page


def expect_accessible(page: Page) -> None:
    """On a phone and on a desktop; in the dark on one of them, as only colours differ in it."""
    for size in (DESKTOP,) if is_dark(page) else (PHONE, DESKTOP):
        page.set_viewport_size(size)
        expect_reflowed(page)
        found = grave_violations(page)
        assert not found, "\n".join([page.url, *found])


@pytest.mark.parametrize("name", PAGES)
def test_a_page(page: Page, furnished: Company, name: str) -> None:
    page.goto(furnished.pages.get(name) or reverse(name))
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect_accessible(page)


@pytest.mark.parametrize("scheme", ["light"], indirect=True, scope="module")
@pytest.mark.parametrize("name", [name for name in PAGES if name not in OVER])
def test_a_page_by_keyboard(page: Page, furnished: Company, name: str) -> None:
    page.goto(furnished.pages.get(name) or reverse(name))
    found = missed(page)
    assert not found, "\n".join([page.url, *found])


@pytest.mark.parametrize("address", STANDING.values(), ids=STANDING)
def test_a_page_of_many(page: Page, address: str) -> None:
    page.goto(address)
    expect_accessible(page)


def test_signing_in(chromium_page: Page, scheme: Scheme) -> None:
    chromium_page.emulate_media(color_scheme=scheme)
    chromium_page.goto("/admin/login/")
    expect_accessible(chromium_page)
    chromium_page.fill("[name=username]", "nobody@example.com")
    chromium_page.fill("[name=password]", "wrong")
    chromium_page.keyboard.press("Enter")
    expect(chromium_page.get_by_text("Please enter the correct")).to_be_visible()
    expect_accessible(chromium_page)


@pytest.mark.parametrize("address", ["provisioning:connect", "surveys:add", "provisioning:settings"])
def test_a_form_that_is_refused(page: Page, address: str) -> None:
    page.goto(reverse(address))
    for field in page.locator("form input[type=text], form input[type=number]").all():
        field.fill("")
    page.locator(".provisioning-form [type=submit], .survey-form [type=submit]").last.click()
    expect(page.locator("form .text-red-600").first).to_be_visible()
    expect_accessible(page)


def test_a_token_that_is_shown_once(page: Page, scheme: Scheme) -> None:
    page.goto(reverse("provisioning:connect"))
    page.get_by_role("radio", name="OneLogin").check()
    page.get_by_label("Name", exact=True).fill(f"OneLogin, {scheme}")
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_role("heading", name="Copy the token now")).to_be_visible()
    expect_accessible(page)


def test_before_anything_has_happened(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path, provisioning=False) as site, browser.new_context(base_url=site.url) as context:
        page = context.new_page()
        sign_in(page, site)
        expect_accessible_in_either_scheme(page, reverse("provisioning:overview"))
        page.get_by_role("button", name="Enable").click()
        expect(page.get_by_role("heading", name="No identity provider is connected yet")).to_be_visible()
        addresses = [reverse(f"provisioning:{name}") for name in ("overview", "log", "inbox")]
        for address in (*addresses, reverse("surveys:schedules"), "/admin/employees/employee/"):
            expect_accessible_in_either_scheme(page, address)


def expect_accessible_in_either_scheme(page: Page, address: str) -> None:
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.goto(address)
        expect_accessible(page)
