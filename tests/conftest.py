"""Fixtures for every test: a site that really serves, and a browser that really browses."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.plugin import DjangoDbBlocker, blocking_manager_key

from tests.chromium import LAUNCH_ARGUMENTS, NO_CHROMIUM, find_chromium
from tests.pgbouncer import NO_PGBOUNCER
from tests.site import Site, served

MIGRATED = pytest.StashKey[str]()
"""The rows of a migrated database."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Brings back what migrations wrote, after a test with transactions of its own has emptied the database.

    pytest-xdist runs its file where it likes, before others that want the standard attributes.
    """
    yield
    marker = item.get_closest_marker("django_db")
    # After the last test there is no database any more.
    if nextitem and marker and marker.kwargs.get("transaction"):
        with item.config.stash[blocking_manager_key].unblock():
            _start_anew(item.config.stash[MIGRATED])


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, pytestconfig: pytest.Config
) -> None:
    """The database of the tests, and what migrations have written to it, kept for later."""
    with django_db_blocker.unblock():
        pytestconfig.stash[MIGRATED] = connection.creation.serialize_db_to_string()


def _start_anew(migrated: str) -> None:
    """What migrations wrote is in the empty database, and keys begin where they did."""
    call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
    connection.creation.deserialize_db_from_string(migrated)
    style, sequences = no_style(), connection.introspection.sequence_list()
    from_one = connection.ops.sequence_reset_by_name_sql(style, sequences)
    with connection.cursor() as cursor:
        for statement in [*from_one, *connection.ops.sequence_reset_sql(style, apps.get_models())]:
            cursor.execute(statement)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A prepared site with its own fresh database, served by gunicorn for the whole run."""
    with served(tmp_path_factory.mktemp("site"), provisioning=False) as site:
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; without one the test is skipped, or fails where REQUIRE_BROWSER is set."""
    with sync_playwright() as playwright:
        executable = find_chromium(Path(playwright.chromium.executable_path))
        if executable is None:
            (pytest.fail if os.environ.get("REQUIRE_BROWSER") else pytest.skip)(NO_CHROMIUM)
        with playwright.chromium.launch(executable_path=executable, args=LAUNCH_ARGUMENTS) as chromium:
            yield chromium


@pytest.fixture
def chromium_page(browser: Browser, site: Site) -> Iterator[Page]:
    """A page of the site in a fresh browser profile; fails on script errors and requests to other hosts."""
    faults: list[str] = []
    with browser.new_context(base_url=site.url) as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        page.on("request", lambda request: faults.extend(foreign(request.url, site.url)))
        page.on("console", lambda message: faults.extend(refused(message.text)))
        yield page
    assert not faults


def foreign(url: str, home: str) -> list[str]:
    """The address when it leads to another host than `home`."""
    return [] if url.startswith((f"{home}/", "data:", "blob:", "about:")) else [f"request to {url}"]


def refused(message: str) -> list[str]:
    """The browser's complaint when it kept the page from reaching another host."""
    return [message] if "Content Security Policy" in message else []


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Says aloud when tests were skipped for want of a program, and leaves the figures for bin/test."""
    stats: dict[str, list[Any]] = terminalreporter.stats
    for want in (NO_CHROMIUM, NO_PGBOUNCER):
        skipped = [report for report in stats.get("skipped", []) if want in str(report.longrepr)]
        if skipped:
            terminalreporter.section("TESTS SKIPPED", sep="!", red=True, bold=True)
            terminalreporter.line(f"{len(skipped)} tests: {want}", red=True)
    if path := os.environ.get("TEST_SUMMARY"):
        outcomes = ("passed", "failed", "error", "skipped", "xfailed")
        figures = [f"{len(stats[outcome])} {outcome}" for outcome in outcomes if stats.get(outcome)]
        Path(path).write_text(", ".join(figures) or "no tests collected")
