"""Whose removal is held, a page at a time, and where to put an end to it in the identity provider."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db.models import Q
from django.urls import reverse

from employees import holding
from employees.keysets import SHOWN, Keyset, keyset
from employees.models import Employee

from .log_filters import Search
from .models import Cycle, Hold, IdentityProvider, LogEntry

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


def waiting(hold: Hold, after: int) -> Keyset:
    """Whose removal waits for a decision, in order of key, as `Row`.

    Args:
        after: the key of the last one of the page before.
    """
    page = keyset(holding.held(hold.identity_provider.key), after)
    return replace(
        page,
        rows=[
            Row(person, "Deleted" if person.deleted_at else "Deactivated", person.held_at)
            for person in page.rows
        ],
    )


def decided(hold: Hold, after: int) -> Keyset:
    """Whose removal was held until the decision, the last first, as the log has it and as long as it is kept.

    Args:
        after: the key of the last entry of the page before.
    """
    during = Q(identity_provider=hold.identity_provider_id, at__gte=hold.opened_at, at__lte=hold.decided_at)
    entries = LogEntry.objects.filter(during, removal=True, held=True).select_related("employee")
    found, following = Search(entries, by_moment=True).page(after or None, SHOWN)
    rows = [Row(entry.employee, entry.get_outcome_display(), entry.at) for entry in found]
    return Keyset(rows, after, following)


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
