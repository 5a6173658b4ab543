"""Steps of undoing, written through a writer in the order in which they need each other."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any
from uuid import uuid4

from . import facts as fact_names
from . import references, undo_emails
from .attribute_values import attributes_of
from .facts import EMAILS, NOTHING, is_scim_id
from .folding import index_key
from .models import Attribute, Employee
from .undo_planning import Step, alike, is_reference, now
from .writing import Writer


class Stage(IntEnum):
    """What is done to everybody before the next: names are free, then people are here, then referred to."""

    REMOVALS = 0
    PEOPLE = 1
    REFERENCES = 2


@dataclass(frozen=True)
class Then:
    """A moment that undoing brings back.

    Args:
        undone: the primary keys of those who are undone, and so are as they were.
    """

    at: datetime
    undone: Collection[int]

    def knew(self, person: Employee) -> bool:
        """Whether somebody was here as they are now."""
        return person.pk in self.undone or person.updated_at < self.at


def write(every: Sequence[Step], writer: Writer, stages: Collection[Stage] = tuple(Stage)) -> None:
    """Writes the steps of people whom the writer's transaction has locked.

    Args:
        every: those of everybody who is undone, be there anything to write or not.
    """
    undone, steps = {step.net.employee_id for step in every}, [step for step in every if step.writes]
    attributes = attributes_of(fact for step in steps for fact in step.facts)
    _look_ahead(steps, attributes, writer)
    if Stage.REMOVALS in stages:
        for step in steps:
            if step.remove:
                writer.delete(step.person)
    if Stage.PEOPLE in stages:
        back = [step for step in steps if step.restore]
        referred = [(_references_of(step.person), Then(step.person.updated_at, undone)) for step in back]
        for step in back:
            writer.restore(step.person)
        _write_facts(steps, attributes, writer)
        for step, (texts, then) in zip(back, referred, strict=True):
            _refer_again(step, texts, then, writer)
    if Stage.REFERENCES in stages:
        for step in steps:
            _write_references(step, attributes, undone, writer)


def _look_ahead(steps: Sequence[Step], attributes: dict[str, Attribute], writer: Writer) -> None:
    """Reads what the steps are going to need, with a few queries for all of them."""
    identifiers, referred, providers = set[str](), set[str](), {writer.actor.key}
    for step in steps:
        if step.restore or step.remove or any(map(references.identifies, step.facts)):
            identifiers.update(fact_names.identifiers(step.person))
            providers.update(step.person.external_ids)
        if step.restore:
            texts = _references_of(step.person)
            referred.update(texts.values())
            providers.update(references.provider_of(step.person, fact) for fact in texts)
        for fact, value in step.facts.items():
            if is_reference(fact, attributes):
                referred.add(str(value or ""))
            elif fact == EMAILS:
                identifiers.update(str(email.get("value", "")) for email in value)
            elif references.identifies(fact):
                identifiers.add(str(value or ""))
    people = writer.people
    for provider in sorted(providers - {""}) if identifiers | referred else ():
        people.look_up(identifiers | referred - {""}, provider)
    people.look_up_left(filter(is_scim_id, referred))
    people.look_up_waiting(map(index_key, identifiers))
    people.look_up_leaving([step.person for step in steps if step.remove])
    waiting = [text for text in referred if not is_scim_id(text)]
    _read_moments(people.resolve(text, provider) for text in waiting for provider in providers)


def _read_moments(found: Iterable[Employee | None]) -> None:
    """Reads when people who are only referred to were written last, which nobody else needs of them."""
    unread = {person.pk: person for person in found if person and "updated_at" not in person.__dict__}
    if unread:
        for pk, moment in Employee.objects.filter(pk__in=unread).values_list("pk", "updated_at"):
            unread[pk].updated_at = moment


def _references_of(employee: Employee) -> dict[str, str]:
    """The references of somebody, the manager's among them, as texts or SCIM ids."""
    manager = str(now(employee, "manager"))
    return fact_names.references(employee) | ({"manager": manager} if manager else {})


