"""The database expressions in which sources are compared: text that is never null, ordered by code point."""

from typing import Any

from django.db.models import BigIntegerField, Case, Expression, F, FloatField, Func, Q, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Concat, Replace

from employees.facts import EXTERNAL_ID

from .protocol.attributes import Attribute, Type
from .sources import (
    Column,
    Context,
    Element,
    ExternalId,
    Fixed,
    Identifier,
    Location,
    ManagerPart,
    Number,
    Profile,
    Version,
)

MOMENT_END = "z"
EMPTY = Value("", output_field=TextField())


class UuidText(Func):
    """A UUID column as its canonical text; SQLite stores the 32 digits alone."""

    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s)::text", **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        sql, parameters = compiler.compile(self.source_expressions[0])
        cuts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
        pieces = " || '-' || ".join(f"substr({sql}, {start}, {length})" for start, length in cuts)
        return f"({pieces})", [*parameters] * len(cuts)


class ByCodePoint(Func):
    """Text compared by code point on PostgreSQL, whatever the database's own collation, as SQLite does."""

    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template='(%(expressions)s) COLLATE "C"', **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s)", **context)


class JsonNumber(Func):
    """The text of a JSON number as a number; SQLite's JSON functions return numbers already."""

    def __init__(self, *expressions: Any, whole: bool = False, **extra: Any) -> None:
        super().__init__(*expressions, **extra)
        self.extra["type"] = "bigint" if whole else "double precision"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s)::%(type)s", **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s)", **context)


def _sortable(moment: Expression) -> Expression:
    """A moment without its end, so that a fraction of a second sorts behind the whole one."""
    return ByCodePoint(Replace(moment, Value(MOMENT_END), EMPTY))


def json_text(json_column: str, key: str) -> Expression:
    """The text under a key of a JSON column, "" where there is none."""
    return ByCodePoint(Coalesce(KeyTextTransform(key, json_column), EMPTY))


def text_of(attribute: Attribute, context: Context) -> Expression | F:
    """The attribute's text on the row where it lives, "" where there is none.

    Folded unless the attribute is caseExact, so that both sides of a comparison are.
    """
    source = attribute.source
    exact = attribute.case_exact
    match source:
        case Column():
            return F(column_name(source, exact=exact))
        case Identifier():
            return ByCodePoint(UuidText(source.field))
        case Profile():
            text = json_text("profile" if exact else "profile_folded", source.fact)
            return _sortable(text) if attribute.type is Type.DATETIME else text
        case Element():
            return json_text("raw" if exact else "folded", attribute.name)
        case ExternalId():
            return json_text("external_ids", context.provider)
        case ManagerPart():
            return _manager_text(source.part, context)
        case Fixed():
            return Value(source.value, output_field=TextField())
        case Location():
            return _location("uuid", context)
        case Version():
            number = Cast("version", TextField())
            return ByCodePoint(Concat(Value('W/"'), number, Value('"'), output_field=TextField()))
    raise TypeError(f"{attribute.name} has no text of its own")


def number_of(source: Number, attribute: Attribute) -> Expression:
    """The number of an attribute, NULL where there is none."""
    whole = attribute.type is Type.INTEGER
    output_field = BigIntegerField() if whole else FloatField()
    return JsonNumber(KeyTextTransform(source.fact, "profile"), whole=whole, output_field=output_field)


def column_name(source: Column, *, exact: bool) -> str:
    """The column to compare: the folded shadow unless the attribute is caseExact."""
    return source.field if exact or not source.folded else source.folded


def external_id_name(context: Context) -> str:
    """The name under which the asking provider's external ids are indexed."""
    return EXTERNAL_ID + context.provider


def _location(field: str, context: Context) -> Expression:
    prefix = Value(f"{context.base_url}/Users/", output_field=TextField())
    return ByCodePoint(Concat(prefix, UuidText(field), output_field=TextField()))


def _manager_text(part: str, context: Context) -> Expression:
    if part == "value":
        return ByCodePoint(Coalesce(UuidText("manager__uuid"), F("manager_awaited_key")))
    if part == "$ref":
        bound = When(Q(manager__isnull=False), then=_location("manager__uuid", context))
        return Case(bound, default=EMPTY, output_field=TextField())
    return Coalesce(F("manager__display_name_key"), EMPTY)
