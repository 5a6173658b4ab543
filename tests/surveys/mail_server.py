"""A mail server that really receives, and refuses what it is told to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.site import free_port

Judge = Callable[[str], str]
"""The reply to an address; "" takes it."""


def takes_all(address: str) -> str:
    return ""


class MailServer:
    """What arrived, in order.

    Attributes:
        mails: everything that was handed over.
        connections: how many there were.
        recipients: what is replied to each address; may be changed at any time.
        sender: likewise, to the sender's address.
        content: likewise, to the recipient's when the whole mail has come.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.mails: list[EmailMessage] = []
        self.connections = 0
        self.recipients: Judge = takes_all
        self.sender: Judge = takes_all
        self.content: Judge = takes_all

    @property
    def receivers(self) -> list[str]:
        return [str(mail["To"]) for mail in self.mails]

    @property
    def message_ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.sender(address) or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if reply := self.recipients(address):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if reply := self.content(envelope.rcpt_tos[0]):
            return reply
        content: Any = envelope.content
        self.mails.append(message_from_bytes(content, _class=EmailMessage, policy=policy.default))
        return "250 OK"


@contextmanager
def receiving() -> Iterator[MailServer]:
    """A mail server on a free port, until the end of the block."""
    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
