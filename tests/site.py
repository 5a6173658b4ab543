"""A real gunicorn with the project's configuration, on a free port and a fresh database."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg

ROOT = Path(__file__).resolve().parent.parent
GUNICORN = (sys.executable, "-m", "gunicorn", "--config", "peakon_scim/gunicorn.conf.py")


class Site:
    """A site of its own.

    Attributes:
        url: where it answers, without a trailing slash.
        folder: its VAR_DIR.
        command: what serves it.
        process: that, while it does.
        admin_email, admin_password: what its administrator signs in with.
    """

    command: Sequence[str] = GUNICORN
    admin_email = "admin@example.com"
    admin_password = "correct horse battery staple"

    def __init__(self, folder: Path, database_url: str, **environment: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder / "home"),
            "ENV_FILE": os.devnull,
            "VAR_DIR": str(folder),
            "DATABASE_URL": database_url,
            "PORT": str(self.port),
            "ADMIN_EMAIL": self.admin_email,
            "ADMIN_PASSWORD": self.admin_password,
            **environment,
        }

    def manage(self, *arguments: str) -> str:
        """What `manage.py` prints, run against this site's database.

        Raises:
            AssertionError: the command failed; the message is what it said.
        """
        command = [sys.executable, "manage.py", *arguments]
        result = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, f"{' '.join(command)}\n{result.stdout}{result.stderr}"
        return result.stdout

    def token(self, identity_provider: str = "Entra ID", *options: str) -> str:
        """A new bearer token of that identity provider, connected when it is not yet."""
        arguments = ("scim_token", "issue", "--identity-provider", identity_provider, *options)
        return self.manage(*arguments).splitlines()[-1].strip()

    def log(self) -> str:
        """Everything that gunicorn and the site have logged so far."""
        return (self.folder / "log").read_text()

    @contextmanager
    def serving(self) -> Iterator["Site"]:
        """Serves until the end of the block."""
        with (self.folder / "log").open("a") as log:
            process = subprocess.Popen(self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        self.process = process
        try:
            self.wait(process)
            yield self
        finally:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def wait(self, process: "subprocess.Popen[Any]", seconds: float = 60) -> None:
        """Returns when the site answers.

        Raises:
            AssertionError: the process ended, or the time is up.
        """
        deadline = time.monotonic() + seconds
        while process.poll() is None and time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=5).close()
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError(
            "The site does not answer. " + (self.log() if (self.folder / "log").exists() else "")
        )


@contextmanager
def served(folder: Path, *, provisioning: bool = True, **environment: str) -> Iterator[Site]:
    """A site of its own on a fresh database, until the end of the block.

    Args:
        folder: its VAR_DIR.
        provisioning: whether employee provisioning is enabled from the start.
    """
    with fresh_database(folder) as database_url:
        site = Site(folder, database_url, **environment)
        site.manage("prepare")
        if provisioning:
            site.manage("provisioning", "enable")
        with site.serving():
            yield site


def free_port() -> int:
    """A TCP port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def fresh_database(folder: Path) -> Iterator[str]:
    """The URL of an empty database of the kind under test, dropped afterwards."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield f"sqlite:///{folder / 'db.sqlite3'}"
        return
    name = f"site_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
