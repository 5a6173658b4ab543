"""The statements by which a transaction finds and locks those it deals with, one person or thousands."""

from functools import cache
from typing import Final

from django.db.models import BigAutoField, F, Q, QuerySet, TextField, UUIDField

from . import search_keys
from .models import Employee, SearchKey
from .statements import Among, Parameter, Several, Statement

FOUND: Final = ("uuid", "user_name", "display_name", "work_email", "employee_number", "external_ids")
"""What is read of people who are only referred to."""

KEYS: Final = Several("keys", TextField())


@cache
def locking() -> Statement[Employee]:
    """Those present of the SCIM ids `ids`, locked."""
    return Statement(Employee.objects.for_writing().filter(Among(F("uuid"), Several("ids", UUIDField()))))


@cache
def waiting() -> Statement[Employee]:
    """Those whose manager or another reference waits for somebody of `keys`, locked."""
    awaited = Q(Among(F("manager_awaited_key"), KEYS)) & ~Q(manager_awaited_key="")
    return _with(awaited, search_keys.AWAITS)


@cache
def referring() -> Statement[Employee]:
    """Those whose manager has a primary key of `managers`, or who refer to a SCIM id of `keys`, locked."""
    return _with(Q(Among(F("manager_id"), Several("managers", BigAutoField()))), search_keys.REFERS)


@cache
def named() -> Statement[Employee]:
    """Those present whose folded user name is one of `keys`, or their SCIM id one of `ids`."""
    by_id = Q(Among(F("uuid"), Several("ids", UUIDField())))
    # SQLite uses the index of user names only where the condition of that index stands beside the name.
    by_name = Q(Among(F("user_name_key"), KEYS), deleted_at=None)
    return Statement(_found().filter(by_name | by_id))


@cache
def called() -> Statement[Employee]:
    """Those present whose folded work e-mail or employee number is one of `keys`."""
    by_number = Q(Among(F("employee_number_key"), KEYS))
    return Statement(_found().filter(Q(Among(F("work_email_key"), KEYS)) | by_number))


@cache
def known_by() -> Statement[Employee]:
    """Those present of whom an entry `name` has one of `keys`."""
    entries = SearchKey.objects.filter(Among(F("key"), KEYS), name=Parameter("name", TextField()))
    return Statement(_found().filter(pk__in=entries.values("employee_id")))


def _with(by_manager: Q, entry: str) -> Statement[Employee]:
    """Those present of a condition, or with such an entry of one of `keys`, locked."""
    reports = Employee.objects.filter(by_manager).order_by().values("pk")
    referrers = SearchKey.objects.filter(Among(F("key"), KEYS), name=entry).values("employee_id")
    return Statement(Employee.objects.for_writing().filter(pk__in=reports.union(referrers)))


def _found() -> QuerySet[Employee]:
    return Employee.objects.present().only(*FOUND, "deleted_at")
