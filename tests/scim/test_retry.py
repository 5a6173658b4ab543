"""Writes that a deadlock ended are done again, others are not."""

from collections.abc import Iterable

import pytest
from django.db import OperationalError
from psycopg.errors import DeadlockDetected, LockNotAvailable

from employees.retry import ATTEMPTS, retried


def write(causes: Iterable[Exception]) -> int:
    """The attempt at which a write came through that the database refused for these causes before."""
    refusals, attempts = iter(causes), 0

    @retried
    def attempt() -> int:
        nonlocal attempts
        attempts += 1
        if cause := next(refusals, None):
            raise OperationalError from cause
        return attempts

    return attempt()


def test_a_deadlock_is_tried_again() -> None:
    assert write([]) == 1
    assert write([DeadlockDetected()] * (ATTEMPTS - 1)) == ATTEMPTS


@pytest.mark.parametrize("causes", [[DeadlockDetected()] * ATTEMPTS, [LockNotAvailable()], [OSError()]])
def test_all_else_is_told(causes: list[Exception]) -> None:
    with pytest.raises(OperationalError):
        write(causes)


@pytest.mark.django_db
def test_within_a_larger_transaction_there_is_nothing_to_repeat() -> None:
    with pytest.raises(OperationalError):
        write([DeadlockDetected()])
