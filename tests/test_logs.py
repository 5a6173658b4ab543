"""What a log line may say."""

import logging
import sys

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from peakon_scim.logs import PrivateFormatter, logging_config, redact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('GET /scim/v2/Users?filter=userName+eq+"x" 200', "GET /scim/v2/Users?… 200"),
        ("Not Found: /scim/v2/Users/ada@example.com", "Not Found: /scim/v2/Users/[address]"),
        ("userName=zoë.o'neil@exämple.com gone", "userName=[address] gone"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer [token]"),
        (f"found peakon_scim_{'0aB' * 16}0 here", "found [token] here"),
        ("two\x1b[2Jlines\r", "two�[2Jlines�"),
    ],
)
def test_redaction(text: str, expected: str) -> None:
    assert redact(text) == expected


@pytest.mark.django_db
def test_exceptions_are_told_without_their_messages() -> None:
    users = get_user_model().objects
    name = "ada@example.com"
    users.create(username=name)
    try:
        try:
            with transaction.atomic():
                users.create(username=name)
        except IntegrityError as error:
            raise LookupError(f"no {name} here") from error
    except LookupError:
        record = logging.LogRecord("site", logging.ERROR, __file__, 1, "It failed.", (), sys.exc_info())
    text = PrivateFormatter().format(record)
    assert name not in text
    assert text.index("django.db.utils.IntegrityError") < text.index("builtins.LookupError")
    assert "in test_exceptions_are_told_without_their_messages" in text


def test_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="LOG_LEVEL is 'LOUD'; it must be one of DEBUG"):
        logging_config("LOUD")
