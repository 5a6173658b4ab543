"""The facts of an employee that an identity provider manages: read-only in the form until taken over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from . import facts, setters
from .models import Attribute, Employee

TAKE_OVER: Final = "take_over"
"""The parameter of the page's address that names a fact to take over; it may stand there several times."""

NOBODY: Final = ("", "")
LINK = '{} <a class="record-link" href="{}" aria-label="Take over: {}">Take over</a>'
LIST_ACTIONS = "The actions of the list of employees deactivate and reactivate people all the same."


@dataclass(frozen=True)
class ManagedFact:
    """A fact that an identity provider has set, or whose attribute it owns.

    Args:
        provider: its present name.
        set_at: when it set the present value; None when that is somebody else's, or there is none.
        attribute: whose value the fact is; None when the company has no such attribute.
        taken_over: whether the administrator wants to write it nevertheless.
        take_over_url: the page on which it is taken over, too.
    """

    fact: str
    provider: str
    set_at: datetime | None
    attribute: Attribute | None
    taken_over: bool
    take_over_url: str

    def explanation(self, label: str) -> SafeString:
        """Why the field of that label is read-only, or what it means that it has been taken over."""
        if self.taken_over:
            return self._consequences()
        return format_html(LINK, self._reason(), self.take_over_url, label)

    def _reason(self) -> str:
        if self.set_at is None:
            return f"{self.provider} is the owner of this attribute: only its values count."
        reason = f"{self.provider} set this on {date_format(localtime(self.set_at), 'j M Y, H:i')}."
        return f"{reason} {LIST_ACTIONS}" if self.fact == "active" else reason

    def _consequences(self) -> SafeString:
        provisional = format_html(
            "You are taking this over: your value counts until {} sends another one.", self.provider
        )
        if self.attribute is None:
            return provisional
        return format_html(
            "{} To keep identity providers from it for everybody, make administrators the owner of the "
            'attribute <a class="record-link" href="{}">{}</a>.',
            provisional,
            reverse("admin:employees_attribute_change", args=[self.attribute.pk]),
            self.attribute,
        )


def managed_facts(
    employee: Employee, attributes: Iterable[Attribute], address: QueryDict
) -> dict[str, ManagedFact]:
    """The managed facts by name; the identity providers are read with one query.

    An attribute's owner manages its values, whoever set them: values that others send do not count. Without
    an owner, it is whoever set the present value.

    Args:
        attributes: the active ones.
        address: the parameters of the page's address.
    """
    providers = setters.names()
    taken = address.getlist(TAKE_OVER)
    by_fact = {attribute.fact: attribute for attribute in attributes}
    set_by = _set_by(employee)
    managed = {}
    for fact in set_by.keys() | by_fact.keys():
        setter, at = set_by.get(fact, NOBODY)
        attribute = by_fact.get(fact)
        manager = (attribute.owner if attribute else "") or setter
        if manager in providers:
            set_at = datetime.fromisoformat(at) if setter == manager else None
            managed[fact] = ManagedFact(
                fact,
                providers[manager],
                set_at,
                attribute,
                taken_over=fact in taken,
                take_over_url=_taking_over(address, fact),
            )
    return managed


def _taking_over(address: QueryDict, fact: str) -> str:
    """The page's address with one more fact to take over."""
    extended = address.copy()
    extended.appendlist(TAKE_OVER, fact)
    return f"?{extended.urlencode()}"


def _set_by(employee: Employee) -> dict[str, tuple[str, str]]:
    """Who set each fact and when; while no e-mails are stated, the user name stands in for them."""
    set_by = {fact: (setter, at) for fact, (setter, at) in employee.set_by.items()}
    if not employee.profile.get(facts.EMAILS) and "user_name" in set_by:
        set_by[facts.EMAILS] = set_by["user_name"]
    return set_by
