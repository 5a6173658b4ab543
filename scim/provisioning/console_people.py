"""Entries of the provisioning log as pages show them: about whom, what it did, and why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from employees.history import FactChange, timeline
from employees.models import Change

from .explanations import HELD, OUTCOMES, Explanation, explain
from .models import IdentityProvider, LogEntry

VIEW_EMPLOYEES = "employees.view_employee"

COLOURS: Mapping[str, str] = {
    LogEntry.Outcome.CREATED: "success",
    LogEntry.Outcome.CHANGED: "info",
    LogEntry.Outcome.DEACTIVATED: "warning",
    LogEntry.Outcome.REACTIVATED: "success",
    LogEntry.Outcome.DELETED: "danger",
    LogEntry.Outcome.REFUSED: "danger",
}


@dataclass(frozen=True)
class Row:
    """An entry of the log.

    Args:
        about: whom it is about, "" when nobody is known or the reader may not see employees.
        facts: what it changed, before and after; none for who may not see employees.
        explanation: why it was refused; None for what was done.
    """

    entry: LogEntry
    provider: IdentityProvider
    about: str
    leads: bool
    facts: Sequence[FactChange]
    explanation: Explanation | None

    @property
    def colour(self) -> str:
        return COLOURS.get(self.entry.outcome, "")

    @property
    def words(self) -> str:
        """What became of it, in a sentence."""
        if self.entry.held:
            return HELD
        return self.explanation.cause if self.explanation else OUTCOMES[self.entry.outcome]


def sees_people(request: HttpRequest) -> bool:
    """Whether the reader may know whom an entry is about, and what it changed."""
    return request.user.has_perm(VIEW_EMPLOYEES)


def with_people(entries: QuerySet[LogEntry], *beside: str) -> QuerySet[LogEntry]:
    """The entries with the names of whom they are about, without the requests unless named in `beside`."""
    names = ("user_name", "display_name", "given_name", "family_name")
    columns = [field.name for field in LogEntry._meta.concrete_fields if field.name != "request"]
    people = [f"employee__{name}" for name in names]
    return entries.select_related("employee").only(*columns, *people, *beside)


def rows(
    entries: Sequence[LogEntry], providers: Mapping[int, IdentityProvider], *, people: bool
) -> list[Row]:
    """Entries for a page, with a fixed number of queries.

    Args:
        providers: by primary key, those that the entries name.
        people: the reader may see employees.
    """
    facts = _differences(entries) if people else {}
    return [_row(entry, providers[entry.identity_provider_id], facts, people) for entry in entries]


def _row(
    entry: LogEntry, provider: IdentityProvider, facts: Mapping[int, Sequence[FactChange]], people: bool
) -> Row:
    refused = entry.outcome == LogEntry.Outcome.REFUSED
    known = entry.employee if people else None
    return Row(
        entry,
        provider,
        about=(str(known) if known else entry.subject) if people else "",
        leads=known is not None,
        facts=facts.get(entry.change_id or 0, ()),
        explanation=explain(entry, provider.kind) if refused else None,
    )


def _differences(entries: Sequence[LogEntry]) -> dict[int, Any]:
    """What each change behind the entries changed, in words, by its primary key."""
    keys = [entry.change_id for entry in entries if entry.change_id is not None]
    changes = Change.objects.filter(pk__in=keys).order_by() if keys else ()
    return {line.change.pk: line.facts for line in timeline(changes)}
