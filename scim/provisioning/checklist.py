"""The live checklist of connecting an identity provider: what it has done, and what to click next."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from .checklist_hints import Hint, hints_of
from .kinds import GUIDES, Guide
from .milestones import Step, Traffic, observe
from .models import IdentityProvider

Kind = IdentityProvider.Kind


@dataclass(frozen=True)
class Item:
    """A step; `at` is when it was done, `todo` what to do until then."""

    title: str
    at: datetime | None
    todo: str
    is_next: bool = False


@dataclass(frozen=True)
class Checklist:
    """The steps in order, and what to put right; `scim_url` is the SCIM URL as it is to be pasted."""

    provider: IdentityProvider
    guide: Guide
    scim_url: str
    items: list[Item]
    hints: list[Hint]

    @property
    def done(self) -> int:
        return sum(item.at is not None for item in self.items)

    @property
    def is_complete(self) -> bool:
        return self.done == len(self.items)

    @property
    def news(self) -> str:
        """The state in a sentence, for those who hear pages."""
        attention = f" {'. '.join(hint.title for hint in self.hints)}." if self.hints else ""
        return f"{self.done} of {len(self.items)} steps are done.{attention}"


def _paste(guide: Guide) -> str:
    if guide.url_field is None:
        return guide.then
    return f"Paste the URL into {guide.url_field}. {guide.test}"


# The steps in the order in which they usually happen, each with what to do in the words of the product.
_STEPS: Final[dict[Step, tuple[str, Callable[[Guide], str]]]] = {
    Step.REACHED: ("The SCIM URL was reached", _paste),
    Step.ACCEPTED: (
        "The token was accepted",
        lambda guide: (
            f"Paste the token into {guide.token_field}. It was shown once; rotate it for a new one."
        ),
    ),
    Step.LOOKED_UP: ("People were looked up", lambda guide: guide.test),
    Step.CREATED: ("The first person was created", lambda guide: guide.then),
    Step.ATTRIBUTE: (
        "The first of your attributes arrived",
        lambda guide: "Add your attributes to the mapping: the table below has all names.",
    ),
    Step.DEACTIVATED: (
        "The first person was deactivated",
        lambda guide: (
            "Take the assignment away from somebody who was created to try it out: whoever is"
            " deactivated is in no survey from that moment."
        ),
    ),
}


def checklist_of(pk: int, now: datetime, base_url: str) -> Checklist:
    """The checklist of an identity provider; as many queries as `observe`, and raises the same.

    Args:
        base_url: the canonical SCIM URL.
    """
    traffic = observe(pk, now)
    guide = GUIDES[Kind(traffic.provider.kind)]
    scim_url = base_url + guide.url_suffix
    hints = hints_of(traffic, guide, now, scim_url)
    return Checklist(traffic.provider, guide, scim_url, _items(traffic, guide), hints)


def _items(traffic: Traffic, guide: Guide) -> list[Item]:
    moments = traffic.moments
    first_open = next((step for step in _STEPS if step not in moments), None)
    return [
        Item(title, moments.get(step), todo(guide), is_next=step is first_open)
        for step, (title, todo) in _STEPS.items()
    ]
