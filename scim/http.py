"""SCIM over HTTP: bodies in, documents out, and every failure as an Error message (RFC 7644 §3.8, §3.12)."""

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NoReturn

import orjson
from django.core.exceptions import DisallowedHost, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from rest_framework import exceptions

from .protocol import errors

logger = logging.getLogger(__name__)

BODY_LIMIT = 1024 * 1024
DEPTH_LIMIT = 32
SCIM_JSON = "application/scim+json"
JSON = "application/json"


def json_response(
    document: Any, status: int = 200, headers: Mapping[str, str] | None = None, media_type: str = SCIM_JSON
) -> HttpResponse:
    """A document as an answer."""
    return HttpResponse(orjson.dumps(document), media_type, status, headers=headers)


def empty_response(status: HTTPStatus, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """An answer without content, and so without a type of it."""
    response = HttpResponse(status=status, headers=headers)
    del response.headers["Content-Type"]
    return response


def negotiate(accept: str) -> str:
    """The media type for an Accept header: SCIM's own unless the client asks for plain JSON alone.

    Raises:
        NotAcceptable: the client takes neither.
    """
    accepted = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    if accepted == [""] or {SCIM_JSON, "application/*", "*/*"} & set(accepted):
        return SCIM_JSON
    if JSON in accepted:
        return JSON
    raise errors.NotAcceptable(f"Answers here are {SCIM_JSON} or {JSON}; the Accept header allows neither.")


def read_json(request: HttpRequest, limit: int = BODY_LIMIT) -> Any:
    """The JSON body of a request.

    Raises:
        UnsupportedMediaType: the content type is neither JSON type, or its charset is not UTF-8.
        TooLarge: beyond `limit` bytes.
        InvalidSyntax: not JSON, not UTF-8, names repeated, or nested deeper than `DEPTH_LIMIT`.
    """
    _check_content_type(request.META.get("CONTENT_TYPE", ""))
    body = _read(request, limit)
    try:
        # Some .NET clients put a byte order mark before their JSON.
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise errors.InvalidSyntax(
            f"The body is not UTF-8: byte {error.start} does not belong there."
        ) from None
    if not text.strip():
        raise errors.InvalidSyntax("The body is empty; a JSON object was expected.")
    try:
        document = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise errors.InvalidSyntax(
            f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from None
    except RecursionError:
        raise errors.InvalidSyntax(_TOO_DEEP) from None
    except ValueError as error:
        # Python refuses integers of more than 4,300 digits.
        raise errors.InvalidSyntax("The body holds a number with too many digits.") from error
    _check_depth(document)
    return document


def error_response(error: Exception) -> HttpResponse:
    """The answer to anything that went wrong in a SCIM request."""
    problem = problem_of(error)
    response = json_response(problem.document(), problem.status)
    if isinstance(problem, errors.Unauthorized):
        response["WWW-Authenticate"] = problem.challenge
    if isinstance(problem, errors.TooManyRequests | errors.Unavailable):
        response["Retry-After"] = str(problem.retry_after)
    return response


def problem_of(error: Exception) -> errors.ScimError:
    """Anything that went wrong as the SCIM error that says so."""
    match error:
        case errors.ScimError():
            return error
        case exceptions.MethodNotAllowed():
            return errors.MethodNotAllowed(
                f"{error.detail} The Allow header names the methods of this endpoint."
            )
        case DisallowedHost():
            return errors.ScimError(
                "This host name is not one of the site's; ask its operator for ALLOWED_HOSTS."
            )
        case SuspiciousOperation():
            return errors.ScimError("The address has more parameters than any request needs; send fewer.")
        case OperationalError() | InterfaceError():
            logger.error("The database did not answer a SCIM request: %s", type(error).__name__)
            return errors.Unavailable(
                "The database cannot be reached at the moment; send the request again later."
            )
    logger.error("A SCIM request failed unexpectedly", exc_info=error)
    return errors.Internal("Something went wrong here; the operator of this site finds the cause in its log.")


def _check_content_type(content_type: str) -> None:
    media_type, *parameters = (part.strip().lower() for part in content_type.split(";"))
    if media_type not in ("", SCIM_JSON, JSON):
        raise errors.UnsupportedMediaType(f"The body must be {SCIM_JSON} or {JSON}, not {media_type[:100]}.")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip("\"'") not in ("utf-8", "utf8", "us-ascii"):
            raise errors.UnsupportedMediaType("The body must be encoded in UTF-8.")


def _read(request: HttpRequest, limit: int) -> bytes:
    """The body's bytes; Django's own reader takes a chunked body for an empty one."""
    if "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
        body = request.META["wsgi.input"].read(limit + 1)
    else:
        length = request.META.get("CONTENT_LENGTH") or "0"
        body = b" " * (limit + 1) if int(length) > limit else request.read(limit + 1)
    if len(body) > limit:
        raise errors.TooLarge(f"The body exceeds {limit} bytes; send less at a time.")
    return bytes(body)


_TOO_DEEP = f"The body is nested deeper than {DEPTH_LIMIT} levels."


def _no_constant(name: str) -> NoReturn:
    raise errors.InvalidSyntax(f"The body holds {name}, which is not JSON.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise errors.InvalidSyntax(f"The body names {json.dumps(repeated[:100])} twice in one object.")
    return members


def _check_depth(document: Any) -> None:
    level = [document]
    for _ in range(DEPTH_LIMIT):
        level = [
            child
            for value in level
            if isinstance(value, dict | list)
            for child in (value.values() if isinstance(value, dict) else value)
        ]
        if not level:
            return
    raise errors.InvalidSyntax(_TOO_DEEP)
