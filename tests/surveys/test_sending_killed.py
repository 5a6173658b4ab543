"""A sender that is killed in the middle, as a process on a database of its own."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.site import ROOT, Site, fresh_database
from tests.surveys.mail_server import MailServer, receiving, takes_all

PEOPLE, KILLED_AT = 60, 23

INVITE = f"""
from employees.surveys.models import Invitation
from tests.surveys.invitations import invite, round_of
Invitation.objects.all().delete()
round_ = round_of()
for number in range({PEOPLE}):
    invite(f"p{{round_.pk}}.{{number:03}}@example.com", round_)
"""
STATES = """
from collections import Counter
from employees.surveys.models import Invitation
print(dict(Counter(Invitation.objects.values_list("state", flat=True))))
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, MailServer]]:
    """A site that need not answer, and where its mail arrives."""
    folder = tmp_path_factory.mktemp("sender")
    with receiving() as server, fresh_database(folder) as database_url:
        mail = {"EMAIL_URL": f"smtp://127.0.0.1:{server.port}", "SURVEY_MAIL_RATE": "0", "LOG_LEVEL": "DEBUG"}
        site = Site(folder, database_url, **mail)
        site.manage("migrate", "-v0")
        yield site, server


@pytest.fixture
def site(served: tuple[Site, MailServer]) -> Site:
    site, _ = served
    site.manage("shell", "-c", INVITE)
    return site


@pytest.fixture
def server(served: tuple[Site, MailServer]) -> MailServer:
    _, server = served
    server.mails.clear()
    server.content = takes_all
    return server


def states(site: Site) -> str:
    return site.manage("shell", "-v0", "-c", STATES).splitlines()[-1]


def run(site: Site) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "manage.py", "run_maintenance"],
        cwd=ROOT,
        env=site.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.parametrize("delivered", [True, False], ids=["delivered", "on its way"])
def test_killed_in_the_middle(site: Site, server: MailServer, *, delivered: bool) -> None:
    """The mail in flight is the only one that comes again, and with the same Message-ID."""
    killed = run(site)

    def kill(recipient: str) -> str:
        if len(server.mails) == KILLED_AT:
            os.kill(killed.pid, signal.SIGKILL)
            return "" if delivered else "451 Never mind"
        return ""

    server.content = kill
    first, _ = killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert states(site) == f"{{'sent': {KILLED_AT}, 'sending': {PEOPLE - KILLED_AT}}}"
    server.content = takes_all
    again = run(site)
    second, _ = again.communicate(timeout=60)
    assert "send survey invitations" in second
    assert states(site) == f"{{'sent': {PEOPLE}}}"
    times = Counter(server.receivers)
    assert len(times) == PEOPLE
    repeated = [address for address, number in times.items() if number > 1]
    assert [address.partition(".")[2] for address in repeated] == (["023@example.com"] if delivered else [])
    assert len(set(server.message_ids)) == PEOPLE
    assert not [line for line in (first + second).splitlines() if "@example.com" in line or "/s/" in line]


def test_two_at_once_invite_nobody_twice(site: Site, server: MailServer) -> None:
    """Another sender that starts while the first is at its first mail leaves everything to it."""
    others: list[subprocess.Popen[str]] = []

    def start_another(recipient: str) -> str:
        if not others:
            others.append(run(site))
            with suppress(subprocess.TimeoutExpired):
                others[0].wait(25)  # less than the first one waits for a reply
        return ""

    server.content = start_another
    first = run(site)
    said, _ = first.communicate(timeout=120)
    also_said, _ = others[0].communicate(timeout=120)
    assert f"send survey invitations: {PEOPLE} invitations sent" in said
    assert "invitations sent" not in also_said
    assert (first.returncode, others[0].returncode) == (0, 0)
    assert len(set(server.receivers)) == len(server.receivers) == PEOPLE
