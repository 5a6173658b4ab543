"""The measured day: its figures, and a small one over HTTP on the database under test."""

import os
import re
import subprocess
import sys

import pytest

from bench.bodies import body, user_name
from bench.day_table import latency_table, share, tenths
from bench.people import Company
from bench.scim_client import in_parallel
from scim.protocol.urns import ENTERPRISE_USER, PEAKON_USER
from tests.site import ROOT

PEOPLE = 20


def test_tenths_bring_everybody_once() -> None:
    parts = tenths(23)
    assert [number for part in parts for number in part] == list(range(23))
    assert {len(part) for part in parts} == {2, 3}


def test_share_is_of_the_same_part_of_the_day() -> None:
    """A busy moment of the machine makes both slow, or one of them once."""
    assert share([50.0, 5.0, 1.0], [100.0, 10.0, 100.0]) == 0.5


def test_table_of_latencies() -> None:
    latencies = {"match": [float(number) for number in range(1, 1_001)]}
    assert latency_table(latencies).splitlines()[-1] == "| match | 1,000 | 500.0 | 950.0 | 990.0 |"


def test_every_number_is_worked_on_once() -> None:
    done: list[int] = []
    in_parallel(done.append, range(100), 8)
    assert sorted(done) == list(range(100))


def test_what_the_work_raises_ends_it() -> None:
    with pytest.raises(ZeroDivisionError):
        in_parallel(lambda number: 1 // (number - 50), range(100), 8)


def test_people_come_with_managers_and_ten_attributes() -> None:
    company = Company()
    person = body(company, 10_017, "number {}".format)
    assert person["userName"] == user_name(company, 10_017)
    assert person[ENTERPRISE_USER]["manager"] == {"value": "number 10002"}
    assert list(person[PEAKON_USER]) == [name for name, _ in company.definitions]
    assert len(person[PEAKON_USER]) == 10
    assert "manager" not in body(company, 10_000, str)[ENTERPRISE_USER]


def test_a_day_of_twenty_people() -> None:
    command = [sys.executable, "-m", "bench.day", "--people", str(PEOPLE), "--connections", "4"]
    if not os.environ.get("DATABASE_URL"):
        command.append("--sqlite")
    environment = {name: value for name, value in os.environ.items() if name != "TEST_VAR_DIR"}
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert f"ours: {PEOPLE} people in " in result.stdout
    assert f"| match | {PEOPLE} |" in result.stdout
    assert f"| create | {PEOPLE} |" in result.stdout
    assert "the next cycle: 1 changed in " in result.stdout
    assert "refused: 0 {}; found or not found against expectation: 0" in result.stdout
    assert re.search(r"^database: [1-9]\d* MB$", result.stdout, re.MULTILINE)
    assert (
        len(re.findall(r"^worker: at most [1-9]\d* MB, \d+\.\d s of CPU$", result.stdout, re.MULTILINE)) == 2
    )
