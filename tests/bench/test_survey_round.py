"""The measurement of a survey round, in a company small enough for a test."""

import subprocess
import sys

from tests.site import ROOT


def test_report() -> None:
    command = [sys.executable, "-m", "bench.survey_round", "--sqlite", "--people", "150", "--repeats", "1"]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    rows = [line.split(" | ") for line in printed.splitlines() if line.startswith("| ")]
    people = {row[0].removeprefix("| "): row[1] for row in rows}
    assert people["everyone"] == people["first round"] == people["second round"] == "150"
    assert people["who dropped out since"] == "0"
    assert int(people["a tenth"]) + int(people["all but a tenth"]) == 150
