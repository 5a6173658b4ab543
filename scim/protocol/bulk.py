"""The BulkRequest and BulkResponse messages (RFC 7644 §3.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from . import urns
from .attributes import name_key
from .bodies import require_object
from .errors import InvalidSyntax, InvalidValue, ScimError, TooLarge
from .scalars import parse_integer
from .values import kind, texts_in

REFERENCE: Final = "bulkId:"
"""What a text begins with that stands for the id of a resource that the same request creates."""


@dataclass(frozen=True)
class BulkOperation:
    """One operation as it came; `version` is an entity tag, None when the client has no condition."""

    method: str
    path: str
    bulk_id: str = ""
    version: str | None = None
    data: Any = None


@dataclass(frozen=True)
class BulkRequest:
    """Operations in the order in which they take effect; `fail_on_errors` is 0 for however many errors."""

    operations: tuple[BulkOperation, ...]
    fail_on_errors: int = 0


def parse_bulk(body: Any, max_operations: int) -> BulkRequest:
    """The operations of a BulkRequest.

    Raises:
        InvalidSyntax: there is no list of operations, or one of them is no object with a method and a path.
        InvalidValue: failOnErrors is no whole number.
        TooLarge: there are more than `max_operations`.
    """
    members = _by_key(require_object(body, "A bulk request"))
    listed = members.get("operations")
    if not isinstance(listed, list):
        raise InvalidSyntax("A bulk request has Operations, a list of objects with a method and a path.")
    if len(listed) > max_operations:
        raise TooLarge(
            f"The bulk request has {len(listed):,} operations; at most {max_operations:,} are taken at once."
        )
    operations = tuple(_operation(item, f"Operations[{index}]") for index, item in enumerate(listed))
    _refuse_twins(operations)
    return BulkRequest(operations, _fail_on_errors(members.get("failonerrors")))


def bulk_response(operations: list[dict[str, Any]]) -> dict[str, Any]:
    """The BulkResponse message."""
    return {"schemas": [urns.BULK_RESPONSE], "Operations": operations}


def outcome(
    operation: BulkOperation,
    status: int,
    location: str = "",
    version: str = "",
    error: ScimError | None = None,
) -> dict[str, Any]:
    """What became of an operation, as a member of the BulkResponse; `status` is a string there."""
    described = {
        "method": operation.method,
        "bulkId": operation.bulk_id,
        "location": location,
        "version": version,
        "status": str(status),
        "response": error.document() if error else None,
    }
    return {name: value for name, value in described.items() if value}


def bulk_ids_in(data: Any) -> set[str]:
    """The bulkIds that a JSON value refers to."""
    return {text.removeprefix(REFERENCE) for text in texts_in(data) if text.startswith(REFERENCE)}


def with_ids(data: Any, ids: Mapping[str, str]) -> Any:
    """A JSON value with the id in place of every reference to a bulkId."""
    if isinstance(data, str):
        return ids[data.removeprefix(REFERENCE)] if data.startswith(REFERENCE) else data
    if isinstance(data, Mapping):
        return {name: with_ids(value, ids) for name, value in data.items()}
    return [with_ids(item, ids) for item in data] if isinstance(data, list) else data


def _operation(item: Any, where: str) -> BulkOperation:
    members = _by_key(require_object(item, where))
    texts = {name: members.get(name) for name in ("method", "path", "bulkid", "version")}
    for name, text in texts.items():
        if text is not None and not isinstance(text, str):
            raise InvalidSyntax(f"{where}: {_SPELLING.get(name, name)} must be a string, not {kind(text)}.")
    if not texts["method"] or not texts["path"]:
        raise InvalidSyntax(f"{where} needs a method and a path.")
    return BulkOperation(
        texts["method"].upper(),
        texts["path"],
        texts["bulkid"] or "",
        texts["version"] or None,
        members.get("data"),
    )


def _refuse_twins(operations: tuple[BulkOperation, ...]) -> None:
    seen: set[str] = set()
    for operation in operations:
        if operation.bulk_id and operation.method == "POST":
            if operation.bulk_id in seen:
                raise InvalidSyntax(f'Two operations have the bulkId "{operation.bulk_id[:100]}".')
            seen.add(operation.bulk_id)


def _fail_on_errors(value: Any) -> int:
    number = 0 if value is None else parse_integer(value)
    if number is None:
        raise InvalidValue("failOnErrors must be a whole number: how many errors end the bulk request.")
    return max(number, 0)


def _by_key(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name_key(name): value for name, value in members.items()}


_SPELLING: Final = {"bulkid": "bulkId"}
