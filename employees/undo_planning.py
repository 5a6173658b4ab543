"""What undoing changes would write of each employee and what it leaves alone, decided on how they are now."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from . import facts as fact_names
from . import references, undo_emails
from .attribute_values import attributes_of
from .attributes import ATTRIBUTE_FACT
from .facts import EMAILS, NOTHING, is_scim_id
from .folding import fold
from .models import Attribute, Employee
from .people import People
from .undo_emails import Emails
from .undo_nets import Net

PURGED: Final = "the record no longer exists"
GONE: Final = "has been deleted since"
CHANGED: Final = "has been changed since"
NO_ATTRIBUTE: Final = "the attribute no longer exists"
NAME_TAKEN: Final = "somebody else has the user name “{}” now"
STILL_MEANT: Final = "“{}” is here"


@dataclass
class Step:
    """What undoing does to one employee.

    Args:
        employee: None when the record has been purged.
        facts: the values to have again, as changes keep them.
        emails: how e-mails are to stand, when they are among the facts.
        left: why facts stay as they are, by fact; under "", why nothing at all is done.
    """

    employee: Employee | None
    net: Net
    remove: bool = False
    restore: bool = False
    facts: dict[str, Any] = field(default_factory=dict)
    emails: Emails = None
    left: dict[str, str] = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        return self.remove or self.restore or bool(self.facts)

    @property
    def person(self) -> Employee:
        """The employee of a step that writes."""
        if self.employee is None:
            raise ValueError(f"Nobody is left of employee {self.net.employee_id}.")
        return self.employee

    @property
    def final_name(self) -> str:
        """The user name that they are going to have, "" for who is not in the directory then."""
        if self.employee is None or self.remove or (self.employee.deleted_at and not self.restore):
            return ""
        return fold(self.facts.get("user_name", self.employee.user_name))

    def leave(self, reason: str, fact: str = "") -> None:
        """Leaves one fact alone, or everything."""
        self.left[fact] = reason
        if fact:
            self.facts.pop(fact, None)
        else:
            self.restore = False
            self.facts.clear()


def steps_for(nets: Mapping[int, Net], employees: Mapping[int, Employee], people: People) -> list[Step]:
    """The steps that bring employees back, by primary key; with a few queries for all of them.

    Args:
        employees: everybody of the nets who is still on record, deleted or not, with their managers.
        people: whom references are looked up among.
    """
    steps = [_come_or_go(Step(employees.get(pk), net)) for pk, net in sorted(nets.items())]
    staying = [step for step in steps if step.final_name]
    _decide_facts(staying, people, alone=len(steps) == 1)
    _leave_taken_names(steps)
    return steps


def is_reference(fact: str, attributes: Mapping[str, Attribute]) -> bool:
    """True for the manager, and for an attribute that names an employee."""
    attribute = attributes.get(fact)
    return fact == "manager" or (attribute is not None and attribute.type == Attribute.Type.EMPLOYEE)


def alike(one: Any, other: Any) -> bool:
    """Whether two values of a fact, as changes keep them, are the same."""
    return bool(one == other) or (one in NOTHING and other in NOTHING)


def now(employee: Employee, fact: str) -> Any:
    """The present value of a fact as a change would keep it."""
    return fact_names.plain(fact_names.read(employee, fact))


def _come_or_go(step: Step) -> Step:
    employee, net = step.employee, step.net
    if employee is None:
        step.leave(PURGED)
    elif net.came:
        step.remove = employee.deleted_at is None
    elif employee.deleted_at is not None:
        step.restore = net.left
        if not net.left and net.was_here is not False:
            step.leave(GONE)
    return step


def _decide_facts(steps: list[Step], people: People, *, alone: bool) -> None:
    """Decides about the facts of people who are going to be here.

    Args:
        alone: nobody else is undone, so whom a text means stays as it is.
    """
    attributes = attributes_of(fact for step in steps for fact in step.net.before)
    who_left = _look_ahead(steps, attributes, people)
    rows = undo_emails.rows_about(step.net for step in steps)
    for step in steps:
        for fact in step.net.before:
            if fact.startswith(ATTRIBUTE_FACT) and fact not in attributes:
                step.leave(NO_ATTRIBUTE, fact)
            elif is_reference(fact, attributes):
                _decide_reference(step, fact, people, who_left, alone=alone)
            elif fact != EMAILS:
                _decide_fact(step, fact, now(step.person, fact))
        _decide_emails(step, rows.get(step.net.employee_id, []))
    _wait_for_who_left(steps, attributes, who_left)


def _look_ahead(steps: list[Step], attributes: Mapping[str, Attribute], people: People) -> dict[str, str]:
    """Asks for whom references mean, and returns the user names of those who have left, by SCIM id."""
    texts: defaultdict[str, set[str]] = defaultdict(set)
    for step, fact in _references(steps, attributes):
        if not alike(now(step.person, fact), step.net.before[fact]):
            stated = {str(step.net.before[fact] or ""), str(step.net.after[fact] or "")}
            texts[references.provider_of(step.person, fact)] |= stated - {""}
    for provider, among in texts.items():
        people.look_up(among, provider)
    ids = [UUID(text) for among in texts.values() for text in among if is_scim_id(text)]
    left = Employee.objects.exclude(deleted_at=None).filter(uuid__in=ids)
    return {str(id_): name for id_, name in left.values_list("uuid", "user_name")} if ids else {}


def _references(steps: Iterable[Step], attributes: Mapping[str, Attribute]) -> Iterator[tuple[Step, str]]:
    for step in steps:
        for fact in step.net.before:
            if is_reference(fact, attributes):
                yield step, fact


def _decide_fact(step: Step, fact: str, left_as: Any) -> None:
    """Takes a fact that is not as it was back, unless that would undo what somebody else did.

    Args:
        left_as: what the last of the changes would have left, if nobody else did anything.
    """
    before = step.net.before[fact]
    if alike(now(step.person, fact), before):
        return
    if alike(left_as, step.net.after[fact]):
        step.facts[fact] = before
    else:
        step.leave(CHANGED, fact)


def _decide_reference(
    step: Step, fact: str, people: People, who_left: Mapping[str, str], *, alone: bool
) -> None:
    """The same for a reference, which may have been bound since, or wait for somebody who has left."""
    present, after = str(now(step.person, fact) or ""), str(step.net.after[fact] or "")
    provider = references.provider_of(step.person, fact)
    bound = is_scim_id(present)
    alone = alone and present != step.person.id_text
    if alone and bound and references.is_same(present, str(step.net.before[fact] or ""), provider, people):
        if present != step.net.before[fact]:
            step.leave(STILL_MEANT.format(step.net.before[fact]), fact)
    elif who_left.get(after) == present or (bound and references.is_same(present, after, provider, people)):
        _decide_fact(step, fact, after)
    else:
        _decide_fact(step, fact, present)


def _decide_emails(step: Step, rows: list[undo_emails.Row]) -> None:
    """E-mails follow the user name until they are stated, so how they stood is told by what came before."""
    before = undo_emails.replayed(row for row in rows if row[0] < step.net.first)
    after = undo_emails.replayed(row for row in rows if row[0] <= step.net.last)
    touched = step.net.before.keys()
    if EMAILS not in touched and not ("user_name" in touched and before == []):
        return
    employee = step.person
    present, user_name = undo_emails.standing(employee), step.facts.get("user_name", employee.user_name)
    renamed = user_name != employee.user_name  # which ends that they are cleared
    if undo_emails.alike(present, before, user_name) and not (before == [] and renamed):
        return
    if not undo_emails.alike(present, after, employee.user_name):
        step.leave(CHANGED, EMAILS)
    else:
        step.facts[EMAILS], step.emails = undo_emails.shown(before, user_name), before


def _wait_for_who_left(
    steps: list[Step], attributes: Mapping[str, Attribute], who_left: Mapping[str, str]
) -> None:
    """Whoever is to be referred to again and has left meanwhile is waited for by their user name."""
    restored = {step.person.id_text for step in steps if step.restore}
    for step, fact in _references(steps, attributes):
        text = str(step.facts.get(fact) or "")
        if text in who_left and text not in restored:
            step.facts[fact] = who_left[text]
            if alike(now(step.person, fact), who_left[text]):
                del step.facts[fact]


def _leave_taken_names(steps: list[Step]) -> None:
    """Whoever cannot have their user name again stays as they are, which may take another one's name."""
    naming = [step for step in steps if step.restore or "user_name" in step.facts]
    wanted = {step.final_name for step in naming}
    others = Employee.objects.present().filter(user_name_key__in=wanted)
    others = others.exclude(pk__in=[step.net.employee_id for step in steps])
    outside = set(others.values_list("user_name_key", flat=True)) if wanted else set()
    while losers := list(_losers(steps, outside)):
        for step in losers:
            reason = NAME_TAKEN.format(step.facts.get("user_name", step.person.user_name))
            step.leave(reason, "" if step.restore else "user_name")


def _losers(steps: list[Step], outside: set[str]) -> Iterator[Step]:
    """Those whose final user name another one has, or is to have before them."""
    claims: defaultdict[str, list[Step]] = defaultdict(list)
    for step in steps:
        if step.final_name:
            claims[step.final_name].append(step)
    for name, claiming in claims.items():
        acting = [step for step in claiming if step.restore or "user_name" in step.facts]
        free = name not in outside and len(acting) == len(claiming)
        yield from acting[1:] if free else acting
