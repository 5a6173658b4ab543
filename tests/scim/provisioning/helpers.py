"""What the tests of provisioning share."""

from datetime import UTC, datetime

from employees.audit import Actor
from scim.provisioning import tokens
from scim.provisioning.tokens import Standing

ACTOR = Actor("administrator", "user1", "ada@example.com")
NOW = datetime(2030, 1, 31, 12, 0, tzinfo=UTC)


def standing(token: str) -> Standing | None:
    """What the SCIM service thinks of a token; None when it was never issued."""
    credential = tokens.authenticate(token)
    return credential.standing if credential else None
