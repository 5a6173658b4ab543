"""Whose values of an attribute count, in the words of the administration."""

from . import setters
from .attributes import ADMINISTRATORS


def owners() -> dict[str, str]:
    """Everybody who can be an owner, as people read it, by what `Attribute.owner` holds."""
    return {"": "Everybody who sends it", ADMINISTRATORS: "Administrators only", **setters.names()}
