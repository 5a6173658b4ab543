"""A mail server for the tests that send."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.surveys.mail_server import MailServer, receiving


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    """A mail server that the site sends to, as fast as it can."""
    with receiving() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.SURVEY_MAIL_RATE = 0
        yield server
