"""What the tests of undoing share: all that is true of the company, and undoing what was done since."""

from typing import Any

from employees import undo
from employees.audit import Actor
from employees.models import Change, Employee, SearchKey
from employees.undo import Done, Scope

ADMINISTRATOR = Actor("administrator", "user7", "grace@example.com")
FREE = {"version", "updated_at", "set_by", "active_since", "managed_by", "held_by", "held_at"}
"""What may differ after undoing: how often and when somebody was written, and who stands behind it."""


def state() -> dict[str, Any]:
    """Every fact of everybody present, whether they take part, and under which keys they are found."""
    fields = [field.attname for field in Employee._meta.concrete_fields if field.attname not in FREE]
    people = {row["id"]: row for row in Employee.objects.present().values(*fields)}
    keys: dict[int, list[Any]] = {pk: [] for pk in people}
    for key in SearchKey.objects.filter(employee__in=people).order_by("name", "position", "key"):
        keys[key.employee_id].append((key.name, key.key, key.position, key.raw, key.folded))
    part = dict(Employee.objects.present().values_list("pk", "active_since"))
    return {
        str(row["uuid"]): row | {"takes part": part[pk] is not None, "keys": sorted(keys[pk], key=str)}
        for pk, row in people.items()
    }


def mark() -> int:
    """The key of the last change so far."""
    return Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def since(start: int, actor: Actor | None = None) -> Scope:
    """What has been changed from a mark until now, by one actor or by anybody."""
    changes = Change.objects.filter(pk__gt=start, pk__lte=mark())
    return Scope(changes.filter(actor_key=actor.key) if actor else changes)


def undone(scope: Scope) -> Done:
    """Undoes it, and checks that it does what its preview says."""
    preview = undo.plan(scope).done
    done = undo.apply(scope, actor=ADMINISTRATOR)
    assert done == preview
    return done


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[Any]:
    """What is not the same in two states: who, what, and how it is in each."""
    both = [(id_, before.get(id_, {}), after.get(id_, {})) for id_ in before.keys() | after.keys()]
    return [
        (one.get("user_name", id_), name, one.get(name), other.get(name))
        for id_, one, other in both
        for name in one.keys() | other.keys()
        if one.get(name) != other.get(name)
    ]
