"""Querysets that are compiled once, and run with other values ever after."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from threading import Lock
from typing import Any, Final, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models import Expression, Field, Func, QuerySet
from django.db.models.base import ModelState

from .planning import Planned

M = TypeVar("M", bound=models.Model)
Row = Sequence[Any]


class Parameter(Expression):
    """The place of a value in a `Statement`.

    Args:
        name: by which `Statement.fetch` takes the value.
        output_field: what kind of value it is.
        forms: what becomes of the value on its way to the database, the first one first.
    """

    def __init__(
        self, name: str, output_field: Field[Any, Any], forms: tuple[Callable[[Any], Any], ...] = ()
    ) -> None:
        super().__init__(output_field=output_field)
        self.name = name
        self.forms = forms

    def through(self, form: Callable[[Any], Any]) -> "Parameter":
        """The same value in another form."""
        return Parameter(self.name, self.output_field, (*self.forms, form))

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]

    def of(self, value: Any, connection: Any) -> Any:
        """A value as the database takes it."""
        for form in self.forms:
            value = form(value)
        return self.output_field.get_db_prep_value(value, connection)


class Several(Parameter):
    """The place of any number of values."""

    def of(self, value: Iterable[Any], connection: Any) -> Any:
        values = [super(Several, self).of(item, connection) for item in value]
        return values if connection.vendor == "postgresql" else json.dumps(values)


class Among(Func):
    """Whether an expression is one of several values; `IN` is another statement for each number of them.

    Args:
        expressions: what is looked up, and a `Several`.
    """

    output_field = models.BooleanField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="%(expressions)s)", arg_joiner=" = ANY(", **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template, joiner = "%(expressions)s))", " IN (SELECT value FROM json_each("
        return self.as_sql(compiler, connection, template=template, arg_joiner=joiner, **context)


class Window(Expression):
    """As many rows of a queryset of keys as the parameter `limit` says, from `offset` on."""

    output_field = models.BigAutoField()

    def __init__(self, keys: QuerySet[Any, Any]) -> None:
        super().__init__()
        self.keys = keys
        self.bounds = [Parameter(name, models.IntegerField()) for name in ("limit", "offset")]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        sql, parameters = self.keys.query.get_compiler(connection=connection).as_sql()
        return f"{sql} LIMIT %s OFFSET %s", [*parameters, *self.bounds]


class Within(Func):
    """Whether an expression is one of a `Window`."""

    output_field = models.BooleanField()
    template = "%(expressions)s)"
    arg_joiner = " IN ("


class Statement(Generic[M]):
    """A queryset with a `Parameter` wherever its runs differ.

    Django has no such thing: it builds the same SQL again at every run, which takes several times as long as
    the database needs for an answer.

    Args:
        queryset: of whole rows, with `only`, `select_related` and `annotate` as it likes.
        planned: the database may plan it once (see `Planned`).
    """

    def __init__(self, queryset: QuerySet[M], *, planned: bool = True) -> None:
        self._queryset = queryset
        self._kind = Planned if planned else str
        self._selects: dict[str, _Select] = {}

    def fetch(self, values: Mapping[str, Any], limit: int | None = None) -> list[M]:
        """The instances that the queryset has, given a value for each of its parameters; at most so many."""
        connection, select = self._selected()
        return select.instances(connection, values, limit)

    def keys(self, values: Mapping[str, Any]) -> list[Any]:
        """The first column of the rows, for a queryset of values that need no conversion."""
        connection, select = self._selected()
        return select.keys(connection, values)

    def count(self, values: Mapping[str, Any], limit: int | None = None) -> int:
        """How many rows the queryset has, given the same; counting ends at the limit.

        Its rows should be no more than keys, in no order: databases make them all the same.
        """
        connection, select = self._selected()
        return select.count(connection, values, limit)

    def _selected(self) -> "tuple[Any, _Select]":
        connection = connections[self._queryset.db]
        select = self._selects.get(connection.alias)
        if select is None:
            with _compiling:
                select = self._selects.get(connection.alias)
                if select is None:
                    select = _Select(self._queryset, connection, self._kind)
                    self._selects[connection.alias] = select
        return connection, select


# Django counts in the query itself which tables it still needs: two threads at it leave some of them out.
_compiling: Final = Lock()

COUNT: Final = "SELECT COUNT(*) FROM (%s) AS counted"


class _Sql:
    """The forms of a SELECT that its runs need."""

    def __init__(self, sql: str, kind: type[str]) -> None:
        self._sql, self._kind = sql, kind
        self._rows: dict[int | None, str] = {None: kind(sql)}

    def rows(self, limit: int | None) -> str:
        """A limit stands in the SQL itself: a plan for any limit is a poor one."""
        if limit not in self._rows:
            self._rows[limit] = self._kind(f"{self._sql} LIMIT {limit}")
        return self._rows[limit]

    def total(self, limit: int | None) -> str:
        return self._kind(COUNT.replace("%s", self.rows(limit), 1))


class _Select:
    """What Django made of a queryset for one database."""

    _sql: _Sql | None

    def __init__(self, queryset: QuerySet[Any, Any], connection: Any, kind: type[str]) -> None:
        compiler = queryset.query.get_compiler(connection=connection)
        try:
            sql, self._parameters = compiler.as_sql()
        except EmptyResultSet:
            self._sql = None
            return
        self._sql = _Sql(sql, kind)
        selected = [expression for expression, *_ in compiler.select or ()]
        self._converters = [
            (position, converter, expression)
            for position, (converters, expression) in compiler.get_converters(selected).items()
            for converter in converters
        ]
        if compiler.klass_info is not None:
            self._model = _Model(compiler.klass_info, selected)
        self._annotations = list((compiler.annotation_col_map or {}).items())

    def instances(self, connection: Any, values: Mapping[str, Any], limit: int | None) -> list[Any]:
        if self._sql is None:
            return []
        found = self._run(connection, self._sql.rows(limit), values)
        return [self._instance(row, connection) for row in found]

    def keys(self, connection: Any, values: Mapping[str, Any]) -> list[Any]:
        if self._sql is None:
            return []
        return [key for key, *_ in self._run(connection, self._sql.rows(None), values)]

    def count(self, connection: Any, values: Mapping[str, Any], limit: int | None) -> int:
        if self._sql is None:
            return 0
        return int(self._run(connection, self._sql.total(limit), values)[0][0])

    def _run(self, connection: Any, sql: str, values: Mapping[str, Any]) -> list[Row]:
        parameters = [
            each.of(values[each.name], connection) if isinstance(each, Parameter) else each
            for each in self._parameters
        ]
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            rows: list[Row] = cursor.fetchall()
        return rows

    def _instance(self, found: Row, connection: Any) -> Any:
        row = list(found)
        for position, converter, expression in self._converters:
            row[position] = converter(row[position], expression, connection)
        instance = self._model.instance(row, connection.alias)
        for name, position in self._annotations:
            setattr(instance, name, row[position])
        return instance


class _Model:
    """Where in a row the fields of a model stand, and those of the models that come along with it."""

    def __init__(self, klass_info: dict[str, Any], selected: Sequence[Any]) -> None:
        positions = klass_info["select_fields"]
        self._class = klass_info["model"]
        self._names = [selected[position].target.attname for position in positions]
        self._values = itemgetter(*positions)
        self._pk = positions[self._names.index(self._class._meta.pk.attname)]
        self._related = [
            (related["local_setter"], _Model(related, selected))
            for related in klass_info.get("related_klass_infos", ())
        ]

    def instance(self, row: Row, using: str) -> Any:
        """A row as an instance, made the way pickle does; None where an outer join found nothing."""
        if row[self._pk] is None:
            return None
        instance = self._class.__new__(self._class)
        instance._state = state = ModelState()
        state.adding, state.db = False, using
        instance.__dict__.update(zip(self._names, self._values(row), strict=True))
        for set_related, model in self._related:
            set_related(instance, model.instance(row, using))
        return instance
