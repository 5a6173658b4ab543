"""Where a Chromium for the browser tests comes from."""

import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_CHROMIUM = "No Chromium was found or could be installed; install the package `chromium`."
LAUNCH_ARGUMENTS = [
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]
INSTALL_SECONDS = 180


def find_chromium(playwrights_own: Path) -> Path | None:
    """The browser to run: the system's, Playwright's, or one that Playwright could install just now."""
    for name in NAMES:
        if path := shutil.which(name):
            return Path(path)
    if not playwrights_own.exists():
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        try:
            subprocess.run(command, capture_output=True, text=True, check=True, timeout=INSTALL_SECONDS)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            print(f"{error}\n{error.stderr!r}", file=sys.stderr)
    return playwrights_own if playwrights_own.exists() else None
