"""The mapping as a file, in the form that an identity provider imports where it has one."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scim.protocol.urns import ENTERPRISE_USER, PEAKON_USER, USER

from .log_export import safe
from .mapping import ENTRA_SOURCES, ENTRA_TYPES, OKTA_TYPES, SCIM_TYPES, WORK_EMAIL, Target, okta_variable
from .models import IdentityProvider

Kind = IdentityProvider.Kind
SAFE_SOURCES: Final = frozenset({"jobTitle", "physicalDeliveryOfficeName"})
"""Which of the suggested sources every schema of Entra ID defines; a mapping from any other fails to save."""


@dataclass(frozen=True)
class File:
    """A download; `imports` says whether the identity provider takes it."""

    name: str
    content_type: str
    content: str
    imports: bool = True


def file_for(kind: IdentityProvider.Kind, targets: list[Target]) -> File:
    """The mapping of these targets for an identity provider of that kind."""
    return _FILES.get(kind, _table)(targets)


def imports_a_file(kind: IdentityProvider.Kind) -> bool:
    return kind in _FILES


def _entra(targets: list[Target]) -> File:
    """The company's attributes as a part of a `synchronizationSchema`, to be merged into one.

    Attribute definitions and mappings as Microsoft Graph documents them (attributeDefinition,
    attributeMapping, objectMapping), nested as in its article on custom target attributes. The whole schema,
    with the identifiers of directories and rules, exists only in the customer's tenant.
    """
    own = [target for target in targets if target.is_own]
    directory = {
        "name": "customappsso",
        "objects": [{"name": ENTERPRISE_USER, "attributes": [_definition(target) for target in own]}],
    }
    mapped = [(target, ENTRA_SOURCES.get(target.fact, "")) for target in own]
    users = {
        "sourceObjectName": "User",
        "targetObjectName": ENTERPRISE_USER,
        "attributeMappings": [
            _mapping(target, source) for target, source in mapped if source in SAFE_SOURCES
        ],
    }
    rule = {
        "name": "USERGROUP_OUTBOUND_USERGROUP",
        "sourceDirectoryName": "Microsoft Entra ID",
        "targetDirectoryName": "customappsso",
        "objectMappings": [users],
    }
    return _json("peakon-entra-schema.json", {"directories": [directory], "synchronizationRules": [rule]})


def _definition(target: Target) -> dict[str, Any]:
    return {
        "anchor": False,
        "caseExact": False,
        "defaultValue": None,
        "flowNullValues": False,
        "multivalued": False,
        "mutability": "ReadWrite",
        "name": target.path,
        "required": False,
        "type": ENTRA_TYPES[target.type],
        "apiExpressions": [],
        "metadata": [],
        "referencedObjects": [],
    }


def _mapping(target: Target, source: str) -> dict[str, Any]:
    return {
        "defaultValue": "",
        "exportMissingReferences": False,
        "flowBehavior": "FlowWhenChanged",
        "flowType": "Always",
        "matchingPriority": 0,
        "targetAttributeName": target.path,
        "source": {"expression": f"[{source}]", "name": source, "type": "Attribute", "parameters": []},
    }


def _okta(targets: list[Target]) -> File:
    """The company's attributes as Okta's Schemas API adds them to the profile of an app.

    The body of `POST /api/v1/meta/schemas/apps/{appId}/default`: custom properties in JSON Schema, with
    the `externalName` and `externalNamespace` of SCIM (Okta Management API, UserSchemaAttribute).
    """
    properties = {
        okta_variable(target): {
            "title": target.label,
            "description": target.description or target.label,
            "type": OKTA_TYPES[target.type],
            "externalName": target.name,
            "externalNamespace": target.urn,
            "required": False,
            "scope": "NONE",
        }
        for target in targets
        if target.is_own
    }
    custom = {"id": "#custom", "type": "object", "properties": properties}
    return _json("peakon-okta-attributes.json", {"definitions": {"custom": custom}})


def _onelogin(targets: list[Target]) -> File:
    """A SCIM JSON Template of OneLogin: a user's document with OneLogin's macros in place of values.

    The macros are those of OneLogin's own examples (`onelogin/scim-server` on GitHub): `{$user.…}`,
    `{$user.custom_fields.…}` and `{$parameters.…}`.
    """
    own = {target.name: f"{{$user.custom_fields.{target.legal_name}}}" for target in targets if target.is_own}
    template = {
        "schemas": [USER, ENTERPRISE_USER, PEAKON_USER],
        "userName": "{$parameters.scimusername}",
        "name": {"givenName": "{$user.firstname}", "familyName": "{$user.lastname}"},
        "displayName": "{$user.display_name}",
        "emails": [{"value": "{$user.email}", "type": "work", "primary": True}],
        ENTERPRISE_USER: {
            "department": "{$parameters.department}",
            "manager": {"value": "{$parameters.external_manager_id}"},
        },
        PEAKON_USER: own,
    }
    return _json("peakon-onelogin-template.json", template)


def _table(targets: list[Target]) -> File:
    """A list of all names for spreadsheets (RFC 4180), with the types of RFC 7643 §2.3."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["Peakon", "SCIM attribute", "Without blanks", "Type", "Matching"])
    for target in targets:
        matching = {"userName": "yes", WORK_EMAIL: "possible"}.get(target.name, "")
        cells = (target.label, target.path, target.strict_path, SCIM_TYPES[target.type], matching)
        rows.writerow(map(safe, cells))
    return File("peakon-attributes.csv", "text/csv; charset=utf-8", text.getvalue(), imports=False)


def _json(name: str, document: dict[str, Any]) -> File:
    return File(name, "application/json", json.dumps(document, indent=2, ensure_ascii=False) + "\n")


_FILES: Final[Mapping[IdentityProvider.Kind, Callable[[list[Target]], File]]] = {
    Kind.ENTRA: _entra,
    Kind.OKTA: _okta,
    Kind.ONELOGIN: _onelogin,
}
