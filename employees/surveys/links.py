"""The personal link of an invitation: a token that only this site can make, derived and never stored."""

from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, Signer, b62_decode, b62_encode
from django.urls import reverse

from .models import Invitation

LINK: Final = "link"

SIGNATURE_LENGTH: Final = 22
"""Characters of base64, 132 bits: beyond guessing, and short enough for a line of a mail."""


class ShortSigner(Signer):
    """Signs with SECRET_KEY and the salt of a purpose; compares in constant time."""

    def __init__(self, purpose: str) -> None:
        super().__init__(sep=".", salt=f"employees.surveys.{purpose}")

    def signature(self, value: str | bytes, key: str | bytes | None = None) -> str:
        return super().signature(value, key)[:SIGNATURE_LENGTH]


def token_of(invitation: Invitation) -> str:
    """What stands for the invitation in its link: letters, digits, "-", "_" and one "."."""
    return ShortSigner(LINK).sign(b62_encode(invitation.pk))


def path_of(invitation: Invitation) -> str:
    """Where the invitation is answered, on this site."""
    return reverse("survey-answer", args=[token_of(invitation)])


def address_of(invitation: Invitation) -> str:
    """The link as mail carries it."""
    return f"{settings.PUBLIC_URL}{path_of(invitation)}"


def invitation_of(token: str) -> Invitation:
    """The invitation that a link is for, with its round, the round's schedule and its employee.

    Raises:
        Invitation.DoesNotExist: nobody made that token here, or the round is gone.
    """
    try:
        key = b62_decode(ShortSigner(LINK).unsign(token))
    except BadSignature:
        raise Invitation.DoesNotExist from None
    return Invitation.objects.select_related("round__schedule", "employee").get(pk=key)
