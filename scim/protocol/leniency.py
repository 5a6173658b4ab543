"""What single clients send that no rule of reading covers: raw JSON in, repaired raw JSON out."""

from typing import Any

from .attributes import name_key


def repair_patch(body: Any) -> Any:
    """A PATCH body as RFC 7644 §3.5.2 has it; what cannot be repaired is left for the parser to refuse."""
    return _single_operation(body)


def repair_resource(body: Any) -> Any:
    """A POST or PUT body as RFC 7643 has it; what cannot be repaired is left for the parser to refuse."""
    return _doubled_names(body)


def _single_operation(body: Any) -> Any:
    """Scripts ("any system supporting SCIM"): `Operations` is the one operation, not a list of it."""
    if not isinstance(body, dict):
        return body
    return {
        name: [value] if name_key(name) == "operations" and isinstance(value, dict) else value
        for name, value in body.items()
    }


def _doubled_names(body: Any) -> Any:
    """Connectors written from Peakon's own example send `name.firstName` beside RFC 7643's `givenName`.

    Alone it is an alias; beside the registered name it would be the same attribute twice, so that one wins.
    """
    if not isinstance(body, dict):
        return body
    return {
        name: _registered_names(value) if name_key(name) == "name" and isinstance(value, dict) else value
        for name, value in body.items()
    }


def _registered_names(name: dict[str, Any]) -> dict[str, Any]:
    present = {name_key(key) for key in name}
    doubled = {old for old, new in _PEAKON_NAMES.items() if new in present}
    return {key: value for key, value in name.items() if name_key(key) not in doubled}


_PEAKON_NAMES = {"firstname": "givenname", "lastname": "familyname"}
