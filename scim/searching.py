"""A search from its request to a page of the people who match: by index or, from page to page, by cursor."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final, cast

from django.db.models import BigAutoField, F, Field, Func, Q, QuerySet
from django.db.models import lookups as db

from employees.models import Employee
from employees.statements import Parameter, Statement, Window, Within

from . import patience
from .cursors import Cursor, fingerprint
from .discovery import DEFAULT_COUNT, MAX_RESULTS
from .protocol.documents import Document
from .protocol.errors import InvalidCount
from .protocol.messages import SearchRequest, list_response
from .protocol.nodes import Node
from .session import Caller
from .shapes import Shape, by_equality, shape_of

MAX_OFFSET: Final = 1_000_000_000
"""Beyond any company; databases refuse offsets that do not fit their integers."""

STATEMENTS: Final = 500
"""How many statements are kept for the searches of a company; clients send a few kinds again and again."""

LONGEST_KEY: Final = 200
"""Characters of a sort key in a cursor; servers take only so much of an address."""

COUNTED: Final = 10_000
"""How many people the first page of a walk counts; of more the total is left out, as RFC 9865 §2 allows."""


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
        """A page of the employees that match, as a ListResponse.

        Raises:
            TooMany: no index helps with the filter, and to look at everybody takes too long.
            InvalidCursor, ExpiredCursor, InvalidCount: as `Cursor.read` and `check`.
        """
        with nullcontext() if by_equality(self.request.filter) else patience.bounded(Employee):
            return self._by_index() if self.request.cursor is None else self._by_cursor(self.request.cursor)

    def _by_index(self) -> Document:
        """A page that is not full tells the total by itself; only a full one is counted."""
        before, count = self.request.start_index - 1, self._count
        rows = self._page(count, before) if count and before < MAX_OFFSET else []
        complete = bool(count) and len(rows) <= count and (bool(rows) or before == 0)
        total = before + len(rows) if complete else self._total()
        return list_response(self._resources(rows[:count]), total, self.request.start_index)

    def _by_cursor(self, text: str) -> Document:
        """The page behind a position of the order: it costs the same wherever that is (RFC 9865 §2)."""
        asked, provider = fingerprint(self.request), self.caller.context.provider
        if text:
            walk = Cursor.read(text, provider)
            self._check(walk, asked)
            rows = self._beyond(walk.position, walk.count)
            count, total = walk.count, walk.total
        else:
            count = self._count
            rows = self._page(count) if count else []
            total = len(rows) if 0 < count >= len(rows) else self._total(COUNTED + 1)
        page, said = rows[:count], None if total > COUNTED else total
        if len(rows) == len(page):
            return list_response(self._resources(page), said, None)
        following = Cursor(asked, count, total, self._position(page[-1]))
        return list_response(self._resources(page), said, None, following.text(provider))

    def _check(self, walk: Cursor, asked: Sequence[str]) -> None:
        walk.check(asked)
        if self.request.count is not None and self._count != walk.count:
            raise InvalidCount(f"This walk began with a count of {walk.count}, which must stay the same.")

    @property
    def _count(self) -> int:
        return min(DEFAULT_COUNT if self.request.count is None else self.request.count, MAX_RESULTS)

    def _total(self, limit: int | None = None) -> int:
        return self._statement("total", self._keys_alone).count(self._values, limit)

    def _keys_alone(self, node: Node | None) -> "QuerySet[Employee]":
        keys: Any = self._matching(Employee.objects.present(), node).order_by().values("pk")
        return cast("QuerySet[Employee]", keys)

    def _page(self, count: int, before: int = 0) -> list[Employee]:
        """The people of a page and, when there is one, the first of the next."""
        if before == 0:
            return self._statement("page", self._people).fetch(self._values, count + 1)
        window = {"limit": count + 1, "offset": before}
        return self._statement("deep", self._window).fetch(window | self._values)

    def _window(self, node: Node | None) -> "QuerySet[Employee]":
        """A page in the middle: who is on it is found in an index, and nothing is read of those before."""
        found = Window(self._people(node).values("pk"))
        people = Employee.objects.for_reading().annotate(**self._keys)
        return self._ordered(people.filter(Within(F("pk"), found)))

    def _beyond(self, position: Sequence[Any], count: int) -> list[Employee]:
        """The page of the people behind a position, whoever stood there and has left since."""
        *values, pk = position
        if len(values) < len(self._keys):
            values = list(Employee.objects.annotate(**self._keys).values_list(*self._keys).get(pk=pk))
        stood = {
            name: field.to_python(value) for (name, field), value in zip(self._sorted, values, strict=True)
        }
        statement = self._statement("beyond", lambda node: self._people(node, self._behind))
        return statement.fetch({"pk": pk, **stood, **self._values}, count + 1)

    def _statement(
        self, part: str, queryset: "Callable[[Node | None], QuerySet[Employee]]"
    ) -> Statement[Employee]:
        """The statement for a part of such searches, compiled when the first one of them came."""
        shape, known = self._shape, self.caller.company.statements
        if shape is None:
            return Statement(queryset(self.request.filter), planned=False)
        order = self.request.sort_by and self.request.sort_by.name
        key = (part, self.caller.context, shape.key, order, self._descending)
        statement = known.get(key)
        if statement is None:
            if len(known) >= STATEMENTS:
                known.clear()
            # Where a page in the middle begins is not known to a plan that is made once.
            statement = known[key] = Statement(queryset(shape.node), planned=part != "deep")
        return statement

    @cached_property
    def _shape(self) -> Shape | None:
        return shape_of(self.request.filter)

    @property
    def _values(self) -> dict[str, str]:
        return self._shape.values if self._shape else {}

    def _matching(self, people: "QuerySet[Employee]", node: Node | None) -> "QuerySet[Employee]":
        return people if node is None else people.filter(self.caller.binding.to_q(node))

    def _people(self, node: Node | None, *beyond: Q) -> "QuerySet[Employee]":
        """Those who match, in one total order: descending is the exact reverse of ascending."""
        # Of two bounds on one index SQLite takes the first: the position stands before the filter.
        people = Employee.objects.for_reading().annotate(**self._keys).filter(*beyond)
        return self._ordered(self._matching(people, node))

    def _ordered(self, people: "QuerySet[Employee]") -> "QuerySet[Employee]":
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

    @property
    def _sorted(self) -> "list[tuple[str, Field[Any, Any]]]":
        """What kind of value each sort key is."""
        annotations = Employee.objects.annotate(**self._keys).query.annotations
        return [(name, annotations[name].output_field) for name in self._keys]

    @property
    def _behind(self) -> Q:
        """Those behind a position whose sort keys and primary key are parameters of their names."""
        lookup = db.LessThan if self._descending else db.GreaterThan
        position = [Parameter(name, field) for name, field in (*self._sorted, ("pk", BigAutoField()))]
        return Q(lookup(Row(*map(F, self._keys), F("pk")), Row(*position)))

    def _resources(self, people: Sequence[Employee]) -> list[Document]:
        return [self.request.projection.apply(self.caller.render(person)) for person in people]
