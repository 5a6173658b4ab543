"""The provisioning log as a file, written as it is read: CSV without formulas, or JSON."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from django.core.serializers.json import DjangoJSONEncoder

from .explanations import explain
from .log_filters import Search
from .models import IdentityProvider, LogEntry

BATCH: Final = 1_000
FORMULA: Final = (*"=+-@\t\r\n", *"\uff1d\uff0b\uff0d\uff20")
"""What a spreadsheet takes for the beginning of a formula, full-width signs too (OWASP, CSV Injection)."""

PEOPLE: Final = ("employee", "subject")
"""Columns for those alone who may see employees."""

COLUMNS: Final = (
    *("when", "identity_provider", "outcome", "held", *PEOPLE, "method", "path", "in_bulk", "status"),
    *("scim_type", "detail", "explanation", "request"),
)


class _Lines:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_of(records: Iterable[dict[str, Any]], columns: Iterable[str]) -> Iterator[str]:
    """The lines of a CSV file (RFC 4180) with a header."""
    # Spreadsheets read a file that begins with a byte order mark as UTF-8.
    yield "\ufeff"
    write = csv.writer(_Lines()).writerow
    columns = list(columns)
    yield write(columns)
    for record in records:
        yield write([safe(_text(record[column])) for column in columns])


def json_of(records: Iterable[dict[str, Any]], columns: Iterable[str]) -> Iterator[str]:
    """A JSON array, an object a line."""
    columns = list(columns)
    before = "[\n"
    for record in records:
        yield before + json.dumps(
            {column: record[column] for column in columns}, cls=DjangoJSONEncoder, ensure_ascii=False
        )
        before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"


Format = Callable[[Iterable[dict[str, Any]], Iterable[str]], Iterator[str]]
FORMATS: Final[Mapping[str, tuple[str, Format]]] = {
    "csv": ("text/csv; charset=utf-8", csv_of),
    "json": ("application/json", json_of),
}
"""The media type of each format, and what writes it."""


def columns(*, people: bool) -> list[str]:
    return [column for column in COLUMNS if people or column not in PEOPLE]


def records(search: Search, providers: Mapping[int, IdentityProvider]) -> Iterator[dict[str, Any]]:
    """The entries of a search by the names in `COLUMNS`, read by a query for each thousand."""
    for entries in search.pages(BATCH):
        yield from (_record(entry, providers[entry.identity_provider_id]) for entry in entries)


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _record(entry: LogEntry, provider: IdentityProvider) -> dict[str, Any]:
    refused = entry.outcome == LogEntry.Outcome.REFUSED
    return {
        "when": entry.at,
        "identity_provider": provider.name,
        "outcome": entry.outcome,
        "held": entry.held,
        "employee": entry.employee.user_name if entry.employee else None,
        "subject": entry.subject,
        "method": entry.method,
        "path": entry.target,
        "in_bulk": entry.in_bulk,
        "status": entry.status,
        "scim_type": entry.scim_type,
        "detail": entry.detail,
        "explanation": explain(entry, provider.kind).title if refused else "",
        "request": entry.request,
    }


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case dict() | list():
            return json.dumps(value, ensure_ascii=False)
    return str(value)
