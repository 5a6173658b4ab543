"""What an operator relies on, tried on running processes: starting, stopping, serving, logging."""

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.site import ROOT, Site, free_port, fresh_database


def fetch(url: str, headers: Mapping[str, str] = {}) -> tuple[int, str]:
    """Status and body of a GET."""
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, headers=dict(headers)), timeout=20
        ) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_health_without_a_database(tmp_path: Path) -> None:
    with Site(tmp_path, f"postgres://clerk:hush@127.0.0.1:{free_port()}/nothing").serving() as site:
        assert fetch(f"{site.url}/healthz") == (503, '{"status": "database unavailable"}')
        assert "OperationalError" in site.log()
        assert "hush" not in site.log()
        assert "clerk" not in site.log()


def test_static_files_are_served(site: Site) -> None:
    _, page = fetch(f"{site.url}/admin/login/")
    files = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    assert len(files) > 3
    assert {fetch(site.url + file)[0] for file in files} == {200}


def test_logs_keep_no_personal_data(site: Site) -> None:
    token = f"peakon_scim_{'x' * 49}"
    path = "/scim/v2/Users?filter=userName%20eq%20%22nobody%40example.com%22"
    fetch(site.url + path, {"Authorization": f"Bearer {token}"})
    fetch(f"{site.url}/scim/v2/Users/grace@example.com%0aforged", {"Authorization": f"Bearer {token}"})
    log = site.log()
    assert "GET /scim/v2/Users " in log
    assert not re.search("nobody|grace|filter|xxxx|\nforged", log)


def test_two_prepare_at_once(tmp_path: Path) -> None:
    with fresh_database(tmp_path) as database_url:
        environment = Site(tmp_path, database_url).environment
        command = [sys.executable, "manage.py", "prepare"]
        both = [
            subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) for _ in range(2)
        ]
        outputs = [process.communicate(timeout=120)[0].decode() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("The first administrator" in output for output in outputs) == 1


def serve_and_interrupt(site: Site) -> str:
    """What bin/serve prints between its start and its end by Ctrl-C."""
    inherited = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    process = subprocess.Popen(
        [str(ROOT / "bin" / "serve")],
        cwd=site.folder,
        env=inherited | site.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    site.wait(process, seconds=300)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    return output


def test_serve_starts_stops_and_starts_again(tmp_path: Path) -> None:
    with fresh_database(tmp_path) as database_url:
        site = Site(tmp_path, database_url, ADMIN_PASSWORD="")
        first, second = serve_and_interrupt(site), serve_and_interrupt(site)
    assert f"address   {site.url}/admin/" in first
    assert "password" in first
    assert "Traceback" not in first + second
    assert not re.search("password|Installing|Making", second)


@pytest.mark.parametrize(
    ("variable", "value"), [("SITE_URL", "peakon.example.com"), ("LOG_LEVEL", "loud"), ("DEBUG", "false ")]
)
def test_configuration_mistakes_are_explained(tmp_path: Path, variable: str, value: str) -> None:
    environment = Site(tmp_path, "").environment | {variable: value}
    command = [sys.executable, "manage.py", "check"]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    expected = 0 if variable == "DEBUG" else 1
    assert result.returncode == expected
    assert expected == 0 or variable in result.stderr.splitlines()[-1]
