"""Who is in a round and who is not, written down by the database itself however many they are."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from employees.models import Employee

from .audience import eligible, exclusions
from .eligibility import Dates, Reason
from .models import Exclusion, Invitation, Round, Schedule
from .zones import TIMEZONE, known_zones, moment_of, zone_named, zone_of

LASTING: Final = (Reason.HELD, Reason.NOT_STARTED)
"""Reasons that pass: whoever has one is looked for again in the next round."""

ZONE_NAME: Final = r"^[a-z0-9_+/-]+$"


def write_down(round_: Round, today: date, on: date) -> None:
    """Writes the invitations and the exclusions of a round that opens today.

    Those who are in the audience and cannot take part are written down when that is news: when they were in
    the previous round of the schedule or have arrived since, or while they are held or have not started. The
    first round notes all of them. So a round costs what it invites, and not everybody who ever left.

    Args:
        round_: saved, with its schedule; the caller's transaction has no other writer of it.
        today: the day that decides who takes part.
        on: the day that mail is sent on, an earlier one when that was missed.
    """
    dates = Dates.read()
    people = eligible(round_.audience, today, dates)
    in_round = {"round_id": round_.pk, "employee_id": F("pk")}
    due = due_at(round_.schedule, on, round_.opened_at)
    _insert(people, Invitation, {**in_round, "active_since": F("active_since"), "due_at": due})
    others = exclusions(round_.audience, today, dates).filter(_is_news(round_), ~_among(Invitation, round_))
    _insert(others, Exclusion, {**in_round, "reason": F("why")})


def due_moment(schedule: Schedule, on: date, opened_at: datetime, zone_name: object) -> datetime:
    """When mail about a round of a day goes to somebody in a time zone; at once when that has passed."""
    zone = zone_named(zone_name) or zone_of(schedule)
    return max(moment_of(on, schedule.send_at, zone), opened_at)


def due_at(schedule: Schedule, on: date, opened_at: datetime) -> Coalesce:
    """The same for querysets of employees: found in a table of the time zones that there are."""
    connection = connections[DEFAULT_DB_ALIAS]
    moments = {name: due_moment(schedule, on, opened_at, name) for name in known_zones()}
    table = {name: str(connection.ops.adapt_datetimefield_value(each)) for name, each in moments.items()}
    zone = KeyTextTransform(TIMEZONE, "profile_folded")
    found = _Moment(Value(json.dumps(table)), zone)
    elsewhere = due_moment(schedule, on, opened_at, None)
    # SQLite takes any other name for a path into the table, and few of them are one.
    named = Case(When(Q(zone__regex=ZONE_NAME), then=found), output_field=DateTimeField())
    return Coalesce(named, Value(elsewhere, output_field=DateTimeField()))


class _Moment(Func):
    """The moment that a table in JSON has under a name, null when it has none."""

    output_field = DateTimeField()
    template = "(%(expressions)s)"
    arg_joiner = " ->> "

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template, joiner = "(%(expressions)s)::timestamptz", "::jsonb ->> "
        return self.as_sql(compiler, connection, template=template, arg_joiner=joiner, **context)


def _is_news(round_: Round) -> Q:
    earlier = Round.objects.filter(schedule=round_.schedule_id, number__lt=round_.number)
    previous = earlier.order_by("-number").first()
    if previous is None:
        return Q()
    waited = _among(Exclusion, previous, reason__in=LASTING)
    arrived = Q(created_at__gt=previous.opened_at)
    return Q(why__in=LASTING) | arrived | Q(_among(Invitation, previous)) | Q(waited)


def _among(model: type[Invitation] | type[Exclusion], round_: Round, **conditions: Any) -> Exists:
    rows: Any = model._default_manager
    return Exists(rows.filter(round=round_, employee=OuterRef("pk"), **conditions))


def _insert(people: QuerySet[Employee], model: type[models.Model], values: Mapping[str, Any]) -> None:
    """Inserts a row for each of some people, in one statement; fields without a value have their default.

    Args:
        values: expressions over employees, and constants, by the names of fields as their columns are.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    fields: list[Any] = [field for field in model._meta.concrete_fields if not field.primary_key]
    # Some fields are called like one of an employee.
    expressions = {
        f"of_{field.attname}": _expression(field, values.get(field.attname, field.get_default()))
        for field in fields
    }
    selected = people.annotate(zone=KeyTextTransform(TIMEZONE, "profile_folded")).annotate(**expressions)
    sql, parameters = selected.values_list(*expressions).query.get_compiler(connection=connection).as_sql()
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {quote(model._meta.db_table)} ({columns}) {sql}", parameters)


def _expression(field: Any, value: Any) -> Any:
    return value if hasattr(value, "resolve_expression") else Value(value, output_field=field)
