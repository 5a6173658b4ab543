"""One exception for each way a SCIM request can fail (RFC 7644 §3.12)."""

from typing import Any, ClassVar

from . import urns


class ScimError(Exception):
    """The root of every SCIM error.

    Args:
        detail: one sentence for the client's administrator: what was wrong and what would be right.
    """

    status: ClassVar[int] = 400
    scim_type: ClassVar[str] = ""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail

    def document(self) -> dict[str, Any]:
        """The Error message of RFC 7644 §3.12; `status` is a string there."""
        document: dict[str, Any] = {"schemas": [urns.ERROR], "status": str(self.status)}
        if self.scim_type:
            document["scimType"] = self.scim_type
        document["detail"] = self.detail
        return document


class InvalidFilter(ScimError):
    """The filter syntax or an attribute in it is not supported."""

    scim_type = "invalidFilter"


class TooMany(ScimError):
    """A filter that takes more work than a request may cause (RFC 7644 §3.12)."""

    status = 400
    scim_type = "tooMany"


class InvalidSyntax(ScimError):
    """The request body does not have the structure of its message."""

    scim_type = "invalidSyntax"


class InvalidPath(ScimError):
    """The path of a PATCH operation is malformed."""

    scim_type = "invalidPath"


class UnknownAttribute(ScimError):
    """A well-formed name that the schema does not declare.

    Args:
        name: the name as it came, without its URN.
        schema_urn: the URN it was looked up under; the core schema's when it came without one.
    """

    scim_type = "invalidPath"

    def __init__(self, name: str, schema_urn: str) -> None:
        super().__init__(f'The schema {schema_urn} has no attribute "{name[:100]}".')
        self.name = name
        self.schema_urn = schema_urn


class NoTarget(ScimError):
    """The path of a PATCH operation selects nothing that could be changed."""

    scim_type = "noTarget"


class InvalidValue(ScimError):
    """A required value is missing, or a value is not compatible with its attribute."""

    scim_type = "invalidValue"


class Mutability(ScimError):
    """The modification is not compatible with the attribute's mutability."""

    scim_type = "mutability"


class InvalidCursor(ScimError):
    """A cursor that was not given out for this search (RFC 9865 §2.1)."""

    scim_type = "invalidCursor"


class ExpiredCursor(ScimError):
    """A cursor that waited longer than the advertised `cursorTimeout` (RFC 9865 §2.1)."""

    scim_type = "expiredCursor"


class InvalidCount(ScimError):
    """A `count` that a search by cursor cannot take (RFC 9865 §2.1)."""

    scim_type = "invalidCount"


class Unauthorized(ScimError):
    """No bearer token, or one that opens nothing.

    Args:
        error: the code of RFC 6750 §3.1 when a token was sent, "" otherwise.
    """

    status = 401

    def __init__(self, detail: str, error: str = "") -> None:
        super().__init__(detail)
        self.error = error

    @property
    def challenge(self) -> str:
        """The value of `WWW-Authenticate` (RFC 6750 §3)."""
        return f'Bearer realm="SCIM", error="{self.error}"' if self.error else 'Bearer realm="SCIM"'


class Forbidden(ScimError):
    """The token is good, but what it asks for is switched off."""

    status = 403


class NotFound(ScimError):
    """No such resource or endpoint."""

    status = 404


class MethodNotAllowed(ScimError):
    """The endpoint exists and does not take this method."""

    status = 405


class NotAcceptable(ScimError):
    """The client accepts none of the media types spoken here."""

    status = 406


class Uniqueness(ScimError):
    """A value that must be unique is in use."""

    status = 409
    scim_type = "uniqueness"


class Conflict(ScimError):
    """What the request needs has not come about."""

    status = 409


class PreconditionFailed(ScimError):
    """The resource has another version than the client expects."""

    status = 412


class TooLarge(ScimError):
    """The request body exceeds the limit."""

    status = 413


class UnsupportedMediaType(ScimError):
    """The request body is not JSON."""

    status = 415


class TooManyRequests(ScimError):
    """The identity provider sends more than its share (RFC 6585 §4).

    Args:
        retry_after: in how many whole seconds the same request will be taken.
    """

    status = 429

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Internal(ScimError):
    """A defect of the service provider."""

    status = 500


class NotImplementedHere(ScimError):
    """The operation is part of RFC 7644 and not of this service provider."""

    status = 501


class Unavailable(ScimError):
    """The database cannot be reached; the same request may succeed in a moment."""

    status = 503
    retry_after: ClassVar[int] = 5
