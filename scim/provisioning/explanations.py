"""Why a request was refused, in words: the likely cause, and what to do where it came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .explanations_of_access import ACCESS
from .explanations_of_content import CONTENT
from .models import LogEntry


@dataclass(frozen=True)
class Explanation:
    """What to tell an administrator: one line, the likely cause, and what to do there."""

    title: str
    cause: str
    fix: str


UNKNOWN: Final = Explanation(
    "Refused",
    "The sentence that was answered says what was wrong with the request.",
    "Compare it with the mapping in the identity provider, and correct it there.",
)


def explain(entry: LogEntry, kind: str) -> Explanation:
    """The explanation of a refusal: that of the first case that covers it.

    Args:
        kind: of the identity provider, one of `IdentityProvider.Kind`.
    """
    for case in (*CONTENT, *ACCESS):
        if case.covers(entry):
            return Explanation(case.title, case.cause, case.fixes.get(kind, case.fix))
    return UNKNOWN


OUTCOMES: Final[Mapping[str, str]] = {
    LogEntry.Outcome.CREATED: "Somebody new arrived and was created here.",
    LogEntry.Outcome.CHANGED: "What was sent differed from what was here, and was taken over.",
    LogEntry.Outcome.DEACTIVATED: "The employee was deactivated, and is in no survey from that moment on.",
    LogEntry.Outcome.REACTIVATED: "The employee is active again, and is in the next survey.",
    LogEntry.Outcome.DELETED: "The employee was deleted; an administrator can restore them.",
    LogEntry.Outcome.UNCHANGED: "What the identity provider sent was here already, so nothing was written.",
}
"""What a write that was done has come to."""

HELD: Final = (
    "The identity provider was answered as if it were done, but the employee goes on taking part in surveys:"
    " there were so many removals that an administrator decides first."
)
