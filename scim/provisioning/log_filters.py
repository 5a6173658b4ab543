"""What the provisioning log can be asked for, and its entries page by page, the newest first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.db.models import Max, Min, OuterRef, Q, QuerySet, Subquery
from unfold.widgets import INPUT_CLASSES, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from employees.folding import searchable
from employees.models import Employee

from .models import IdentityProvider, LogEntry

PAGE: Final = 50
PEOPLE: Final = 20
"""How many people a search by name means at most."""

LONGEST_WRITE: Final = timedelta(minutes=10)
"""How long after its own moment an entry may be written: keys follow moments that closely."""

HELD: Final = "held"
SCIM_TYPES: Final = (
    *("uniqueness", "invalidFilter", "invalidPath", "invalidSyntax", "invalidValue", "mutability"),
    *("noTarget", "tooMany", "invalidCursor", "expiredCursor", "invalidCount"),
)
"""What RFC 7644 §3.12 and RFC 9865 §2.1 call refusals."""

NAMES: Final = ("user_name", "display_name", "given_name", "family_name")


class MomentField(forms.DateTimeField):
    """A moment in the time zone of the site, as browsers ask for it."""

    widget = forms.DateTimeInput(
        format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "class": " ".join(INPUT_CLASSES)}
    )


class LogForm(forms.Form):
    """What to look for; nothing of it has to be given.

    Args:
        providers: those to choose from.
        by_person: entries may be looked for by whom they are about.
    """

    provider = forms.TypedChoiceField(
        label="Identity provider", coerce=int, empty_value=None, widget=UnfoldAdminSelectWidget()
    )
    outcome = forms.ChoiceField(
        label="Outcome",
        choices=[("", "Any"), *LogEntry.Outcome.choices, (HELD, "Held")],
        widget=UnfoldAdminSelectWidget(),
    )
    scim_type = forms.ChoiceField(
        label="scimType",
        choices=[("", "Any"), *((name, name) for name in SCIM_TYPES)],
        widget=UnfoldAdminSelectWidget(),
    )
    person = forms.CharField(
        label="Person",
        max_length=200,
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "Name or user name", "autocomplete": "off"}),
    )
    since = MomentField(label="From")
    until = MomentField(label="Until")
    employee = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)

    def __init__(
        self, data: Any, *, providers: list[IdentityProvider], by_person: bool, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.providers = {provider.pk: provider for provider in providers}
        choices: Any = [("", "Any"), *((pk, provider.name) for pk, provider in self.providers.items())]
        self.fields["provider"].choices = choices  # type: ignore[attr-defined]
        for name in ("person", "employee") if not by_person else ():
            del self.fields[name]
        for field in self.fields.values():
            field.required = False

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked for and understood, by the names of the fields."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}

    @property
    def in_words(self) -> str:
        """What narrows the log, for the record of an export; no names of people."""
        words = []
        for name, value in self.asked.items():
            match value:
                case datetime():
                    words.append(f"{self.fields[name].label} {value:%Y-%m-%d %H:%M}".lower())
                case _ if name == "provider":
                    words.append(str(self.providers[value]))
                case _:
                    words.append("one person" if name in ("person", "employee") else str(value))
        return ", ".join(words) or "everything"


@dataclass(frozen=True)
class Search:
    """The entries that were asked for.

    Args:
        by_moment: in the order of their moments, which the index of one provider has; else of their keys.
    """

    entries: QuerySet[LogEntry]
    by_moment: bool

    def page(self, before: int | None, size: int = PAGE) -> tuple[list[LogEntry], int | None]:
        """The newest entries that are older than the entry `before`, and the last key if there are more."""
        found = list(self._older(before)[: size + 1])
        return found[:size], found[size - 1].pk if len(found) > size else None

    def pages(self, size: int) -> Iterator[list[LogEntry]]:
        """All entries, so many at a time."""
        before: int | None = None
        while True:
            entries, before = self.page(before, size)
            yield entries
            if before is None:
                return

    def _older(self, before: int | None) -> QuerySet[LogEntry]:
        order = ("-at", "-pk") if self.by_moment else ("-pk",)
        entries = self.entries.order_by(*order)
        if before is None:
            return entries
        at = LogEntry.objects.filter(pk=before).values_list("at", flat=True).first()
        if not self.by_moment or at is None:
            return entries.filter(pk__lt=before)
        return entries.filter(at__lte=at).exclude(at=at, pk__gte=before)


def search(asked: dict[str, Any]) -> Search:
    """The entries that `LogForm.asked` means, by the index that leads there."""
    people = _people(asked)
    condition = Q() if people is None else Q(employee__in=people)
    if provider := asked.get("provider"):
        condition &= Q(identity_provider=provider)
    condition &= happened(asked)
    by_moment = provider is not None and people is None and "scim_type" not in asked
    since, until = asked.get("since"), asked.get("until")
    if since:
        condition &= Q(at__gte=since)
    if until:
        condition &= Q(at__lte=until)
    if not by_moment:
        condition &= keys_between(since, until)
    return Search(LogEntry.objects.filter(condition), by_moment)


def happened(asked: Mapping[str, Any]) -> Q:
    """The condition for the outcome and the scimType that are asked for, as the indexes have them."""
    outcome, scim_type = asked.get("outcome"), asked.get("scim_type")
    condition = Q()
    if scim_type:
        condition &= Q(outcome=LogEntry.Outcome.REFUSED, scim_type=scim_type)
    if outcome == HELD:
        # Whatever is held is a removal, and removals have an index.
        condition &= Q(held=True, removal=True)
    elif outcome:
        condition &= Q(outcome=outcome)
    return condition


def _people(asked: dict[str, Any]) -> list[int] | None:
    """The primary keys of whom the entries are about; None for everybody."""
    if employee := asked.get("employee"):
        return [employee]
    if not (words := searchable(asked.get("person", "")).split()):
        return None
    # The index of user names is that of those present.
    exact = Employee.objects.present().filter(user_name_key=" ".join(words))
    if found := list(exact.values_list("pk", flat=True)):
        return found
    people = Employee.objects.order_by()
    for word in words:
        named = Q()
        for name in NAMES:
            named |= Q(**{f"{name}_key__contains": word})
        people = people.filter(named)
    return list(people.values_list("pk", flat=True)[:PEOPLE])


def keys_between(since: datetime | None, until: datetime | None) -> Q:
    """A condition for the keys of the time between two moments, by entries that are surely out of it.

    Moments have no index but that of each identity provider.
    """
    keys = Q()
    of_provider = LogEntry.objects.filter(identity_provider=OuterRef("pk"))
    if since:
        earlier = of_provider.filter(at__lt=since - LONGEST_WRITE).order_by("-at")
        bound = _outermost(Max("bound"), earlier)
        keys &= Q(pk__gt=bound) if bound else Q()
    if until:
        later = of_provider.filter(at__gt=until + LONGEST_WRITE).order_by("at")
        bound = _outermost(Min("bound"), later)
        keys &= Q(pk__lt=bound) if bound else Q()
    return keys


def _outermost(which: Any, entries: QuerySet[LogEntry]) -> int | None:
    keys: Any = Subquery(entries.values("pk")[:1])
    found: int | None = (
        IdentityProvider.objects.order_by().annotate(bound=keys).aggregate(found=which)["found"]
    )
    return found
