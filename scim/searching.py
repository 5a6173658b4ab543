"""A search from its request to a page of the people who match: by index or, from page to page, by cursor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.db.models import F, Field, Func, Q, QuerySet, Value
from django.db.models import lookups as db

from employees.models import Employee

from .cursors import Cursor, fingerprint
from .discovery import DEFAULT_COUNT, MAX_RESULTS
from .protocol.documents import Document
from .protocol.errors import InvalidCount
from .protocol.messages import SearchRequest, list_response
from .session import Caller

MAX_OFFSET: Final = 1_000_000_000
"""Beyond any company; databases refuse offsets that do not fit their integers."""

LONGEST_KEY: Final = 200
"""Characters of a sort key in a cursor; servers take only so much of an address."""


class Row(Func):
    """Several expressions as one row, which databases compare from left to right."""

    template = "(%(expressions)s)"
    output_field = Field()


@dataclass(frozen=True)
class Search:
    """One search of an identity provider (RFC 7644 §3.4.2)."""

    caller: Caller
    request: SearchRequest

    def answer(self) -> Document:
        """A page of the employees that match, as a ListResponse; raises as `Cursor.read` and `check`."""
        return self._by_index() if self.request.cursor is None else self._by_cursor(self.request.cursor)

    def _by_index(self) -> Document:
        """A page that is not full tells the total by itself; only a full one is counted."""
        before, count = self.request.start_index - 1, self._count
        rows = list(self._people()[before : before + count + 1]) if count and before < MAX_OFFSET else []
        complete = bool(count) and len(rows) <= count and (bool(rows) or before == 0)
        total = before + len(rows) if complete else self._total()
        return list_response(self._resources(rows[:count]), total, self.request.start_index)

    def _by_cursor(self, text: str) -> Document:
        """The page behind a position of the order: it costs the same wherever that is (RFC 9865 §2)."""
        asked, provider = fingerprint(self.request), self.caller.context.provider
        if text:
            walk = Cursor.read(text, provider)
            self._check(walk, asked)
            rows = list(self._people(self._beyond(walk.position))[: walk.count + 1])
            count, total = walk.count, walk.total
        else:
            count = self._count
            rows = list(self._people()[: count + 1]) if count else []
            total = len(rows) if 0 < count >= len(rows) else self._total()
        page = rows[:count]
        if len(rows) == len(page):
            return list_response(self._resources(page), total, None)
        following = Cursor(asked, count, total, self._position(page[-1]))
        return list_response(self._resources(page), total, None, following.text(provider))

    def _check(self, walk: Cursor, asked: Sequence[str]) -> None:
        walk.check(asked)
        if self.request.count is not None and self._count != walk.count:
            raise InvalidCount(f"This walk began with a count of {walk.count}, which must stay the same.")

    @property
    def _count(self) -> int:
        return min(DEFAULT_COUNT if self.request.count is None else self.request.count, MAX_RESULTS)

    def _total(self) -> int:
        return self._matching(Employee.objects.present()).count()

    def _matching(self, people: "QuerySet[Employee]") -> "QuerySet[Employee]":
        node = self.request.filter
        return people if node is None else people.filter(self.caller.binding.to_q(node))

    def _people(self, *beyond: Q) -> "QuerySet[Employee]":
        """Those who match, in one total order: descending is the exact reverse of ascending."""
        # Of two bounds on one index SQLite takes the first: the position stands before the filter.
        people = self._matching(Employee.objects.for_reading().annotate(**self._keys).filter(*beyond))
        order = [F(name) for name in (*self._keys, "pk")]
        return people.order_by(*(key.desc() if self._descending else key.asc() for key in order))

    @cached_property
    def _keys(self) -> dict[str, Any]:
        """What is sorted by, named; none of it is ever null."""
        path = self.request.sort_by
        keys = [] if path is None else self.caller.binding.sort_keys(path)
        return {f"sort_key_{place}": key for place, key in enumerate(keys)}

    @property
    def _descending(self) -> bool:
        return self.request.descending and self.request.sort_by is not None

    def _position(self, person: Employee) -> list[Any]:
        """Where somebody stands: the sort keys and the primary key, or that alone where a key is too long."""
        keys = [getattr(person, name) for name in self._keys]
        if any(isinstance(key, str) and len(key) > LONGEST_KEY for key in keys):
            return [person.pk]
        return [key.isoformat() if isinstance(key, datetime) else key for key in keys] + [person.pk]

    def _beyond(self, position: Sequence[Any]) -> Q:
        """The people behind a position, whoever stood there and has left since."""
        *values, pk = position
        people = Employee.objects.annotate(**self._keys)
        if len(values) < len(self._keys):
            values = list(people.values_list(*self._keys).get(pk=pk))
        fields = [people.query.annotations[name].output_field for name in self._keys]
        keys = [Value(field.to_python(value), field) for field, value in zip(fields, values, strict=True)]
        lookup = db.LessThan if self._descending else db.GreaterThan
        return Q(lookup(Row(*map(F, self._keys), F("pk")), Row(*keys, Value(pk))))

    def _resources(self, people: Sequence[Employee]) -> list[Document]:
        return [self.request.projection.apply(self.caller.render(person)) for person in people]
