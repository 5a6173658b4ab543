"""Synthetic people of a company of any size: the same seed and number are always the same person."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

from employees import facts
from employees.models import Attribute, Employee
from scim.protocol.scalars import render_datetime

SPAN: Final = 8
"""How many people report to one manager, within a division."""

EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""When the first of AT_ONCE people arrived; the next ones a second later."""

AT_ONCE: Final = 100
_NAMESPACE: Final = uuid.UUID(int=0)
_PLAIN: Final = ("ba", "de", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va", "zen")
_SYLLABLES: Final = (*_PLAIN, "å", "é", "nø", "rü", "ß", "ñi", "ło", "çe")


@dataclass(frozen=True)
class Company:
    """Who works there: divisions alike but for their mark, which is in every text that is theirs alone.

    Args:
        division: how many people a division has; the last one may be smaller.
        attributes: how many attributes of its own each person has.
        provider: the key of the identity provider whose external ids they carry.
    """

    division: int = 10_000
    attributes: int = 10
    provider: str = "idp1"
    seed: int = 7

    @property
    def definitions(self) -> list[tuple[str, Attribute.Type]]:
        """The name and type of each attribute."""
        return [(_numbered(kind.name, turn), kind.type) for kind, turn in self._kinds]

    def facts_of(self, number: int, fact_names: Mapping[str, str]) -> dict[str, Any]:
        """What an identity provider states of a person, as `services.create_employee` takes it.

        Args:
            fact_names: the fact of each attribute by its name.
        """
        division, place = divmod(number, self.division)
        random = Random(f"{self.seed}/{place}")
        given, family, login = (_word(random, letters) for letters in (_SYLLABLES, _SYLLABLES, _PLAIN))
        address = f"{login}.{place}.{mark(division)}@example.com"
        stated: dict[str, Any] = {
            "user_name": address,
            "given_name": given,
            "family_name": family,
            "display_name": f"{given} {family}",
            "employee_number": f"E{place}-{mark(division)}",
            "active": True,
            facts.EMAILS: [{"value": address, "type": "work", "primary": True}],
            facts.EXTERNAL_ID + self.provider: f"{random.getrandbits(64):x}-{mark(division)}",
            "manager": self.colleague(number, (place - 1) // SPAN) if place else None,
        }
        for kind, turn in self._kinds:
            stated[fact_names[_numbered(kind.name, turn)]] = kind.value(random, self, number)
        return {fact: value for fact, value in stated.items() if value is not None}

    def identity(self, number: int) -> dict[str, Any]:
        """The primary key and the SCIM id of a person, who has the mark in the middle of the latter."""
        division, place = divmod(number, self.division)
        digits = str(uuid.uuid5(_NAMESPACE, str(place)))
        return {"pk": number + 1, "uuid": uuid.UUID(f"{digits[:19]}{mark(division)}{digits[28:]}")}

    def colleague(self, number: int, place: int) -> Employee:
        """Somebody in the division of a person, as far as others refer to them."""
        return Employee(**self.identity(number - number % self.division + place))

    def arrival(self, number: int) -> datetime:
        """When a person arrived; each division began on the same day."""
        return EPOCH + timedelta(seconds=number % self.division // AT_ONCE)

    @property
    def _kinds(self) -> list[tuple["Kind", int]]:
        turns = (divmod(index, len(KINDS)) for index in range(self.attributes))
        return [(KINDS[place], turn) for turn, place in turns]


Value = Callable[[Random, Company, int], Any]


@dataclass(frozen=True)
class Kind:
    """One attribute that people have: its name, its type, and the value of a person."""

    name: str
    type: Attribute.Type
    value: Value


def mark(division: int) -> str:
    """What tells a division's texts from another's, in a form that folding and a SCIM id leave alone."""
    return f"b10c-{division:04}"


def _word(random: Random, syllables: tuple[str, ...]) -> str:
    return "".join(random.choices(syllables, k=3)).capitalize()


def _numbered(name: str, turn: int) -> str:
    return f"{name} {turn + 1}" if turn else name


def _shared(people: int, name: str = "") -> Value:
    """Texts that about so many people share, all of them of one division.

    Args:
        name: what they begin with, instead of a word.
    """

    def value(random: Random, company: Company, number: int) -> str:
        first = name or _word(random, _SYLLABLES)
        group = random.randrange(max(company.division // people, 1))
        return f"{first} {group}-{mark(number // company.division)}"

    return value


def _moment(random: Random, step: timedelta) -> str:
    return render_datetime(datetime(2010, 1, 1, tzinfo=UTC) + random.randrange(5_000) * step)


def _mentor(random: Random, company: Company, number: int) -> Employee | None:
    place = number % company.division
    return company.colleague(number, random.randrange(place)) if place else None


_TYPE = Attribute.Type
# How many people share a value decides what an equality costs: 1 or 2, 8, more than a page, a tenth of all.
KINDS: Final = (
    Kind("Badge", _TYPE.TEXT, _shared(1)),
    Kind("Team", _TYPE.OPTION, _shared(8, "Team")),
    Kind("Cost Center", _TYPE.OPTION, _shared(150, "CC")),
    Kind("Region", _TYPE.OPTION, lambda random, *of: f"Région {random.randrange(10)}"),
    Kind("Years of Service", _TYPE.NUMBER, lambda random, *of: random.randrange(40)),
    Kind("Full-Time Equivalent", _TYPE.DECIMAL, lambda random, *of: random.randrange(1, 40) / 40),
    Kind("Remote", _TYPE.BOOLEAN, lambda random, *of: random.random() < 0.5),
    Kind("Start Date", _TYPE.DATE, lambda random, *of: _moment(random, timedelta(days=1))),
    Kind("Last Review", _TYPE.DATETIME, lambda random, *of: _moment(random, timedelta(seconds=9_001))),
    Kind("Mentor", _TYPE.EMPLOYEE, _mentor),
)
