"""Takes the pictures of the console in the docs: `python -m tests.browser.screenshots FOLDER`."""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.browser.axe import Scheme
from tests.browser.company import Company, company, sign_in
from tests.chromium import LAUNCH_ARGUMENTS, NO_CHROMIUM, find_chromium

CONSOLE: Final = "/admin/integrations/employee-provisioning/"
SHOWN_URL: Final = "https://peakon.example.com"
DESKTOP: Final[ViewportSize] = {"width": 1024, "height": 760}
TALL: Final[ViewportSize] = {"width": 1024, "height": 1100}
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
LIMIT: Final = 120_000
"""Bytes of a picture."""


@dataclass(frozen=True)
class Picture:
    """A page as it is shown: `page` is an address, or what it shows of the company."""

    name: str
    page: str
    scheme: Scheme = "light"
    window: ViewportSize | None = None


PICTURES: Final = (
    Picture("overview", CONSOLE),
    Picture("identity-provider", "provisioning:provider", window=TALL),
    Picture("identity-provider-dark", "provisioning:provider", "dark", TALL),
    Picture("guide", "provisioning:guide"),
    Picture("sync", "provisioning:cycle"),
    Picture("log-entry", "provisioning:log_entry"),
    Picture("hold", "provisioning:hold"),
    Picture("hold-phone-dark", "provisioning:hold", "dark", PHONE),
    Picture("undo", "an ordinary sync undone"),
    Picture("schedule", "surveys:schedule"),
    Picture("round", "surveys:round"),
    Picture("round-dark", "surveys:round", "dark"),
)


def main(folder: Path) -> None:
    """Takes every picture.

    Raises:
        RuntimeError: there is no Chromium, or a picture is larger than LIMIT.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as site,
        company(Path(site), SITE_URL=SHOWN_URL) as shown,
        sync_playwright() as playwright,
    ):
        executable = find_chromium(Path(playwright.chromium.executable_path))
        if executable is None:
            raise RuntimeError(NO_CHROMIUM)
        with playwright.chromium.launch(executable_path=executable, args=LAUNCH_ARGUMENTS) as chromium:
            for name, size in taken(chromium, shown, folder):
                sys.stdout.write(f"{name}: {size:,} bytes\n")
                if size > LIMIT:
                    raise RuntimeError(f"{name} is larger than {LIMIT:,} bytes.")


def taken(chromium: Browser, shown: Company, folder: Path) -> Iterator[tuple[str, int]]:
    """Names and sizes in bytes of the pictures as they are taken."""
    with chromium.new_context(base_url=shown.site.url) as context:
        page = context.new_page()
        sign_in(page, shown.site)
        for picture in PICTURES:
            path = folder / f"{picture.name}.png"
            take(page, picture, shown, path)
            yield path.name, path.stat().st_size


def take(page: Page, picture: Picture, shown: Company, path: Path) -> None:
    page.set_viewport_size(picture.window or DESKTOP)
    page.emulate_media(color_scheme=picture.scheme, reduced_motion="reduce")
    page.goto(shown.pages.get(picture.page, picture.page))
    page.evaluate("document.fonts.ready")
    page.screenshot(path=path, animations="disabled")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
