"""What the service provider says of itself: its configuration, resource types and schemas (RFC 7644 §4)."""

from typing import Any

from . import cursors
from .protocol import urns
from .protocol.attributes import ResourceType, Schema
from .protocol.messages import list_response

DEFAULT_COUNT = 100
MAX_RESULTS = 200
MAX_OPERATIONS = 1_000
MAX_PAYLOAD = 5 * 1024 * 1024


def service_provider_config(base_url: str) -> dict[str, Any]:
    """The ServiceProviderConfig resource (RFC 7643 §5, RFC 9865 §4)."""
    return {
        "schemas": [urns.SERVICE_PROVIDER_CONFIG],
        "patch": {"supported": True},
        "bulk": {"supported": True, "maxOperations": MAX_OPERATIONS, "maxPayloadSize": MAX_PAYLOAD},
        "filter": {"supported": True, "maxResults": MAX_RESULTS},
        "changePassword": {"supported": False},
        "sort": {"supported": True},
        "pagination": {
            "cursor": True,
            "index": True,
            "defaultPaginationMethod": "index",
            "defaultPageSize": DEFAULT_COUNT,
            "maxPageSize": MAX_RESULTS,
            "cursorTimeout": cursors.TIMEOUT,
        },
        "etag": {"supported": True},
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "OAuth Bearer Token",
                "description": "The token that an administrator issues on the Employee provisioning page.",
                "specUri": "https://www.rfc-editor.org/rfc/rfc6750",
                "primary": True,
            }
        ],
        "meta": {"resourceType": "ServiceProviderConfig", "location": f"{base_url}/ServiceProviderConfig"},
    }


def resource_type(described: ResourceType, base_url: str) -> dict[str, Any]:
    """The ResourceType resource (RFC 7643 §6)."""
    return {
        "schemas": [urns.RESOURCE_TYPE],
        "id": described.name,
        "name": described.name,
        "endpoint": described.endpoint,
        "description": described.description,
        "schema": described.schema.urn,
        "schemaExtensions": [
            {"schema": extension.urn, "required": False} for extension in described.extensions
        ],
        "meta": {"resourceType": "ResourceType", "location": f"{base_url}/ResourceTypes/{described.name}"},
    }


def schema(described: Schema, base_url: str) -> dict[str, Any]:
    """The Schema resource (RFC 7643 §7)."""
    meta = {"resourceType": "Schema", "location": f"{base_url}/Schemas/{described.urn}"}
    return described.describe() | {"meta": meta}


def listed(resources: list[dict[str, Any]]) -> dict[str, Any]:
    """All of them in one ListResponse; discovery endpoints are never paged (RFC 7644 §4)."""
    return list_response(resources, len(resources), 1)
