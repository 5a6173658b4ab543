"""Fills the provisioning log of a company: one day as identity providers write it, and the days after it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils import timezone

from employees.audit import Actor, change_of
from employees.models import Change
from scim.provisioning import cycles, services, tokens
from scim.provisioning.log import OUTCOMES, STATUS
from scim.provisioning.models import IdentityProvider, LogEntry

from .site import Directory

DAYS: Final = 90
EVERY: Final = timedelta(minutes=40)
"""How often each identity provider comes."""

LASTS: Final = timedelta(minutes=3)
KINDS: Final = (IdentityProvider.Kind.ENTRA, IdentityProvider.Kind.OKTA, IdentityProvider.Kind.ONELOGIN)
REFUSED: Final = LogEntry.Outcome.REFUSED
OFTEN: Final = {
    Change.Action.UPDATED: 900,
    Change.Action.CREATED: 40,
    Change.Action.DEACTIVATED: 20,
    Change.Action.REACTIVATED: 5,
    Change.Action.DELETED: 5,
}
"""How often each of a thousand entries is what; the rest are refusals."""

METHODS: Final = {Change.Action.CREATED: "POST", Change.Action.DELETED: "DELETE"}
REFUSALS: Final = (
    ("POST", 409, "uniqueness", "The userName “…” belongs to another employee (compared without case)."),
    ("PATCH", 400, "invalidPath", 'Operation 1: The schema … has no attribute "Shirt Size".'),
    ("GET", 400, "invalidFilter", "At character 1: an attribute name was expected."),
)
OUTLINE: Final[dict[str, Any]] = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    "Operations": [{"op": "Replace", "path": "title", "value": "…"}],
}


@dataclass(frozen=True)
class Day:
    """The first day: the keys of its rows, of which none is missing in between."""

    entries: range
    changes: range


def fill(directory: Directory, people: int, entries: int) -> None:
    """Writes so many entries of the log over the last days, with the changes behind them and their cycles."""
    operator = directory.actor
    names = {str(kind.label): kind for kind in KINDS}
    providers = [
        services.find(name) or services.connect(name, kind, actor=operator) for name, kind in names.items()
    ]
    for provider in providers:
        tokens.issue(provider, actor=operator)
    now = timezone.now()
    day = _first_day(providers, people, entries // DAYS, now - timedelta(days=DAYS))
    for number in range(1, DAYS):
        _repeat(day, number, people)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Change, LogEntry]):
            cursor.execute(statement)
        cursor.execute("ANALYZE")
    for provider in providers:
        cycles.observe(provider, now, fresh=True)


@transaction.atomic
def _first_day(providers: list[IdentityProvider], people: int, entries: int, start: datetime) -> Day:
    random = Random(entries)
    rows = [_row(random, provider, people, at) for provider, at in _moments(providers, entries, start)]
    changes = [change for _, change in rows if change is not None]
    Change.objects.bulk_create(changes, batch_size=1_000)
    for entry, change in rows:
        entry.change_id = change.pk if change else None
    entries_of_day = [entry for entry, _ in rows]
    LogEntry.objects.bulk_create(entries_of_day, batch_size=1_000)
    return Day(_keys(entries_of_day), _keys(changes))


def _moments(
    providers: list[IdentityProvider], entries: int, start: datetime
) -> Iterator[tuple[IdentityProvider, datetime]]:
    """When each entry of a day is written, in order, one identity provider after the other."""
    turns = timedelta(days=1) // EVERY * len(providers)
    for number in range(entries):
        turn = number * turns // entries
        cycle, place = divmod(turn, len(providers))
        within = (number * turns % entries) / entries
        yield providers[place], start + EVERY * cycle + EVERY / len(providers) * place + LASTS * within


def _row(
    random: Random, provider: IdentityProvider, people: int, at: datetime
) -> tuple[LogEntry, Change | None]:
    employee = random.randrange(people) + 1
    entry = LogEntry(at=at, identity_provider=provider, employee_id=employee, request=OUTLINE)
    [action] = random.choices([*OFTEN, None], [*OFTEN.values(), 1_000 - sum(OFTEN.values())])
    entry.target = f"/Users/{employee}"
    if action is None:
        entry.outcome, entry.subject = REFUSED, "a…@example.com"
        entry.method, entry.status, entry.scim_type, entry.detail = random.choice(REFUSALS)
        return entry, None
    entry.outcome, entry.method = OUTCOMES[action], METHODS.get(action, "PATCH")
    entry.status = STATUS[entry.method]
    entry.removal = action in (Change.Action.DEACTIVATED, Change.Action.DELETED)
    titles = [f"Title {random.randrange(100)}" for _ in "ab"]
    actor = Actor.identity_provider(provider.key, provider.name)
    change = change_of(action, {"title": titles[0]}, {"title": titles[1]}, actor=actor, at=at)
    change.employee_id = employee
    return entry, change


@transaction.atomic
def _repeat(day: Day, number: int, people: int) -> None:
    """Writes the rows of the first day once more, so many days later and about others."""
    later = f"at + interval '{number} days'"
    if connection.vendor == "sqlite":
        later = f"strftime('%Y-%m-%d %H:%M:%f', at, '+{number} days')"
    other = f"(employee_id + {number * 7_919}) % {people} + 1"
    shifted = {
        Change: {"id": f"id + {number * len(day.changes)}", "at": later, "employee_id": other},
        LogEntry: {
            "id": f"id + {number * len(day.entries)}",
            "at": later,
            "employee_id": other,
            "change_id": f"change_id + {number * len(day.changes)}",
        },
    }
    keys_of = {Change: day.changes, LogEntry: day.entries}
    with connection.cursor() as cursor:
        for model, expressions in shifted.items():
            columns = [connection.ops.quote_name(str(field.column)) for field in model._meta.concrete_fields]
            values = [expressions.get(column.strip('"'), column) for column in columns]
            keys = keys_of[model]
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {', '.join(values)}"
                f" FROM {model._meta.db_table} WHERE id >= {keys.start} AND id < {keys.stop} ORDER BY id"
            )


def _keys(rows: Sequence[Change] | Sequence[LogEntry]) -> range:
    """The keys that the database gave them, one after the other, wherever its count of them stood.

    Raises:
        RuntimeError: somebody else was given keys in between.
    """
    keys = range(rows[0].pk, rows[-1].pk + 1) if rows else range(0)
    if len(keys) != len(rows):
        raise RuntimeError("Somebody else wrote at the same time; the log wants a database of its own.")
    return keys
