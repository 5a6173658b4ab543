"""How a mail server takes one mail: what it refuses, what it puts off, and when it cannot be worked with."""

import re
from smtplib import (
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from typing import Final

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

PERMANENT: Final = 500
"""From here on a reply code says that trying again is no use (RFC 5321 §4.2.1)."""

CLOSING: Final = 421
"""The reply of a server that closes the connection (RFC 5321 §3.8)."""

UNWRITABLE: Final = "The e-mail address cannot be written to."

_ADDRESS = re.compile(r"<?[^\s<>]+@[^\s<>:,;]+>?")


class Undelivered(Exception):
    """The mail was not taken; the message says why, without the address."""


class Refused(Undelivered):
    """It never will be."""


class PutOff(Undelivered):
    """It may be, later."""


class NoServer(PutOff):
    """The server takes no mail at all at present, of nobody."""


def deliver(mail: EmailMessage, connection: BaseEmailBackend) -> None:
    """Hands a mail over, on a connection that is opened when it is not.

    Raises:
        Refused, PutOff, NoServer: see there.
    """
    # Django writes such a name in the words of RFC 2047, which no server takes for the same address.
    if not all(address.rpartition("@")[0].isascii() for address in mail.recipients()):
        raise Refused(UNWRITABLE)
    try:
        connection.open()
    except OSError as error:  # as every SMTPException is one
        raise NoServer(f"The mail server cannot be reached: {_said(error)}") from error
    try:
        connection.send_messages([mail])
    except SMTPRecipientsRefused as error:
        raise _judged(*next(iter(error.recipients.values()))) from error
    except (SMTPSenderRefused, SMTPServerDisconnected) as error:
        # Whoever cannot send as the company will be refused for everybody, and should not be given up on.
        raise NoServer(f"The mail server broke off: {_said(error)}") from error
    except SMTPResponseException as error:
        raise _judged(error.smtp_code, error.smtp_error) from error
    except (SMTPNotSupportedError, ValueError) as error:
        raise Refused(UNWRITABLE) from error
    except SMTPException as error:
        raise PutOff(_said(error)) from error
    except OSError as error:
        raise NoServer(f"The mail server broke off: {_said(error)}") from error


def _judged(code: int, reply: bytes | str) -> Undelivered:
    kind = NoServer if code == CLOSING else Refused if code >= PERMANENT else PutOff
    return kind(f"The mail server answered {code}: {_tidy(reply)}")


def _said(error: OSError) -> str:
    if isinstance(error, SMTPResponseException):
        return f"{error.smtp_code} {_tidy(error.smtp_error)}"
    return error.strerror or type(error).__name__


def _tidy(reply: bytes | str) -> str:
    """A server's reply in one line, without addresses: it outlives the employee."""
    text = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    return _ADDRESS.sub("[address]", " ".join(text.split()))[:200]
