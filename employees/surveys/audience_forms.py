"""The conditions of an audience as a form that needs no script."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldBooleanWidget

from employees.attribute_values import people_named
from employees.models import Attribute

from . import audience

MOST_CONDITIONS: Final = 10
PREFIX: Final = "condition"


class ConditionForm(forms.Form):
    """An attribute has one of some values, or none of them; left blank, it is no condition."""

    fact = forms.ChoiceField(label="Attribute", required=False, widget=UnfoldAdminSelectWidget())
    negated = forms.ChoiceField(
        label="Compare",
        required=False,
        choices=[("", "is"), ("not", "is not")],
        widget=UnfoldAdminSelectWidget(),
    )
    values = forms.CharField(
        label="Values, one a line",
        required=False,
        strip=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )
    remove = forms.BooleanField(label="Remove", required=False, widget=UnfoldBooleanWidget())

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fact: Any = self.fields["fact"]
        fact.choices = choices

    def clean(self) -> None:
        if not self.counts or self.errors:
            return
        if not self.cleaned_data.get("fact"):
            self.add_error("fact", "Choose an attribute, or remove the condition.")

    @property
    def counts(self) -> bool:
        """Whether it is a condition at all."""
        stated = self.cleaned_data.get("fact") or self.cleaned_data.get("values", "").strip()
        return bool(stated) and not self.cleaned_data.get("remove")

    def as_entered(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        values = cleaned["values"].splitlines()
        return {"fact": cleaned["fact"], "values": values, "negated": bool(cleaned["negated"])}


class Conditions(forms.BaseFormSet[ConditionForm]):
    """All conditions of an audience; `audience` has them as they are stored once they are valid."""

    audience: list[dict[str, Any]]

    def clean(self) -> None:
        """Reads all of them at once, and one by one to say which of them cannot be understood."""
        self.audience = []
        stated = [form for form in self.forms if form.is_valid() and form.counts]
        try:
            self.audience = audience.clean([form.as_entered() for form in stated])
        except ValidationError:
            for form in stated:
                try:
                    audience.clean([form.as_entered()])
                except ValidationError as error:
                    form.add_error("values", error)


FormSet: Final[Any] = forms.formset_factory(
    ConditionForm, formset=Conditions, extra=1, max_num=MOST_CONDITIONS, absolute_max=MOST_CONDITIONS
)


def conditions(data: Mapping[str, Any] | None, stored: list[dict[str, Any]]) -> Conditions:
    """The form for what was sent, or for an audience as it is stored; three queries at most."""
    initial = None if data is not None else list(_initial(stored))
    return _form_set(stored, data=data, initial=initial)


def with_one_more(data: Mapping[str, Any], stored: list[dict[str, Any]]) -> Conditions:
    """The form as it was sent, without what was removed and with a blank condition at the end."""
    initial = [entry for entry in map(_sent(data), range(MOST_CONDITIONS)) if entry]
    return _form_set(stored, initial=initial)


def _form_set(stored: list[dict[str, Any]], **options: Any) -> Conditions:
    form_set: Conditions = FormSet(prefix=PREFIX, form_kwargs={"choices": _choices(stored)}, **options)
    return form_set


def _sent(data: Mapping[str, Any]) -> Any:
    def entry(number: int) -> dict[str, str]:
        row = {name: data.get(f"{PREFIX}-{number}-{name}", "") for name in ConditionForm.base_fields}
        removed = row.pop("remove")
        return {} if removed or not (row["fact"] or row["values"].strip()) else row

    return entry


def _choices(stored: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The attributes that are switched on, and those of conditions that there are."""
    used = {condition["fact"] for condition in stored}
    attributes = [each for each in Attribute.objects.all() if each.active or each.fact in used]
    named = sorted(((each.fact, each.name) for each in attributes), key=lambda choice: choice[1].casefold())
    return [("", "Choose an attribute"), *named]


def _initial(stored: list[dict[str, Any]]) -> Iterator[dict[str, str]]:
    values = [value for condition in stored for value in condition["values"]]
    people = people_named({"value": value} for value in values)
    dates = set(Attribute.objects.filter(type=Attribute.Type.DATE).values_list("fact", flat=True))
    for condition in stored:
        texts = [people[value].user_name if value in people else value for value in condition["values"]]
        if condition["fact"] in dates:
            texts = [_day(text) for text in texts]
        negated = "not" if condition["negated"] else ""
        yield {"fact": condition["fact"], "negated": negated, "values": "\n".join(texts)}


def _day(text: str) -> str:
    moment = parse_datetime(text)
    return moment.date().isoformat() if moment else text
