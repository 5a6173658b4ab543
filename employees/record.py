"""What an employee's page shows besides its form."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from . import facts, hold_pages, setters, wording
from .attribute_values import AttributeValue, values_of
from .clashes import Clash, clashes_of
from .history import Entry, people_referred_to, provider_names, references_in, timeline
from .management_chain import loop_above
from .models import Attribute, Change, Employee
from .surveys import joining
from .surveys.eligibility import SEPARATION_DATE, START_DATE, Dates
from .surveys.models import Invitation, Round
from .surveys.participation_history import Stretch, history_of

EDITED_FACTS = frozenset({"title", "department", "preferred_language", "locale", "timezone"})
"""Facts of the profile that the form has fields for."""

SHOWN_REPORTS = 100
SHOWN_CHANGES = 50
SHOWN_INVITATIONS = 12


@dataclass(frozen=True)
class Record:
    """One employee's page; everything else is read when it is shown.

    Args:
        all_attributes: the company's, active or not.
    """

    employee: Employee
    all_attributes: Sequence[Attribute]

    @cached_property
    def clashes(self) -> list[Clash]:
        return clashes_of(self.employee)

    @cached_property
    def reports(self) -> list[Employee]:
        """The first hundred of those who report to the employee, and one more when there are more."""
        reports = Employee.objects.present().filter(manager=self.employee)
        return list(reports.order_by("display_name_key", "pk")[: SHOWN_REPORTS + 1])

    @cached_property
    def participation(self) -> list[Stretch]:
        """When the employee takes part in surveys, the present time first."""
        active = {attribute.fact for attribute in self.all_attributes if attribute.active}
        return history_of(self.employee, dates=Dates(START_DATE in active, SEPARATION_DATE in active))

    @cached_property
    def rounds_to_join(self) -> list[Round]:
        """The open rounds that the employee could be added to."""
        return joining.rounds_to_join(self.employee, timezone.now())

    @cached_property
    def waiting(self) -> list[tuple[str, str]]:
        """What each reference is called that waits for somebody, and the text that it waits for."""
        manager = self.employee.manager_awaited
        others = [(value.name, value.awaited) for value in self.attributes if value.fact != "manager"]
        return [(name, awaited) for name, awaited in [("Manager", manager), *others] if awaited]

    @cached_property
    def loop(self) -> list[Employee]:
        """The managers above the employee when they come back to them (see `loop_above`)."""
        return loop_above(self.employee)

    @cached_property
    def attributes(self) -> list[AttributeValue]:
        """What is known of the employee's active attributes."""
        _ = self._people
        active = [attribute for attribute in self.all_attributes if attribute.active]
        oldest_first = sorted(self._changes, key=lambda change: change.pk)
        return values_of(
            self.employee, active, {change.actor_key: change.actor_name for change in oldest_first}
        )

    @cached_property
    def empty_attributes(self) -> list[str]:
        """The names of the active attributes that the employee has no value of."""
        known = {value.name for value in self.attributes}
        return [
            attribute.name
            for attribute in self.all_attributes
            if attribute.active and attribute.name not in known
        ]

    @cached_property
    def other_facts(self) -> list[tuple[str, list[str]]]:
        """Label and values of what identity providers say and the form has no field for."""
        elsewhere = EDITED_FACTS | {attribute.fact for attribute in self.all_attributes}
        rest = {fact: value for fact, value in self.employee.profile.items() if fact not in elsewhere}
        if work := rest.get(facts.EMAILS):
            rest[facts.EMAILS] = [email for email in work if email.get("value") != self.employee.work_email]
        return [
            (
                wording.label(fact),
                [wording.element(item) for item in value] if isinstance(value, list) else [str(value)],
            )
            for fact, value in sorted(rest.items())
            if value
        ]

    @cached_property
    def external_ids(self) -> list[tuple[str, str]]:
        """Name or key of each identity provider, and the id it knows the employee by."""
        names = provider_names(self._changes)
        return [(names.get(key, key), text) for key, text in sorted(self.employee.external_ids.items())]

    @cached_property
    def managed_by(self) -> str:
        """The name of the identity provider that wrote last, "" when none ever did."""
        key = self.employee.managed_by
        return self._provider_names.get(key, key)

    @cached_property
    def held_by(self) -> str:
        """The name of the identity provider whose removal of the employee is held, "" when none is."""
        key = self.employee.held_by
        return self._provider_names.get(key, key)

    @cached_property
    def hold_url(self) -> str:
        """The page on which that removal is decided about, "" without one."""
        return hold_pages.address_of(self.employee.held_by)

    @cached_property
    def invitations(self) -> list[Invitation]:
        """The newest invitations to surveys, and one more when there are more."""
        invitations = Invitation.objects.filter(employee=self.employee).select_related("round__schedule")
        return list(invitations.order_by("-pk")[: SHOWN_INVITATIONS + 1])

    @cached_property
    def history(self) -> list[Entry]:
        attributes = {attribute.fact: attribute for attribute in self.all_attributes}
        return timeline(self._changes[:SHOWN_CHANGES], None, attributes, self._people)

    @property
    def has_older_changes(self) -> bool:
        return len(self._changes) > SHOWN_CHANGES

    @cached_property
    def _provider_names(self) -> dict[str, str]:
        """Names of identity providers; asked for only when the history does not tell the one that matters."""
        known = provider_names(self._changes)
        missing = {self.employee.managed_by, self.employee.held_by} - known.keys() - {""}
        return setters.names() if missing else known

    @cached_property
    def _people(self) -> dict[str, Employee]:
        """Whom the history refers to, by SCIM id, and the manager, whom the employee knows from then on."""
        employee, shown = self.employee, self._changes[:SHOWN_CHANGES]
        people = people_referred_to(references_in(shown), employee.manager_id)
        employee.manager = next((p for p in people.values() if p.pk == employee.manager_id), None)
        return people

    @cached_property
    def _changes(self) -> list[Change]:
        return list(Change.objects.filter(employee=self.employee)[: SHOWN_CHANGES + 1])
