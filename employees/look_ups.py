"""The statements by which a transaction finds and locks those it deals with, one person or thousands."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from django.db.models import BigAutoField, F, Q, QuerySet, TextField, UUIDField

from . import search_keys
from .models import Employee, IsWaitedFor, SearchKey
from .statements import Among, Parameter, Several, Statement

FOUND: Final = ("uuid", "user_name", "display_name", "work_email", "employee_number", "external_ids")
"""What is read of people who are only referred to."""

KEYS: Final = Several("keys", TextField())


@cache
def locking() -> Statement[Employee]:
    """Those present of the SCIM ids `ids`, locked."""
    return Statement(Employee.objects.for_writing().filter(Among(F("uuid"), Several("ids", UUIDField()))))


def waiting(keys: Sequence[str]) -> list[Employee]:
    """Those whose manager or another reference waits for somebody of those `index_key`s, locked."""
    return _locked(_waiting().keys({"keys": keys}))


def referring(managers: Sequence[int], ids: Sequence[str]) -> list[Employee]:
    """Those whose manager has one of those primary keys, or who refer to one of those SCIM ids, locked."""
    return _locked(_referring().keys({"managers": managers, "keys": ids}))


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


def _locked(pks: Sequence[int]) -> list[Employee]:
    """They hardly ever are any, and to find nobody is far less work than to lock whoever is found."""
    return _locking_by_pk().fetch({"pks": pks}) if pks else []


@cache
def _locking_by_pk() -> Statement[Employee]:
    return Statement(Employee.objects.for_writing().filter(Among(F("pk"), Several("pks", BigAutoField()))))


@cache
def _waiting() -> Statement[Employee]:
    awaited = F("manager_awaited_key")
    return _having(Q(Among(awaited, KEYS)) & Q(IsWaitedFor(awaited)), search_keys.AWAITS)


@cache
def _referring() -> Statement[Employee]:
    return _having(Q(Among(F("manager_id"), Several("managers", BigAutoField()))), search_keys.REFERS)


def _having(by_manager: Q, entry: str) -> Statement[Employee]:
    """The primary keys of those of a condition, and of those with such an entry of one of `keys`."""
    reports = Employee.objects.filter(by_manager).order_by().values("pk")
    referrers = SearchKey.objects.filter(Among(F("key"), KEYS), name=entry).values("employee_id")
    people: Any = reports.union(referrers)
    return Statement(people)


def _found() -> QuerySet[Employee]:
    return Employee.objects.present().only(*FOUND, "deleted_at")
