"""Logging without personal data: no query strings, e-mail addresses, tokens or exception messages."""

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from typing import Any

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_SECRETS = (
    (re.compile(r"\?\S+"), "?…"),  # a query string: filters name people
    (re.compile(r"[^\s\"<>/=:,]+@[^\s\"'<>/,]+"), "[address]"),
    (re.compile(r"(?i)(bearer\s+)\S+"), r"\1[token]"),
    (re.compile(r"\bpeakon_\w{20,}"), "[token]"),
    (re.compile(r"/s/[^\s/]+"), "/s/[token]"),  # the personal link of a survey
    (re.compile(r"[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029]"), "�"),
)


def redact(text: str) -> str:
    """The text without query strings, e-mail addresses, bearer tokens and control characters."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


class PrivateFormatter(logging.Formatter):
    """Formats a record as one redacted line, and its exception as types and stack frames.

    The message of an exception is left out: PostgreSQL's quote the values of the row they refuse.
    """

    def format(self, record: logging.LogRecord) -> str:
        stamp = self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z")
        message = redact(record.getMessage()).replace("\n", " ")
        line = f"{stamp} {record.levelname} {record.name}: {message}"
        if isinstance(record.exc_info, tuple) and record.exc_info[1]:
            line += "\n" + self.formatException(record.exc_info)
        return line

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return "".join(_stacks(ei[1])).rstrip()


def _stacks(exception: BaseException | None) -> Iterator[str]:
    """The exception and what caused it, oldest first; no messages."""
    if exception is None:
        return
    yield from _stacks(
        exception.__cause__ or (None if exception.__suppress_context__ else exception.__context__)
    )
    yield f"{type(exception).__module__}.{type(exception).__qualname__}\n"
    yield from traceback.format_tb(exception.__traceback__)


def logging_config(level: str) -> dict[str, Any]:
    """A `logging.config` dictionary: everything to standard error, the access log to standard output.

    Args:
        level: the least level that is shown, one of `LEVELS`.

    Raises:
        ValueError: the level has another name.
    """
    if level not in LEVELS:
        raise ValueError(f"LOG_LEVEL is {level!r}; it must be one of {', '.join(LEVELS)}.")
    logger = {"handlers": ["stderr"], "propagate": False, "level": level}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"private": {"()": PrivateFormatter}},
        "handlers": {
            name: {"class": "logging.StreamHandler", "stream": stream, "formatter": "private"}
            for name, stream in (("stderr", sys.stderr), ("stdout", sys.stdout))
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": logger,
            "django.db.backends": logger | {"level": "INFO"},  # DEBUG shows statements with their values
            "gunicorn.error": logger,
            "gunicorn.access": logger | {"handlers": ["stdout"]},
        },
    }