def _write_facts(steps: Sequence[Step], attributes: dict[str, Attribute], writer: Writer) -> None:
    """Writes everything but references; user names that people pass on to each other as they become free."""
    pending = [step for step in steps if any(not is_reference(fact, attributes) for fact in step.facts)]
    while pending:
        blocked = [step for step in pending if not _write_fact_set(step, attributes, writer)]
        if len(blocked) == len(pending):
            writer.update(blocked[0].person, {"user_name": _nobodys_name()})
        pending = blocked


def _write_fact_set(step: Step, attributes: dict[str, Attribute], writer: Writer) -> bool:
    """Writes what is no reference, unless somebody still has the user name."""
    facts = {fact: value for fact, value in step.facts.items() if not is_reference(fact, attributes)}
    facts.pop(EMAILS, None)
    person, name = step.person, facts.get("user_name", step.person.user_name)
    if "user_name" in facts and writer.people.has_name(name, beside=person):
        return False
    if EMAILS in step.facts and step.emails is None and undo_emails.standing(person) is not None:
        # Cleared e-mails follow the next user name, be it the present one that is taken on again.
        leaving = {} if name != person.user_name else {"user_name": _nobodys_name()}
        writer.update(person, {EMAILS: []} | leaving)
        facts["user_name"] = name
    writer.update(person, facts)
    if EMAILS in step.facts and step.emails is not None:
        _state_emails(person, step.emails, writer)
    return True


def _state_emails(person: Employee, emails: list[dict[str, Any]], writer: Writer) -> None:
    """States e-mails, be they the same as those that the user name stands in for."""
    if emails and undo_emails.standing(person) is None:
        writer.update(person, {EMAILS: []})
    writer.update(person, {EMAILS: emails})


def _nobodys_name() -> str:
    """A user name for a moment within a transaction."""
    return f"undone-{uuid4()}"


def _meant(text: str, provider: str, then: Then, writer: Writer) -> Employee | str:
    """Whom a reference means that said a text then: who has that id, or has come since; else it waits.

    It waited though somebody who was here answered to the text: whom it meant had that name too, and left.
    """
    found = writer.people.resolve(text, provider)
    return text if found is None or (not is_scim_id(text) and then.knew(found)) else found


def _refer_again(step: Step, referred: dict[str, str], then: Then, writer: Writer) -> None:
    """Lets somebody who was restored refer to whom they did, whatever those are called by now.

    Args:
        referred: the texts or SCIM ids of their references as they were on record.
    """
    person = step.person
    for fact, text in referred.items():
        present = str(now(person, fact) or "")
        if fact in step.facts or present == text:
            continue
        target = _meant(text, references.provider_of(person, fact), then, writer)
        if not (is_scim_id(text) if isinstance(target, str) else target.id_text == present):
            writer.point(person, fact, target, present)


def _write_references(
    step: Step, attributes: dict[str, Attribute], undone: Collection[int], writer: Writer
) -> None:
    """Lets references mean or await whom they did; what binding has brought back by itself stays."""
    for fact, value in step.facts.items():
        if is_reference(fact, attributes) and not alike(now(step.person, fact), value):
            then = Then(datetime.fromisoformat(min(step.net.moments[fact])), undone)
            _write_reference(step, fact, str(value or ""), then, writer)


def _write_reference(step: Step, fact: str, text: str, then: Then, writer: Writer) -> None:
    person = step.person
    setter, at = person.set_by.get(fact, ("", ""))
    if text in NOTHING or not setter or at in step.net.moments[fact]:
        writer.update(person, {fact: text if fact == "manager" else {"value": text}})
    # Whoever arrives or leaves moves references without standing behind them, and so does undoing that.
    present = str(now(person, fact) or "")
    if not text or present == text:
        return
    target = _meant(text, setter, then, writer)
    if isinstance(target, str) or target.id_text != present:
        writer.point(person, fact, target, present)
