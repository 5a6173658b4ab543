"""References to other employees: settled on people who are here, waiting for those who are not yet."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Final

from django.db import connection

from . import facts
from .facts import is_scim_id
from .folding import fold, index_key
from .models import Employee
from .people import People
from .planning import Planned

if TYPE_CHECKING:
    from .writing import Writer

EVERYBODY: Final = ""
"""The key that all writers of identifiers and references share, and that a writer of many takes alone."""

SERIALIZE: Final = Planned(
    "SELECT CASE WHEN own THEN pg_advisory_xact_lock(hashtextextended(key, 0))"
    " ELSE pg_advisory_xact_lock_shared(hashtextextended(key, 0)) END"
    " FROM unnest(%s::text[], %s::bool[]) AS writers (key, own)"
)


def identifies(fact: str) -> bool:
    """True for a fact by which other records may refer to an employee."""
    named = fact in ("user_name", "employee_number", facts.EMAILS)
    return named or fact.startswith(facts.EXTERNAL_ID)


def serialize_writers(employee: Employee, people: People) -> None:
    """Makes those who arrive or leave, and those who refer to them, wait for each other's transactions.

    Otherwise someone who starts to wait for a person, and that person arriving at the same moment, would each
    not see the other. Any number may refer to one person at a time. SQLite has one writer at a time anyway.
    """
    if connection.vendor != "postgresql":
        return
    own = {fold(text) for text in facts.identifiers(employee)}
    manager = str(employee.manager.uuid) if employee.manager else employee.manager_awaited
    referred = {fold(text) for text in (manager, *facts.references(employee).values())}
    keys = sorted(own | referred | {EVERYBODY})
    with connection.cursor() as cursor:
        cursor.execute(SERIALIZE, [keys, [key in own for key in keys]])
    people.forget_names()


def exclude_writers() -> None:
    """Keeps everybody who would have to wait for one of many until the transaction ends.

    A lock for each of a thousand people and of those they refer to would fill PostgreSQL's table of locks.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [EVERYBODY])


def is_same(present: str, stated: str, provider: str, people: People) -> bool:
    """True when a reference as stated is another spelling of the present one, or the same."""
    if present == stated or not is_scim_id(present) or is_scim_id(fold(stated)):
        return present == fold(stated) if is_scim_id(present) else present == stated
    person = people.resolve(stated, provider)
    return person is not None and str(person.uuid) == present


def settle(employee: Employee, among: Collection[str], people: People) -> None:
    """Binds those of the employee's references that mean one person; the others wait.

    The caller lets `people` note what has become of the employee.

    Args:
        among: the facts to look at, `manager` included.
    """
    if "manager" in among and employee.manager_awaited:
        found = people.resolve(employee.manager_awaited, provider_of(employee, "manager"))
        facts.write(employee, "manager", found or employee.manager_awaited)
    waits = people.waits[employee.uuid]
    waits -= set(among)
    for fact, text in facts.references(employee).items():
        if fact in among:
            person = people.resolve(text, provider_of(employee, fact))
            facts.write(employee, fact, person or {"value": text})
            if person is None:
                waits.add(fact)


def await_those_who_left(employee: Employee, people: People) -> None:
    """Lets someone who comes back wait for the user names of those who left the directory meanwhile."""
    referred = {fact: text for fact, text in facts.references(employee).items() if is_scim_id(text)}
    if employee.manager is not None:
        referred["manager"] = str(employee.manager.uuid)
    names = people.names_of_left([id_ for id_ in referred.values() if id_ != employee.id_text])
    for fact, text in referred.items():
        if text in names:
            facts.write(employee, fact, names[text] if fact == "manager" else {"value": names[text]})


def bind_awaiting(employee: Employee, former: Iterable[str], writer: "Writer") -> None:
    """Ends the wait for the employee, and for whom the texts mean that used to mean the employee too.

    Args:
        former: the identifiers of the employee before the write.
    """
    keys = {index_key(text) for text in (*facts.identifiers(employee), *former)}
    for person, fact, text in writer.people.waiting_for(keys):
        if found := writer.people.resolve(text, provider_of(person, fact)):
            writer.point(person, fact, found, text)


def await_again(left: Employee, writer: "Writer") -> None:
    """Lets those who refer to someone who leaves the directory wait for that user name to come back."""
    for person, fact, text in writer.people.referring_to(left):
        writer.point(person, fact, left.user_name, text)


def provider_of(employee: Employee, fact: str) -> str:
    """The key of whoever set a fact, "" when nobody did."""
    setter: list[str] = employee.set_by.get(fact, [""])
    return setter[0]
