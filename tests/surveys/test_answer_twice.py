"""Two answers with one link at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from employees.surveys import links
from employees.surveys.models import Answer
from tests.surveys.invitations import invite

AT_ONCE = 6


@pytest.mark.django_db(transaction=True)
def test_one_of_many_at_once_is_recorded() -> None:
    invitations = [invite(f"p{number}@example.com") for number in range(5)]
    for invitation in invitations:
        path, barrier = links.path_of(invitation), Barrier(AT_ONCE)

        def post(score: int, path: str = path, barrier: Barrier = barrier) -> int:
            barrier.wait()
            try:
                return Client().post(path, {"score": str(score)}).status_code
            finally:
                connection.close()

        with ThreadPoolExecutor(AT_ONCE) as threads:
            statuses = list(threads.map(post, range(AT_ONCE)))
        assert set(statuses) <= {200, 303}
        assert 303 in statuses
        assert Answer.objects.filter(round=invitation.round).count() == 1
