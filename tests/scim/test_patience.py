"""Searches that no index helps end in time, and say what to do instead."""

import pytest
from django.db import connection

from employees.models import Employee
from scim import patience
from tests.scim.conftest import ScimClient


def test_what_takes_too_long_is_ended(scim: ScimClient, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no limit.")
    scim.create("ada@example.com")
    Employee.objects.bulk_create(Employee(user_name=f"{number}@" + "a" * 3000) for number in range(3000))
    monkeypatch.setattr(patience, "SECONDS", 0.001)
    answer = scim.get("/Users", filter='userName ew "b" or displayName co "x"')
    assert answer.error == (400, "tooMany")
    assert "eq" in answer.body["detail"]
    assert scim.get("/Users", filter='userName eq "ada@example.com"').body["totalResults"] == 1
    monkeypatch.setattr(patience, "SECONDS", 10)
    assert scim.get("/Users", filter='userName sw "ada"').body["totalResults"] == 1
