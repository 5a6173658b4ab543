"""Actions on several employees at once, each after a page that says what will happen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse

from . import services
from .audit import Actor
from .confirmation import DELETION, LEAVE_SURVEYS, actor_of, confirmation
from .models import Employee
from .writing import Writer

MAX_PEOPLE = 500
"""What one request can write in good time, and less than the fields that a form may have."""

AdminAction = Callable[["admin.ModelAdmin[Employee]", HttpRequest, "QuerySet[Employee]"], Any]


@dataclass(frozen=True)
class Bulk:
    """An action on several employees.

    Args:
        verb, done: as on the button, and as in “3 employees …”.
        applies: whom it makes sense for; others who were selected are left alone.
        consequences: what will happen, in sentences.
    """

    name: str
    verb: str
    done: str
    permission: str
    applies: Q
    consequences: tuple[str, ...]
    write: Callable[[Writer, list[Employee]], None]
    danger: bool = False


def _turn(active: bool) -> Callable[[Writer, list[Employee]], None]:
    def turn(writer: Writer, people: list[Employee]) -> None:
        for employee in people:
            writer.update(employee, {"active": active})

    return turn


def _delete(writer: Writer, people: list[Employee]) -> None:
    writer.people.look_up_leaving(people)
    for employee in people:
        writer.delete(employee)


BULKS = (
    Bulk("deactivate", "Deactivate", "deactivated", "change", Q(deleted_at=None, active=True),
         (LEAVE_SURVEYS, "They stay in the list and can be reactivated at any time."), _turn(False)),
    Bulk("reactivate", "Reactivate", "reactivated", "change", Q(deleted_at=None) & ~Q(active=True),
         ("They take part in scheduled surveys again.",), _turn(True)),
    Bulk("delete", "Delete", "deleted", "delete", Q(deleted_at=None), DELETION,
         _delete, danger=True),
)  # fmt: skip


def bulk_actions() -> list[AdminAction]:
    """The actions for `ModelAdmin.actions`."""
    return [_as_action(bulk) for bulk in BULKS]


def _as_action(bulk: Bulk) -> AdminAction:
    @admin.action(permissions=[bulk.permission], description=f"{bulk.verb} selected employees")
    def action(
        model_admin: "admin.ModelAdmin[Employee]", request: HttpRequest, queryset: QuerySet[Employee]
    ) -> TemplateResponse | None:
        chosen = list(queryset.filter(bulk.applies).order_by("pk")[: MAX_PEOPLE + 1])
        if not chosen:
            model_admin.message_user(
                request, f"Nobody among those selected can be {bulk.done}.", messages.WARNING
            )
        elif len(chosen) > MAX_PEOPLE:
            limit = f"Select at most {MAX_PEOPLE:,} employees at once."
            model_admin.message_user(request, limit, messages.ERROR)
        elif "post" not in request.POST:
            return _ask(model_admin, request, bulk, chosen)
        else:
            count = _write(bulk, chosen, actor_of(request))
            noun = "employee" if count == 1 else "employees"
            model_admin.message_user(request, f"{count} {noun} {bulk.done}.", messages.SUCCESS)
        return None

    action.__name__ = bulk.name
    return action


def _write(bulk: Bulk, chosen: list[Employee], actor: Actor) -> int:
    """Does it to those who are still there, all or nobody, and says how many they were."""
    with services.writing(actor, many=True) as writer:
        people = writer.people.lock([person.uuid for person in chosen])
        bulk.write(writer, people)
    return len(people)


def _ask(
    model_admin: "admin.ModelAdmin[Employee]", request: HttpRequest, bulk: Bulk, chosen: list[Employee]
) -> TemplateResponse:
    count = len(chosen)
    selected = [(ACTION_CHECKBOX_NAME, str(person.pk)) for person in chosen]
    return confirmation(
        model_admin,
        request,
        title=f"{bulk.verb} {count} {'employee' if count == 1 else 'employees'}?",
        verb=bulk.verb,
        danger=bulk.danger,
        consequences=bulk.consequences,
        people=chosen,
        hidden=[("action", bulk.name), ("post", "yes"), *selected],
        cancel_url=request.get_full_path(),
    )
