"""Whose removal is held, a page at a time, and where to put an end to it in the identity provider."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.urls import reverse

from employees import holding
from employees.models import Employee

from .models import Cycle, Hold, IdentityProvider, LogEntry

PEOPLE_SHOWN: Final = 50
CYCLES_SHOWN: Final = 5

Kind = IdentityProvider.Kind

STOP_THERE: Final = {
    Kind.ENTRA: "In the Azure portal, open Enterprise applications > Peakon: assign these people again under"
    " Users and groups, or correct the scoping filter under Provisioning. Entra ID sends a removal again when"
    " provisioning is restarted, and when something else about the person changes.",
    Kind.OKTA: "In the Okta Admin Console, open Applications > Peakon > Assignments and assign these people"
    " again. Okta sends a removal again when somebody is unassigned or deactivated once more.",
    Kind.ADSELFSERVICE: "Just-in-time provisioning removes nobody by itself: find the other system that uses"
    " this token, and put these people back into its scope.",
    Kind.ONELOGIN: "In the OneLogin administration, open Users > Roles and Mappings and give these people"
    " access to the application again. OneLogin sends a removal again when somebody loses it once more.",
    Kind.OTHER: "In your identity provider, put these people back into the scope of provisioning. What it"
    " sends again, and when, is told in its own documentation.",
}


@dataclass(frozen=True)
class Row:
    """Somebody whose removal is or was held.

    Args:
        person: None when they have been purged since.
        what: Deactivated or Deleted, by the identity provider.
    """

    person: Employee | None
    what: str
    since: datetime | None


@dataclass(frozen=True)
class People:
    """A page of them; `following` is where the next one begins, None on the last."""

    rows: Sequence[Row]
    following: int | None


def waiting(hold: Hold, after: int) -> People:
    """Whose removal waits for a decision, in order of key.

    Args:
        after: the key of the last one of the page before.
    """
    people = holding.held(hold.identity_provider.key).filter(pk__gt=after).order_by("pk")
    found, following = _page(people)
    return People(
        [Row(person, "Deleted" if person.deleted_at else "Deactivated", person.held_at) for person in found],
        following,
    )


def decided(hold: Hold, after: int) -> People:
    """Whose removal was held until the decision, as the log has it, for as long as it is kept.

    Args:
        after: the key of the last entry of the page before.
    """
    during = Q(identity_provider=hold.identity_provider_id, at__gte=hold.opened_at, at__lte=hold.decided_at)
    entries = LogEntry.objects.filter(during, removal=True, held=True).order_by("at", "pk")
    if after and (last := LogEntry.objects.filter(pk=after).values_list("at", flat=True).first()):
        entries = entries.filter(Q(at__gt=last) | Q(pk__gt=after), at__gte=last)
    found, following = _page(entries.select_related("employee"))
    return People([Row(entry.employee, entry.get_outcome_display(), entry.at) for entry in found], following)


def address(provider: str) -> str:
    """The page of the hold that an identity provider has open, by its key; "" when it has none."""
    undecided = Hold.objects.filter(decided_at=None).select_related("identity_provider")
    waiting_here = (hold.pk for hold in undecided if hold.identity_provider.key == provider)
    return next((reverse("provisioning:hold", args=[pk]) for pk in waiting_here), "")


def cycles_of(hold: Hold) -> list[Cycle]:
    """The first syncs in which removals were held."""
    cycles = Cycle.objects.filter(
        identity_provider=hold.identity_provider_id, held__gt=0, ended_at__gte=hold.opened_at
    )
    if hold.decided_at:
        cycles = cycles.filter(started_at__lte=hold.decided_at)
    return list(cycles.order_by("started_at")[:CYCLES_SHOWN])


def _page(rows: QuerySet[Any]) -> tuple[list[Any], int | None]:
    found = list(rows[: PEOPLE_SHOWN + 1])
    following = found[PEOPLE_SHOWN - 1].pk if len(found) > PEOPLE_SHOWN else None
    return found[:PEOPLE_SHOWN], following
