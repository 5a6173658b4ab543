"""The rate limit with several processes: alone, and on a real site whose clients send all they can."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from tests.site import ROOT, Site, served

RATE, BURST, CLIENTS, SECONDS = 10, 100, 4, 6
NEARLY = 0.9
"""Whoever has no processor for a while takes nothing in it; more than is permitted nobody may take."""

PROCESSES, TAKING_SECONDS = 4, 4
TAKING = """
import sys, time
from pathlib import Path
from scim.rate_limit import RateLimit

limit, until, taken = RateLimit(200, Path(sys.argv[1])), float(sys.argv[2]), 0
started = time.monotonic()
while time.monotonic() < until:
    if limit.take(7):
        time.sleep(0.001)
    else:
        taken += 1
print(started, taken)
"""


def test_processes_share_one_bucket(tmp_path: Path) -> None:
    until = time.monotonic() + TAKING_SECONDS
    command = [sys.executable, "-c", TAKING, str(tmp_path / "rate_limit"), str(until)]
    processes = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)
    ]
    lines = [process.communicate(timeout=60)[0].split() for process in processes]
    started, taken = min(float(start) for start, _ in lines), [int(number) for _, number in lines]
    permitted = 2000 + 200 * (until - started)
    print(f"\n{sum(taken)} taken by {PROCESSES} processes, {permitted:.0f} permitted: {taken}")
    assert NEARLY * permitted <= sum(taken) <= permitted + 1
    assert sum(number > 0 for number in taken) > 1


@pytest.fixture(scope="module")
def limited_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("limited")
    with served(folder, SCIM_RATE_LIMIT=str(RATE), WEB_CONCURRENCY="2") as site:
        yield site


def client(site: Site, token: str) -> httpx2.Client:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx2.Client(base_url=f"{site.url}/scim/v2", headers=headers, timeout=60)


def hammer(http: httpx2.Client) -> list[tuple[float, httpx2.Response]]:
    """Every answer with the moment it came."""
    until, answers = time.monotonic() + SECONDS, []
    while time.monotonic() < until:
        answer = http.get("/Users", params={"count": 0})
        answers.append((time.monotonic(), answer))
    return answers


def test_clients_together_get_the_burst_and_the_rate(limited_site: Site) -> None:
    token, other_token = limited_site.token("Directory"), limited_site.token("Second directory")
    clients = [client(limited_site, token) for _ in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        started = time.monotonic()
        answers = [answer for answers in pool.map(hammer, clients) for answer in answers]
    seconds = max(at for at, _ in answers) - started
    taken, permitted = sum(answer.status_code == 200 for _, answer in answers), BURST + RATE * seconds
    print(f"\n{len(answers)} sent in {seconds:.2f} s, {taken} taken, {permitted:.0f} permitted")
    assert len(answers) > 1.2 * permitted, "the clients are too slow to meet the limit"
    assert NEARLY * permitted <= taken <= permitted + 1

    refused = [answer for _, answer in answers if answer.status_code != 200]
    assert {(answer.status_code, answer.headers["Retry-After"]) for answer in refused} == {(429, "1")}
    with client(limited_site, other_token) as other:
        assert other.get("/Users").status_code == 200
    time.sleep(int(refused[-1].headers["Retry-After"]))
    assert clients[0].get("/Users").status_code == 200
    for http in clients:
        http.close()
