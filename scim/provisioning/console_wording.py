"""Cycles and the standing of identity providers in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.timezone import localtime

from .kinds import GUIDES
from .models import Cycle, IdentityProvider
from .standing import Standing, State

Kind = IdentityProvider.Kind

NOTHING: Final = "nothing to do"
COLOURS: Final[Mapping[State, str]] = {
    State.HEALTHY: "success",
    State.LATE: "warning",
    State.FAILING: "danger",
    State.PAUSED: "info",
    State.DISCONNECTED: "danger",
}
AGAIN: Final[Mapping[str, str]] = {
    Kind.ENTRA: "In the Azure portal, open Enterprise applications > Peakon > Provisioning:"
    " see that Provisioning Status is On, read the message under Current cycle status, and use Start or"
    " Restart provisioning.",
    Kind.OKTA: "In the Okta Admin Console, open Applications > Peakon > Provisioning, and look"
    " under Dashboard > Tasks for assignments that failed.",
    Kind.ONELOGIN: "In OneLogin, open Activity > Events, and look for failed provisioning; see"
    " that API Status under Configuration is Enabled.",
    Kind.ADSELFSERVICE: "In ADSelfService Plus, see that Just-in-Time Provisioning is enabled;"
    " it comes only when somebody new signs in.",
}
LOOK: Final = "Look at its own provisioning log, and have it start a synchronisation there."


@dataclass(frozen=True)
class Advice:
    """The standing in a sentence, and what to do about it, "" for nothing."""

    words: str
    to_do: str = ""


def clock(moment: datetime, now: datetime) -> str:
    """A moment as people say it: the time of day, with the day unless it is today."""
    moment, now = localtime(moment), localtime(now)
    return date_format(moment, "H:i" if moment.date() == now.date() else "j M Y, H:i")


def span(cycle: Cycle) -> str:
    """`14:02–14:05`, or one time when it began and ended in the same minute."""
    first, last = (date_format(localtime(moment), "H:i") for moment in (cycle.started_at, cycle.ended_at))
    return first if first == last else f"{first}–{last}"


def summary(cycle: Cycle) -> str:
    """`212 looked up, 3 created, 2 refused`: what a cycle came to."""
    said = [
        f"{number:,} {name.replace('_', ' ')}"
        for name, number in cycle.counts.items()
        if number and name != "unchanged"
    ]
    return ", ".join(said) or NOTHING


def lasting(time: timedelta) -> str:
    """How long something takes: `3 minutes`, `under a minute`."""
    if time < timedelta(minutes=1):
        return "under a minute"
    end = datetime(2000, 1, 1) + time  # noqa: DTZ001 -- only the distance counts
    return str(timesince(datetime(2000, 1, 1), end, depth=1)).replace("\xa0", " ")  # noqa: DTZ001


def advice(standing: Standing, now: datetime) -> Advice:
    """Why an identity provider is in its state, and what to do."""
    provider, kind = standing.provider, standing.provider.get_kind_display()
    again = AGAIN.get(provider.kind, LOOK)
    rhythm = f"It comes about every {lasting(standing.rhythm)}." if standing.rhythm else ""
    expected = clock(standing.next_expected, now) if standing.next_expected else ""
    match standing.state:
        case State.PAUSED:
            return Advice(
                f"Paused since {clock(provider.paused_at or now, now)} by {provider.paused_by}: what it reads"
                " is answered, what it writes is refused.",
                f"Resume it when you are ready; {kind} sends again what was missed.",
            )
        case State.DISCONNECTED:
            return Advice(
                "None of its tokens works any more. Its employees stay as they are.",
                f"Issue a new token and paste it into {GUIDES[Kind(provider.kind)].token_field}.",
            )
        case State.NEVER_SEEN:
            return Advice("Nothing has come with its token yet.", "Follow the guide to connect it.")
        case State.FAILING:
            refused = standing.latest.refused if standing.latest else 0
            return Advice(
                f"{refused:,} of its requests were refused in its latest sync. {kind} slows down, and stops"
                " in the end, when most of them fail.",
                "Open the refusals below: each says what is wrong and where to correct it.",
            )
        case State.LATE:
            return Advice(f"The next sync was expected by {expected}. {rhythm}", again)
    if expected:
        return Advice(f"Next sync expected by {expected}. {rhythm}")
    return Advice("It comes when something changes there.")
