"""Who should be in which round, and when their mail should go out, in nothing but plain Python."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY, QUARTER_HOUR = timedelta(days=1), timedelta(minutes=15)


@dataclass
class Person:
    """What decides about somebody; `departures` counts how often their participation has ended."""

    name: str
    zone: str
    department: str
    starts: date | None = None
    leaves: date | None = None
    active: bool = True
    deleted: bool = False
    held: bool = False
    departures: int = 0

    def remove(self) -> None:
        """They are no longer wanted, by somebody whom nobody stops."""
        if self.participates:
            self.departures += 1
        self.held = False

    @property
    def participates(self) -> bool:
        return self.held or (self.active and not self.deleted)


@dataclass(frozen=True)
class Plan:
    """A schedule: `every` is a number of weeks, or of months when that many are named."""

    name: str
    zone: str
    first: date
    duration: int
    send_at: time
    weeks: int = 0
    months: int = 0
    departments: tuple[str, ...] = ()
    excluded_departments: tuple[str, ...] = ()

    def days(self, last: date) -> list[date]:
        """All days up to one, counted from the first."""
        if self.weeks:
            number = (last - self.first).days // (7 * self.weeks) + 1
            return [self.first + index * self.weeks * 7 * DAY for index in range(max(0, number))]
        found, year, month = [], self.first.year, self.first.month
        while (day := date(year, month, min(self.first.day, monthrange(year, month)[1]))) <= last:
            found.append(day)
            month += self.months
            year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
        return found


@dataclass(frozen=True)
class ExpectedRound:
    """A round; `due` says who is in it, by name, and when their mail goes out."""

    plan: Plan
    day: date
    opened: datetime
    closes: datetime
    due: dict[str, datetime]
    departures: dict[str, int]


@dataclass
class Oracle:
    people: dict[str, Person] = field(default_factory=dict)
    rounds: list[ExpectedRound] = field(default_factory=list)

    def maintain(self, plans: list[Plan], now: datetime) -> None:
        """What opens when everything periodic is done at a moment."""
        for plan in plans:
            today = now.astimezone(ZoneInfo(plan.zone)).date()
            for day in plan.days(today)[-1:]:
                closes = first_moment(day + plan.duration * DAY, time(0), plan.zone)
                known = any((each.plan, each.day) == (plan, day) for each in self.rounds)
                if not known and now < closes:
                    self.rounds.append(self._opened(plan, day, today, now, closes))

    def _opened(self, plan: Plan, day: date, today: date, now: datetime, closes: datetime) -> ExpectedRound:
        among = [person for person in self.people.values() if takes_part(person, plan, today)]
        due = {
            person.name: max(now, first_moment(day, plan.send_at, person.zone or plan.zone))
            for person in among
        }
        departures = {person.name: person.departures for person in among}
        return ExpectedRound(plan, day, now, closes, due, departures)

    def alive(self, round_: ExpectedRound, now: datetime) -> set[str]:
        """Whose links work at a moment."""
        later = [each for each in self.rounds if each.plan == round_.plan and each.opened > round_.opened]
        if later or not round_.opened <= now < round_.closes:
            return set()
        return {name for name in round_.due if self._stays(name, round_, now)}

    def _stays(self, name: str, round_: ExpectedRound, now: datetime) -> bool:
        person = self.people[name]
        today = now.astimezone(ZoneInfo(person.zone or round_.plan.zone)).date()
        return person.departures == round_.departures[name] and not (person.leaves and person.leaves < today)


def takes_part(person: Person, plan: Plan, today: date) -> bool:
    """Active, not deleted, not held, has started, has not left, and in the audience."""
    return (
        person.active
        and not person.deleted
        and not person.held
        and (person.starts is None or person.starts <= today)
        and (person.leaves is None or person.leaves >= today)
        and (not plan.departments or person.department in plan.departments)
        and person.department not in plan.excluded_departments
    )


def first_moment(day: date, clock: time, zone: str) -> datetime:
    """When clocks first show that time of that day or a later one, found by watching them."""
    wanted = datetime.combine(day, clock)
    moment = wanted.replace(tzinfo=UTC) - DAY
    while moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) < wanted:
        moment += QUARTER_HOUR
    return moment
