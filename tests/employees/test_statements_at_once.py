"""A statement that several threads of a worker need for the first time at once."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.db.models import TextField

from employees.models import Employee
from employees.statements import Parameter, Statement

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 4
STATEMENTS = 300


@pytest.fixture
def impatient() -> Iterator[None]:
    """Threads that take turns all the time."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def statement() -> Statement[Employee]:
    """With people and their managers: Django joins a table to the query when it compiles it."""
    return Statement(Employee.objects.for_reading().filter(user_name_key=Parameter("name", TextField())))


def test_it_is_compiled_by_one_of_them(impatient: None) -> None:
    barrier = Barrier(THREADS)

    def fetch(each: Statement[Employee]) -> list[Employee]:
        barrier.wait(30)
        return each.fetch({"name": "ada@example.com"})

    def work(statements: list[Statement[Employee]]) -> list[list[Employee]]:
        try:
            return [fetch(each) for each in statements]
        finally:
            connections.close_all()

    statements = [statement() for _ in range(STATEMENTS)]
    with ThreadPoolExecutor(THREADS) as pool:
        for found in [pool.submit(work, statements) for _ in range(THREADS)]:
            assert found.result() == [[]] * STATEMENTS
